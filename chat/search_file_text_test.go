package chat

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/search"
)

// Files are found by any part of the words in them, before and after they are indexed, by those alone who see them, and
// messages are not.
func TestFilesByTheirTexts(t *testing.T) {
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		bob := mustSignIn(t, c, "Bob")
		den := mustChannel(t, c, ada, "Den", Private)
		l.mustSend(t, c, ada, "general-talk", "menu.txt", "Today Crème brûlée, and 東京都 noodles")
		time.Sleep(time.Second)
		l.mustSend(t, c, ada, den.Slug, "secret.txt", "a xylophone, brulee")
		time.Sleep(time.Second)
		l.mustSend(t, c, ada, "general-talk", "noodles.txt", "")
		two := []Attachment{{ID: NewID(), Name: "one.txt", Type: "text/plain"}, {ID: NewID(), Name: "two.txt",
			Type: "application/octet-stream"}}
		l.has(two[0].ID, "alpha")
		l.has(two[1].ID, "alpha beta")
		must(t, errOf2(c.Messages.Post(t.Context(), ada, "general-talk", Draft{Thread: 1, Body: "alpha", Files: two})))
		synctest.Wait()
		for range 2 {
			for _, want := range []struct {
				a    Actor
				kind FileKind
				text string
				want string
			}{
				{bob, AllFiles, "BRULEE", "menu.txt@:1"},
				{ada, AllFiles, "brulee", "secret.txt@" + den.Slug + ":1 menu.txt@:1"},
				{bob, AllFiles, "xylo", ""},
				{bob, AllFiles, "ooDle", "noodles.txt@:2 menu.txt@:1"},
				{bob, AllFiles, "京都", "menu.txt@:1"},
				{bob, AllFiles, "noodles today", "menu.txt@:1"},
				{bob, AllFiles, `"noodles today"`, ""},
				{bob, AllFiles, `"brulee, and"`, "menu.txt@:1"},
				{bob, AllFiles, "menu noodles", ""}, // one is in its name, and one in it
				{bob, AllFiles, "alph", "one.txt@/1:1 two.txt@/1:1"},
				{bob, AllFiles, "beta", "two.txt@/1:1"},
				{bob, Documents, "alpha", "one.txt@/1:1"},
				{bob, OtherFiles, "alpha", "two.txt@/1:1"},
				{bob, Images, "alpha", ""},
				{bob, AllFiles, "words", ""},
			} {
				if got := filesText(t, c, want.a, "", want.kind, want.text); got != want.want {
					t.Errorf("%q: %q, want %q", want.text, got, want.want)
				}
			}
			if got := filesText(t, c, ada, den.Slug, AllFiles, "brulee"); got != "secret.txt@"+den.Slug+":1" {
				t.Error(got)
			}
			p, err := c.Messages.Search(t.Context(), ada, SearchQuery{Text: "brulee"})
			if must(t, err); p.Total != 0 {
				t.Errorf("%d messages are found by the texts of their files", p.Total)
			}
			mustIndex(t, c)
		}
	})
}

// An excerpt stands around what was found, and cuts no word.
func TestExcerpts(t *testing.T) {
	long := strings.Repeat("some words and ", 400)
	for _, c := range []struct{ text, query, want string }{
		{"a needle", "needle", "a needle"},
		{long + "a NEEDLE here " + long, "needle", "words and some words and some words and a NEEDLE here some"},
		{strings.Repeat("ünïcödé ", 900) + "à nêedle " + long, "needle", "ünïcödé ünïcödé"},
		{strings.Repeat("東京", 5000) + "needle" + strings.Repeat("都", 300), "needle", "東京needle都"},
		{long + "needle", "needle", "and some words and needle"},
	} {
		e := excerptOf(c.text, search.NewFolded(c.text), fileWords(c.query))
		at := strings.Index(search.Fold(e.Text), c.query)
		if !strings.Contains(e.Text, c.want) || at < 0 || at > 2*excerptBefore || len(e.Text) > 300 {
			t.Errorf("%+v", e)
		}
		if whole := len(e.Text) == len(c.text); whole == (e.Before || e.Cut) {
			t.Errorf("%+v", e)
		}
		if strings.HasPrefix(e.Text, "ome ") || strings.HasSuffix(e.Text, " som") {
			t.Errorf("a word is cut: %+v", e)
		}
	}
}

// A page reads only so much of the texts of files, and the next one goes on.
func TestTextsOnAPageAreBounded(t *testing.T) {
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		long := strings.Repeat("hay needle", maxTextsRead/39)
		for range 8 {
			l.mustSend(t, c, ada, "general-talk", "a.txt", long)
		}
		synctest.Wait()
		p, err := c.Messages.Files(t.Context(), ada, "", FileQuery{Text: "needle", Before: fromTheNewest})
		if must(t, err); len(p.Files) != 4 || p.Older == (ListPlace{}) {
			t.Errorf("%d files on a page", len(p.Files))
		}
		if got := filesText(t, c, ada, "", AllFiles, "needle"); strings.Count(got, "a.txt") != 8 {
			t.Error(got)
		}
	})
}

// The texts of files fill blocks too, so that making one takes no more memory than it may.
func TestBlocksFilledByTexts(t *testing.T) {
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		for n := range 5 {
			l.mustSend(t, c, ada, "general-talk", "a.txt", fmt.Sprint("needle", n, " ")+strings.Repeat("x ", maxSize/5))
		}
		time.Sleep(2 * time.Minute)
		must(t, c.indexRange(t.Context(), 1, 1_000))
		blocks, err := selectBlocks(t.Context(), c.db)
		must(t, err)
		for i, b := range blocks {
			if b.size > 2*maxSize {
				t.Errorf("block %d has %d bytes", i, b.size)
			}
		}
		for n := range 5 {
			if got := filesText(t, c, ada, "", AllFiles, fmt.Sprint("needle", n)); got != fmt.Sprint("a.txt@:", n+1) {
				t.Error(n, got)
			}
		}
	})
}

// While files are sent, read, deleted and indexed at any moment, a search finds what reading all finds.
func TestFilesAgainstReading(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	l := new(library)
	reading(t, l, func(t *testing.T, c *Chat, ada Actor) {
		words := []string{"one", "two", "three", "東京都", "ones"}
		there := make(map[int64]string)
		for range 12 {
			for range 8 {
				time.Sleep(time.Second)
				text := words[random.IntN(len(words))] + " " + words[random.IntN(len(words))]
				seq := l.mustSend(t, c, ada, "general-talk", "a.txt", text)
				there[seq] = text
				if gone := 1 + random.Int64N(seq); random.IntN(3) == 0 && there[gone] != "" {
					must(t, errOf2(c.Messages.Delete(t.Context(), ada, "general-talk", gone)))
					delete(there, gone)
				}
			}
			switch random.IntN(3) {
			case 0:
				mustIndex(t, c)
			case 1:
				time.Sleep(2 * staleFor)
				must(t, errOf(c.refreshBlock(t.Context())))
			}
			synctest.Wait()
			for _, word := range []string{"one", "wo", "京", "京都", "three one"} {
				var want []string
				for seq, text := range there {
					if search.NewFolded(text).Has(fileWords(word)) {
						want = append(want, fmt.Sprint("a.txt@:", seq))
					}
				}
				got := strings.Fields(filesText(t, c, ada, "", AllFiles, word))
				slices.Sort(got)
				if slices.Sort(want); !slices.Equal(got, want) {
					t.Errorf("%q: %v, want %v", word, got, want)
				}
			}
		}
	})
}
