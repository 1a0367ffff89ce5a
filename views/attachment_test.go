package views

import (
	"strings"
	"testing"

	"chitchat/chat"
)

func TestPictureIsReservedAPlaceThatFits(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{200, 100, 200, 100}, {800, 600, 400, 300}, {2400, 500, 400, 83}, {400, 1800, 66, 300},
		{10000, 1, 400, 32}, {1, 10000, 32, 300}, {1, 1, 32, 32},
	} {
		if w, h := fit(chat.Attachment{Width: c.w, Height: c.h}); w != c.wantW || h != c.wantH {
			t.Errorf("%d×%d is shown as %d×%d, want %d×%d", c.w, c.h, w, h, c.wantW, c.wantH)
		}
	}
}

func TestAttachment(t *testing.T) {
	picture := render(t, attachment(chat.Attachment{ID: 36, Name: "a b/c?.png", Width: 800, Height: 600, Thumb: true}))
	for _, want := range []string{`href="/f/10/a%20b%2Fc%3F.png"`, `src="/f/10/thumb"`, `width="400" height="300"`,
		`loading="lazy"`, `alt="a b/c?.png"`} {
		if !strings.Contains(picture, want) {
			t.Errorf("no %s in %s", want, picture)
		}
	}
	if card := render(t, attachment(chat.Attachment{ID: 36, Name: "notes.txt", Type: "text/plain",
		Size: 812})); !strings.Contains(card, "TXT · 812 B") {
		t.Error(card)
	}
}

// An animation plays in the page, unless it is large, or the reader prefers no motion: then a sign marks it.
func TestPicturesThatMove(t *testing.T) {
	const still, file, sign = `src="/f/10/thumb"`, `src="/f/10/a.gif"`, `<span class="moves">Animated</span>`
	const calm = `<source media="(prefers-reduced-motion: reduce)" srcset="/f/10/thumb">`
	const hidden = `<span class="moves plays">Animated</span>`
	small := chat.Attachment{ID: 36, Name: "a.gif", Width: 900, Height: 700, Size: 7000, Thumb: true, Moves: true}
	for what, c := range map[string]struct {
		change     func(*chat.Attachment)
		has, lacks []string
	}{
		"small": {func(*chat.Attachment) {}, []string{file, calm, hidden}, []string{still, sign}},
		"heavy": {func(a *chat.Attachment) { a.Size = 2_700_000 }, []string{still, sign},
			[]string{file, calm, hidden}},
		"of many pixels": {func(a *chat.Attachment) { a.Height = 7000 }, []string{still, sign},
			[]string{file, calm, hidden}},
		"with no thumb": {func(a *chat.Attachment) { a.Thumb = false }, []string{file}, []string{"thumb", "Animated"}},
		"that stand still": {func(a *chat.Attachment) { a.Moves = false }, []string{still},
			[]string{file, "Animated", "<source"}},
	} {
		a := small
		c.change(&a)
		html := render(t, attachment(a))
		for _, want := range c.has {
			if !strings.Contains(html, want) {
				t.Errorf("%s: no %s in %s", what, want, html)
			}
		}
		for _, wrong := range c.lacks {
			if strings.Contains(html, wrong) {
				t.Errorf("%s: %s in %s", what, wrong, html)
			}
		}
	}
}

func TestFileSize(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1 kB", 812_345: "812 kB", 26_214_400: "26.2 MB"} {
		if got := fileSize(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
