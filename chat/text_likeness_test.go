package chat

import (
	"strings"
	"testing"
)

// A name that could pass for another user's is refused, whatever it is made of; names that people can tell apart are
// not.
func TestNamesThatLookAlike(t *testing.T) {
	c := mustOpen(t, Options{})
	other := mustSignIn(t, c, "Other")
	for _, name := range []string{"Alice Noel", "Ada", "Marnie", "IAN", "bob", "O'Neil", "Zoë", "Will", "Maria Isabel",
		"Adam"} {
		mustSignIn(t, c, name)
	}
	for _, name := range []string{
		"AIice NoeI", "Alice N0el", "A1ice Noel", "a1ice n0el", "Аlice NоeI", "\ua4eeda", "\u13aada", "А\u0501а",
		"\U0001d400da", "Mamie", "mamie", "MAMIE",
		"lan", "1AN", "Ian", "b0b", "\ua4d0ob", "O’NeiI", "0'Neil", "OʼNeil", "Z0ë", "Zo\u0435\u0308",
		"Alice.Noel", "Alice-Noel", "AliceNoel", "AliceNoeI", "Alice  Noel", "Alice_Noel", "alice·(noel)", "ALlCE N0EL",
		"Al1ce Noel", "O''Neil", "ONeil",
		"ᴀʟɪᴄᴇ ɴᴏᴇʟ", "Aʟɪce Noel", "VVill", "vviII", "W1ll", "MariaIsabel", "Marialsabel", "Aclam", "8ob", "A\u0332d\u0336a",
		"B口b", "B〇b", "O`Neil", "O´NeiI", "Ada–", "Alice, Noel", "Alice–Noel", "Bㅇb", "A丨ice Noel", "Aㅣice Noeㄥ", "エan",
		"卂da",
	} {
		_, err := c.Accounts.SignIn(t.Context(), name)
		wantFault(t, err, "name", name)
		_, err = c.Users.Rename(t.Context(), other, name)
		wantFault(t, err, "name", name)
	}
	wantFault(t, c.Users.SetProfile(t.Context(), other, Profile{User: User{Handle: "b0b"}}), "handle", "b0b")
	for _, name := range []string{"Alicia Noel", "Marie", "Neil", "Nell", "Zoe", "Mia", "Ali", "Max", "Bo", "Bob 2",
		"Bob 3", "Bob 12", "Bob 1 2", "Lan", "Clara", "Dara", "Dana", "io", "lo", "Nei", "Nel", "Kai",
		"Kal", "Ella", "Eli", "Lisa",
		"Isa", "Wim", "Vim", "Anna", "Ama", "李明", "Анна", "山口", "山口 Will"} {
		mustSignIn(t, c, name)
	}
}

// Existing names go on working, alike or not, and so do those whose key has changed with the rules.
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
	_, err := c.Accounts.SignIn(t.Context(), "rnamie")
	wantFault(t, err, "name", "rnamie")
	other.Name = "Mamie"
	for _, a := range []Actor{other, marnie} {
		if got, err := c.mentioned(t.Context(), hawaii, "@"+a.Name); err != nil || len(got.who) != 1 || got.who[0] != a.ID {
			t.Error(a.Name, got, err)
		}
	}
	if _, err := c.Users.Rename(t.Context(), other, "MAMIE"); err != nil {
		t.Error("one's own name in other letters:", err)
	}
	if got, err := c.mentioned(t.Context(), marnie, "@Ka'ena"); err != nil || len(got.who) != 1 ||
		got.who[0] != hawaii.ID {
		t.Error("a key of earlier rules:", got, err)
	}
	_, err = c.Channels.Create(t.Context(), marnie, "what's up", Public)
	wantFault(t, err, "name", "what's up")
	_, err = c.Channels.Create(t.Context(), marnie, "GeneraI TaIk", Public)
	wantFault(t, err, "name", "GeneraI TaIk")
	if _, err := c.Channels.Update(t.Context(), other, ch.Slug,
		ChannelSettings{Name: "What’s up", Topic: "News"}); err != nil {
		t.Error("a channel that looks like another from earlier times cannot be changed:", err)
	}
	if _, err := c.Channels.Update(t.Context(), other, ch.Slug, ChannelSettings{Name: "WHAT’S UP"}); err != nil {
		t.Error("nor be written in other letters:", err)
	}
	must(t, c.Close())
}

// The order of two names, and the case of one, makes no difference.
func TestLookingAlike(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"Ian", "lan"}: true, {"Ian", "Lan"}: false, {"ian", "lan"}: false, {"Io", "lo"}: true, {"Io", "Lo"}: false,
		{"io", "lo"}:       false,
		{"Alice", "AIice"}: true, {"ALICE", "AIice"}: true, {"ALICE", "ALlCE"}: true, {"ALICe", "Allce"}: true,
		{"Lisa", "1isa"}: true, {"Ali", "All"}: false,
		{"Sam", "5am"}: true, {"Zoe", "2oe"}: true, {"R2", "R3"}: false, {"2 1", "21"}: false, {"Ada 2", "Ada2"}: true,
		{"Jose", "José"}: false,
	} {
		one, other := likenessOf(pair[0]), likenessOf(pair[1])
		if one.alike(other) != want || other.alike(one) != want {
			t.Errorf("%q and %q look alike: %v and %v, want %v", pair[0], pair[1], one.alike(other), other.alike(one), want)
		}
	}
	for pair, want := range map[[2]string]bool{
		{"General Talk", "General TaIk"}: true, {"General Talk", "general-talk"}: true,
		{"General Talk", "🅖eneral Talk"}: true, {"v1.2", "v12"}: false,
		{"C", "C++"}: false, {"C++", "C#"}: false, {"C", "C-"}: false, {"-", "--"}: false, {"API", "APl"}: true,
		{"UI", "UX"}: false, {"日本", "日本語"}: false,
		{"❤ pets", "pets"}: false, {"Sprint 2-1", "Sprint 21"}: false, {"DevOps", "Dev Ops"}: true, {"x = y", "x ≠ y"}: false,
	} {
		if got := channelLikeness(pair[0]).alike(channelLikeness(pair[1])); got != want {
			t.Errorf("channels %q and %q look alike: %v, want %v", pair[0], pair[1], got, want)
		}
	}
}

// A user's own name in other letters cannot pass for another's either, nor can a handle.
func TestOwnNamesThatLookAlike(t *testing.T) {
	c := mustOpen(t, Options{})
	alice, eve := mustSignIn(t, c, "Alice"), mustSignIn(t, c, "aiice")
	_, err := c.Users.Rename(t.Context(), eve, "aIice")
	wantFault(t, err, "name", "aIice")
	if _, err := c.Users.Rename(t.Context(), eve, "Aiice"); err != nil {
		t.Error(err)
	}
	must(t, c.Users.SetProfile(t.Context(), alice, Profile{User: User{Handle: "bill"}}))
	err = c.Users.SetProfile(t.Context(), eve, Profile{User: User{Handle: "bi1l"}})
	wantFault(t, err, "handle", "bi1l")
	if err == nil || !strings.Contains(err.Error(), "@bi1l looks too much like @bill, which is somebody's handle.") {
		t.Error(err)
	}
	_, err = c.Users.Rename(t.Context(), eve, "BiIl")
	wantFault(t, err, "name", "BiIl")
	must(t, c.Users.SetProfile(t.Context(), alice, Profile{}))
	must(t, c.Users.SetProfile(t.Context(), eve, Profile{User: User{Handle: "bi1l"}}))
	mustSignIn(t, c, "Ian")
	lan := mustSignIn(t, c, "Lan")
	must(t, c.Users.SetProfile(t.Context(), lan, Profile{User: User{Handle: "lan"}})) // it names her anyway
}
