package chat

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A link is fetched once for all messages, at the same time and for a day; one that failed is tried again after ten
// minutes.
func TestLinksAreFetchedOnce(t *testing.T) {
	w := &web{held: true}
	w.answer = func(url string) (FetchedLink, error) {
		switch {
		case strings.HasSuffix(url, "/gone"):
			return FetchedLink{}, errors.New("gone")
		case strings.HasSuffix(url, "/panic"):
			panic("a parser")
		}
		return FetchedLink{Title: "T\u202e\x01 <b>" + strings.Repeat("x", 300), Description: " a\n\tb ", Site: "\u200b",
			Picture: 7}, nil
	}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		first, second := mustPost(t, c, ada, "https://e.org/a"), mustPost(t, c, ada, "https://e.org/a")
		synctest.Wait()
		close(w.hold)
		want := "T <b>" + strings.Repeat("x", 195)
		for _, row := range []Row{first, second} {
			if got := titles(t, c, ada, row.Seq); got != want {
				t.Errorf("message %d has %q", row.Seq, got)
			}
		}
		m, err := c.Messages.Get(t.Context(), ada, "general-talk", first.Seq)
		if p := m.LinkPreviews[0]; err != nil || p.Description != "a b" || p.Site != "" || p.Picture != 7 {
			t.Errorf("%+v, %v", p, err)
		}
		for after, want := range map[string]map[time.Duration]int{
			"https://e.org/a":     {0: 1, 23 * time.Hour: 1, 2 * time.Hour: 2},
			"https://e.org/gone":  {0: 1, 9 * time.Minute: 1, 2 * time.Minute: 2},
			"https://e.org/panic": {0: 1, 9 * time.Minute: 1, 2 * time.Minute: 2},
		} {
			for _, d := range []time.Duration{0, 23 * time.Hour, 9 * time.Minute, 2 * time.Hour, 2 * time.Minute} {
				n, ok := want[d]
				if !ok {
					continue
				}
				time.Sleep(d)
				titles(t, c, ada, mustPost(t, c, ada, after).Seq)
				if got := w.times(after); got != n {
					t.Errorf("%s was fetched %d times after %v more, want %d", after, got, d, n)
				}
			}
		}
		known, err := c.Messages.KnownFiles(t.Context(), []ID{7, 8})
		if err != nil || !known[7] || known[8] {
			t.Error(known, err)
		}
	})
}

func TestCleanPreviewText(t *testing.T) {
	for text, want := range map[string]string{
		"Z\u0351\u036b\u0343\u0349\u0340\u0341x": "Z\u0351\u036b\u0343x",
		"e\u0301 a\u0301":                        "e\u0301 a\u0301",
		"1\ufe0f\u20e3":                          "1\ufe0f\u20e3",
	} {
		if got := cleanPreviewText(text, 100); got != want {
			t.Errorf("%+q: %+q, want %+q", text, got, want)
		}
	}
}
