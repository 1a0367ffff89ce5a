package chat

import (
	"strings"
	"testing"
)

// Anybody may send any text as a name, as often as a limit lets them: what cannot be one is not folded.
func TestLongTextsAreNobodysNames(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for _, text := range []string{strings.Repeat("\ufdfa", 21_000), strings.Repeat("x", maxKeyed+1), strings.Repeat("\U0001d400", maxKeyed+1), strings.Repeat("a\u0316", 30_000)} {
		if key := NameKey(text); key != noKey {
			t.Errorf("%.9q… of %d bytes has a key of %d bytes", text, len(text), len(key))
		}
		if n := testing.AllocsPerRun(5, func() { NameKey(text) }); n > 0 {
			t.Errorf("%.9q… costs %v allocations", text, n)
		}
		if list, err := c.SearchUsers(t.Context(), ada, text, 10); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
	}
	if NameKey(strings.Repeat("x", maxKeyed)) == noKey || NameKey(noKey) != noKey {
		t.Error("a text that is just short enough has no key")
	}
	if _, err := cleanName(noKey); err == nil {
		t.Error("the key of nobody can be a name")
	}
}

// A text in which something is looked for may be as long as it likes.
func TestLongTextsAreFound(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	ch := mustChannel(t, c, ada, "Side", Public)
	_, err := c.UpdateChannel(t.Context(), ada, ch.Slug, ChannelSettings{Name: "Side", Topic: strings.Repeat("x ", 100) + "NEEDLE in the topic", Description: strings.Repeat("y ", 900) + "needle below"})
	must(t, err)
	for _, query := range []string{"needle in", "Needle below"} {
		if list, _, err := c.SearchChannels(t.Context(), ada, query, false); err != nil || len(list) != 1 || list[0].Slug != ch.Slug {
			t.Errorf("%q finds %d channels, %v", query, len(list), err)
		}
	}
}

// One character can be eighteen letters of a key, which everybody's pages compare.
func TestNamesThatSwell(t *testing.T) {
	for _, swollen := range []string{"\ufdfa", "\ufdfb"} {
		_, err := cleanName(strings.Repeat(swollen, MaxNameLen))
		wantFault(t, err, "name", swollen)
		_, err = cleanChannelName(strings.Repeat(swollen, MaxChannelNameLen))
		wantFault(t, err, "name", swollen)
		if _, err := cleanName(swollen); err != nil {
			t.Errorf("one %s: %v", swollen, err)
		}
	}
}

// TestFoldOfPlainText holds that the short way of texts in ASCII leads where the long one does.
func TestFoldOfPlainText(t *testing.T) {
	for _, text := range []string{"Ada Lovelace", "  a \t B\n", "I.l-1_O'0 (X)", "@", "", "\x7f\x00~"} {
		if short, long := fold(text), strings.TrimSuffix(fold(text+" \u00e9"), " \u00e9"); short != strings.TrimSpace(long) && short+" \u00e9" != long && long != "\u00e9" {
			t.Errorf("%q: %q, and by the long way %q", text, short, long)
		}
	}
}
