package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"chitchat/chat"
)

// deaf is a page that hears nothing.
type deaf struct{}

func (deaf) Send([]byte) bool { return true }
func (deaf) Wake()            {}
func (deaf) End(chat.Closing) {}

// Whatever a page says of where it stands, it gets what comes after that, or the newest page, or a refusal.
func FuzzHello(f *testing.F) {
	s := openSite(f)
	a, err := s.Chat.SignIn(context.Background(), "Ada")
	if err != nil {
		f.Fatal(err)
	}
	const last = 20
	for i := range last {
		if _, _, err := s.Chat.Post(context.Background(), a, "general-talk", chat.Draft{Body: fmt.Sprint(i)}); err != nil {
			f.Fatal(err)
		}
	}
	here := fmt.Sprintf(`"channel":"general-talk","epoch":%q`, s.Chat.Epoch())
	for _, seed := range []string{`{}`, `{"channel":"general-talk","since":12,"epoch":"E","names":3,"more":{}}`, `{` + here + `}`, `{` + here + `,"since":20}`,
		`{` + here + `,"since":-1,"names":-1}`, `{` + here + `,"since":9223372036854775807,"names":9223372036854775807}`,
		`{` + here + `,"since":-9223372036854775808}`, `{` + here + `,"since":1e3}`, `{` + here + `,"since":"5"}`,
		`{"channel":"\u0000"}`, `{"channel":"\ud800"}`, `{"channel":"../general-talk"}`, `{"channel":"GENERAL-TALK","since":5}`,
		`[]`, `null`, ``, `{"channel":{"channel":{}}}`, `{"since":12,"since":13}`, "{\"channel\":\"\xff\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		var at hello
		if json.Unmarshal(frame, &at) != nil {
			return // closed with 1008
		}
		ctx := context.Background()
		l, err := s.Chat.Listen(ctx, a, chat.Position{Channel: at.Channel, Since: at.Since, Epoch: at.Epoch, Names: at.Names}, deaf{})
		if err != nil {
			if chat.ErrorCode(err) != chat.CodeNotFound {
				t.Fatalf("%q: %v", frame, err)
			}
			return
		}
		defer l.Close()
		b, err := l.Take(ctx)
		switch {
		case err != nil:
			t.Fatalf("%q: %v", frame, err)
		case at.Channel == "":
			if b.Renew != nil || len(b.Rows) > 0 {
				t.Fatalf("%q: rows outside every channel", frame)
			}
		case b.Renew != nil:
			if at.Epoch == s.Chat.Epoch() && at.Since >= 0 && at.Since <= last || len(b.Renew.Rows) != last {
				t.Fatalf("%q: renewed, with %d rows", frame, len(b.Renew.Rows))
			}
		case at.Epoch != s.Chat.Epoch() || at.Since < 0 || at.Since > last || int64(len(b.Rows)) != last-at.Since:
			t.Fatalf("%q: %d rows", frame, len(b.Rows))
		}
	})
}

// A place in a channel is written in one way only, so that each message has one address.
func FuzzSeq(f *testing.F) {
	for _, seed := range []string{"", "0", "1", "01", "-1", "+1", " 1", "1 ", "1e3", "9223372036854775807", "9223372036854775808", "١", "1_000", "0x1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		seq, err := parseSeq(s)
		if err == nil && (seq < 1 || fmt.Sprint(seq) != s) {
			t.Fatalf("%q is %d", s, seq)
		}
		if err != nil && (chat.ErrorCode(err) != chat.CodeNotFound || seq != 0) {
			t.Fatalf("%q: %d, %v", s, seq, err)
		}
	})
}
