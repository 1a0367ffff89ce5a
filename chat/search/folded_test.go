package search

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// A text that is folded in parts is the same as one that is folded at once, and what is found in it is where it says.
func TestFolded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	units := []string{"a", "Word", " ", "\n", " \t ", "é", "e\u0301", "ß", "東", "ｶﾞ", "가", "\u1100\u1161", "ﬁ", "ŉ", "Ÿ̈",
		"\u00a0",
		"\u200b", "\ufdfa", "क्षि", strings.Repeat("x", 300), "\xff"}
	for range 2000 {
		var b strings.Builder
		few := units[:1+random.IntN(len(units))]
		for range random.IntN(300) {
			b.WriteString(few[random.IntN(len(few))])
		}
		text := strings.ToValidUTF8(b.String(), "\ufffd")
		if f := NewFolded(text); f.folded != Fold(text) {
			t.Fatalf("%q is folded to %q, want %q", text, f.folded, Fold(text))
		}
		f := NewFolded(text + " needle " + text)
		at := f.Index(NewWord("NEEDLE"))
		if at < len(text)-16 || at > len(text)+16 || !f.Has([]Word{NewWord("needle")}) {
			t.Fatalf("in %q: at %d, want %d", text, at, len(text)+1)
		}
	}
	if f := NewFolded(""); f.Index(NewWord("a")) != -1 || f.Has([]Word{NewWord("a")}) || !f.Has(nil) {
		t.Error("an empty text has a word")
	}
}
