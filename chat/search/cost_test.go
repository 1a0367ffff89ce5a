package search

import (
	"fmt"
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
			_ = q.Find(block, nil, func(Hit) {})
		}
	}
	fill := func(unit string) string { return strings.Repeat(unit, 20_000/len(unit)) }
	for _, unit := range texts {
		if ratio := costtest.Ratio(t, most, search(fill(unit)), search(fill("plain words "))); ratio > most {
			t.Errorf("a search for %q costs %.1f times what plain words cost", unit, ratio)
		}
	}
}

// TestTimeTellsNothing tests that a word that is said where one does not see it takes as long as one that is nowhere:
// who searches for the name of a project cannot tell from the time whether others speak of it.
func TestTimeTellsNothing(t *testing.T) {
	var b Builder
	for i := range int64(8000) {
		text := fmt.Sprintf("word%d other%d", i, i/3)
		if i == 4000 {
			text += " xylophone"
		}
		b.Add(Entry{Number: i, Channel: i % 2, Text: text}) // the even ones are hidden
	}
	block := b.Build()
	for _, words := range [][]string{{"%s"}, {"%s", "word"}, {"word", "%s"}, {"in %s"}, {"%s in"}} {
		search := func(name string) func() {
			q := Query{Class: func(channel int64) Class { return Class(channel) }}
			for _, w := range words {
				q.Words = append(q.Words, NewWord(strings.ReplaceAll(w, "%s", name)))
			}
			return func() {
				if err := q.Find(block, nil, func(Hit) { t.Error("it is found") }); err != nil {
					t.Error(err)
				}
			}
		}
		const most = 1.5
		if ratio := costtest.Ratio(t, most, search("xylophone"), search("xylophony")); ratio > most {
			t.Errorf("%q: %.2f times as much", words, ratio)
		}
	}
}
