package chat

import (
	"strings"
	"testing"
)

// Anyone may send any text as a name, as often as a limit allows: what cannot be a name is not folded.
func TestLongTextsAreNobodysNames(t *testing.T) {
	texts := []string{strings.Repeat("\ufdfa", 21_000), strings.Repeat("x", maxKeyed+1),
		strings.Repeat("\U0001d400", maxKeyed+1), strings.Repeat("a\u0316", 30_000)}
	for _, text := range texts { // while no chat is open, whose goroutines allocate too
		if key := NameKey(text); key != noKey {
			t.Errorf("%.9q… of %d bytes has a key of %d bytes", text, len(text), len(key))
		}
		if n := testing.AllocsPerRun(5, func() { NameKey(text) }); n > 0 {
			t.Errorf("%.9q… costs %v allocations", text, n)
		}
	}
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for _, text := range texts {
		if list, err := c.Users.Search(t.Context(), ada, text, 10); err != nil || len(list) != 0 {
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

// A text to search in may be of any length.
func TestLongTextsAreFound(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	ch := mustChannel(t, c, ada, "Side", Public)
	_, err := c.Channels.Update(t.Context(), ada, ch.Slug,
		ChannelSettings{Name: "Side", Topic: strings.Repeat("x ", 100) + "NEEDLE in the topic",
			Description: strings.Repeat("y ", 900) + "needle below"})
	must(t, err)
	for _, query := range []string{"needle in", "Needle below"} {
		if list, _, err := c.Channels.Search(t.Context(), ada, query, false); err != nil || len(list) != 1 ||
			list[0].Slug != ch.Slug {
			t.Errorf("%q finds %d channels, %v", query, len(list), err)
		}
	}
}

// One character can be eighteen letters of a key, which everyone's pages compare.
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

// TestFoldOfPlainText tests that the fast path for ASCII has the same result as the slow one.
func TestFoldOfPlainText(t *testing.T) {
	for _, text := range []string{"Ada Lovelace", "  a \t B\n", "I.l-1_O'0 (X)", "@", "", "\x7f\x00~"} {
		if short, long := fold(text), strings.TrimSuffix(fold(text+" \u00e9"), " \u00e9"); short != strings.TrimSpace(long) &&
			short+" \u00e9" != long && long != "\u00e9" {
			t.Errorf("%q: %q, and by the long way %q", text, short, long)
		}
	}
}

// TestNameKeys tests that a name has the same key among others as alone.
func TestNameKeys(t *testing.T) {
	names := []string{"Ada", "", "é e\u0301", "\u0301x", "ｶﾞ ", " b", "О’Brien", "\u1112", "\u1161",
		strings.Repeat("x", maxKeyed+1), strings.Repeat("\ufdfa", 32), "a\x00b", "\u3000", "Ꮳ", "K"}
	for i, key := range nameKeys(names) {
		if want := NameKey(names[i]); key != want && names[i] != "a\x00b" {
			t.Errorf("%q: %q, alone %q", names[i], key, want)
		}
	}
	if got := nameKeys(nil); len(got) != 0 {
		t.Error(got)
	}
}

// TestFoldOfAsianText tests that the fast path for those scripts has the same result as the slow one, too.
func TestFoldOfAsianText(t *testing.T) {
	const long = " \u00e9" // é takes the slow path
	for _, text := range []string{"語 A  b", "ｶﾞ", "か\u3099", "각", "\u1100\u1161\u11a8", "ジョン・スミス゠", "น้ำ", "བ༌ཀ", "ཱི",
		"क़", "ক\u09c7\u09be", "မြွေးကြေး", "ស្រី", "A`語", "〇", "神", "ㄌ", "\u1112\u0301"} {
		if short := fold(text); short+long != fold(text+long) {
			t.Errorf("%q: %q, and by the long way %q", text, short, fold(text+long))
		}
	}
	for r := range rune(0x10000) {
		if reworked(r) || r < 0x80 {
			continue
		}
		if short := fold(string(r)); short+long != fold(string(r)+long) {
			t.Errorf("%U: %q, and by the long way %q", r, short, fold(string(r)+long))
		}
	}
}
