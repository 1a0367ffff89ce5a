package search

import (
	"strings"
	"testing"
	"time"

	"chitchat/chat/costtest"
)

// TestNoQueryCostsMuch tests that no query costs more than ten times what plain words of its length cost, where the
// words are all there.
func TestNoQueryCostsMuch(t *testing.T) {
	const most = 10
	texts := []string{"plain words ", "a ", "語 ", "東京都", "-a ", `"a b" `, "from:", "a\u0301", "\ufdfa", "((((", "@", "👍"}
	var b Builder
	for i := range int64(2000) {
		b.Add(Entry{Number: i, Text: Fold(strings.Repeat(texts[i%int64(len(texts))], 3))})
	}
	block := b.Build()
	search := func(text string) func() {
		return func() {
			q := Query{Class: func(int64) Class { return 1 }}
			for _, term := range Parse(text) {
				Days(term.Value, time.Unix(0, 0))
				if w := NewWord(term.Value); !w.Empty() {
					q.Words = append(q.Words, w)
				}
			}
			if q.MayMatch(block.Words) {
				_ = q.Find(block, nil, func(Hit) {})
			}
		}
	}
	fill := func(unit string) string { return strings.Repeat(unit, 20_000/len(unit)) }
	for _, unit := range texts {
		if ratio := costtest.Ratio(t, most, search(fill(unit)), search(fill("plain words "))); ratio > most {
			t.Errorf("a search for %q costs %.1f times what plain words cost", unit, ratio)
		}
	}
}
