package views

import (
	"html"
	"math/rand/v2"
	"testing"
	"time"

	"chitchat/chat"
)

// Every shape has a pattern: none falls back to the slow way unnoticed.
func TestEveryShapeHasItsPattern(t *testing.T) {
	seen := make(map[shape]bool)
	for i := range shapes {
		m := standIn(shape(i))
		if s := shapeOf(&m); !seen[s] {
			seen[s] = true
			if len(newPattern(s).pieces) < 10 {
				t.Errorf("the pattern of shape %b does not make what Row makes", s)
			}
		}
	}
	// continued, or with a head: picture, and emoji without or with a text; deleted or removed, without a body, or with
	// one, big, in blocks or edited, and either with or without reactions; each also as a reply, or with replies
	if len(seen) != 3*(1+2*3)*(2+2*(1+2*3)) {
		t.Errorf("%d shapes", len(seen))
	}
}

// For any message, AppendRow appends exactly what Row renders.
func TestAppendRowIsRow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "hi", evil, "😀", "🎉🎉 🎉", "a\nb\tc", "see https://example.org/?a=1&b='2' or mailto:a@b.example",
		"&amp;&#39;", "\u202etxt", "é\u0301<\"'>&"}
	text := func() string { return texts[r.IntN(len(texts))] }
	some := func() bool { return r.IntN(3) == 0 }
	at := func() time.Time { return time.UnixMilli(r.Int64N(4e12)).In(time.FixedZone("", 3600*r.IntN(12))) }
	for range 5000 {
		m := chat.Message{
			ChannelID: chat.ID(1 + r.Int64()), ChannelSlug: "general", Seq: 1 + r.Int64N(1e6), Rev: 1 + r.Int64(), Body: text(),
			Continued: some(), CreatedAt: at(),
			Author: chat.User{ID: chat.ID(1 + r.Int64N(1e9)), Name: text(), Status: chat.Status{Emoji: text(), Text: text()}},
		}
		switch r.IntN(4) {
		case 0:
			m.Thread = chat.ThreadRef{Channel: 1, Root: 1 + r.Int64N(1e6)}
		case 1:
			m.Replies = chat.Replies{Count: 1 + r.Int64N(3), LastAt: at(),
				People: []chat.User{{ID: chat.ID(1 + r.Int64()), Name: text()}, {ID: 2, Name: text(), Avatar: 7}}}
		case 2:
			if some() {
				m.Broadcast = chat.Broadcast{Root: 1 + r.Int64N(1e6), Seq: 2, Of: chat.User{ID: 3, Name: text()}}
			}
		}
		if m.Body != "" && some() {
			m.Formatted = chat.Formatted{HTML: "<b>" + text() + "</b>", Blocks: some()}
		}
		if some() {
			m.ChannelSlug = "grüße&co"
		}
		if some() {
			m.Author.Avatar = chat.ID(1 + r.Int64())
		}
		if some() {
			m.EditedAt = at()
		}
		if some() {
			m.DeletedAt = at()
		}
		if some() {
			m.RemovedBy = 5
		}
		if r.IntN(9) == 0 {
			m.Pins = r.Int64N(9) - 4
		}
		if r.IntN(9) == 0 {
			m.Attachments = []chat.Attachment{{ID: 5, Name: evil, Type: "image/png", Width: 500, Height: 20},
				{ID: 6, Name: "a.pdf", Size: 1e6}}
		}
		for range r.IntN(4) {
			m.Reactions = append(m.Reactions, chat.Reaction{Emoji: "😀", Count: 1 + r.IntN(30),
				People: []chat.User{{ID: chat.ID(1 + r.Int64()), Name: text()}}})
		}
		if got, want := string(AppendRow([]byte("before "), m)), "before "+render(t, Row(m)); got != want {
			t.Fatalf("%+v:\ngot  %s\nwant %s", m, got, want)
		}
	}
}

func FuzzEscaped(f *testing.F) {
	f.Add(evil)
	f.Add("&'\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		if got := string(appendEscaped(nil, s)); got != html.EscapeString(s) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

// BenchmarkRow renders a row from its pattern, and by the component.
func BenchmarkRow(b *testing.B) {
	for name, body := range map[string]string{
		"plain": "about a hundred bytes is what most of the messages have that people write to each other in a chat all day",
		"link":  "It is out: see https://example.org/notes (the second part).",
	} {
		m := message(12345, body)
		b.Run("body="+name+"/by=pattern", func(b *testing.B) {
			b.ReportAllocs()
			var row []byte
			for b.Loop() {
				row = AppendRow(row[:0], m)
			}
		})
		b.Run("body="+name+"/by=component", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				rowOf(m)
			}
		})
	}
}

func TestAppendClientID(t *testing.T) {
	for _, id := range []string{"", "ABC234", evil} {
		if got, want := string(AppendClientID([]byte("x"), id)), "x"+render(t, clientID(id)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
