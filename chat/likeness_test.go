package chat

import (
	"testing"
)

// A name that could pass for another's is refused, whatever it is made of; names that people tell apart are not.
func TestNamesThatLookAlike(t *testing.T) {
	c := mustOpen(t, Options{})
	other := mustSignIn(t, c, "Other")
	for _, name := range []string{"Alice Noel", "Ada", "Marnie", "IAN", "bob", "O'Neil", "Zoë"} {
		mustSignIn(t, c, name)
	}
	for _, name := range []string{
		"AIice NoeI", "Alice N0el", "A1ice Noel", "a1ice n0el", "Аlice NоeI", "\ua4eeda", "\u13aada", "А\u0501а", "\U0001d400da", "Mamie", "mamie", "MAMIE",
		"lan", "1AN", "Ian", "b0b", "\ua4d0ob", "O’NeiI", "0'Neil", "OʼNeil", "Z0ë", "Zo\u0435\u0308",
	} {
		_, err := c.SignIn(t.Context(), name)
		wantFault(t, err, "name", name)
		_, err = c.Rename(t.Context(), other, name)
		wantFault(t, err, "name", name)
	}
	wantFault(t, c.SetProfile(t.Context(), other, Profile{User: User{Handle: "b0b"}}), "handle", "b0b")
	for _, name := range []string{"Alicia Noel", "Adam", "Marie", "Neil", "Nell", "Zoe", "Mia", "Ali", "Max", "Bo", "Bob 2", "Bob 3"} {
		mustSignIn(t, c, name)
	}
}

// Names that are there already go on working, alike or not, and so do those whose rules for a key have changed.
func TestOldNamesThatLookAlike(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	marnie, other, hawaii := mustSignIn(t, c, "Marnie"), mustSignIn(t, c, "Other"), mustSignIn(t, c, "Hawaii")
	ch := mustChannel(t, c, other, "What is up", Public)
	mustExec(t, c, `UPDATE users SET name = 'Mamie', name_key = 'mamie' WHERE id = $1`, other.ID)
	mustExec(t, c, `UPDATE users SET name = 'Kaʻena', name_key = 'kaʻena' WHERE id = $1`, hawaii.ID)
	mustExec(t, c, `UPDATE channels SET name = 'What’s up', name_key = 'what’s up' WHERE id = $1`, ch.ID)
	mustExec(t, c, `DELETE FROM likenesses`)
	mustExec(t, c, `DELETE FROM settings WHERE key = 'likenesses'`)
	must(t, c.Close())

	c = mustOpen(t, Options{Path: path})
	_, err := c.SignIn(t.Context(), "rnamie")
	wantFault(t, err, "name", "rnamie")
	other.Name = "Mamie"
	for _, a := range []Actor{other, marnie} {
		if got, err := c.mentioned(t.Context(), hawaii, "@"+a.Name); err != nil || len(got) != 1 || got[0] != a.ID {
			t.Error(a.Name, got, err)
		}
	}
	if _, err := c.Rename(t.Context(), other, "MAMIE"); err != nil {
		t.Error("one's own name in other letters:", err)
	}
	if got, err := c.mentioned(t.Context(), marnie, "@Ka'ena"); err != nil || len(got) != 1 || got[0] != hawaii.ID {
		t.Error("a key of earlier rules:", got, err)
	}
	_, err = c.CreateChannel(t.Context(), marnie, "what's up")
	wantFault(t, err, "name", "what's up")
	must(t, c.Close())
}
