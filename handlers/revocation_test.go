package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"chitchat/chat"
)

// A page that is open goes silent within a second of the moment when its person may not see any more, whatever way
// that came about, and while messages flow.
func TestRevocation(t *testing.T) {
	c := openCast(t)
	ctx := t.Context()
	boss, ruler := c.people[keeper].actor(), c.people[admin].actor()
	for what, revoke := range map[string]struct {
		do   func(p *person, a chat.Actor, slug string) error
		code int
	}{
		"removed": {func(_ *person, a chat.Actor, slug string) error { return c.Chat.Remove(ctx, boss, slug, a.ID) }, closeNotFound},
		"left":    {func(_ *person, a chat.Actor, slug string) error { return c.Chat.Leave(ctx, a, slug) }, closeNotFound},
		"signed out": {func(p *person, _ chat.Actor, _ string) error {
			p.post("/signout", nil).want(303)
			return nil
		}, closeSignedOut},
		"session ended": {func(_ *person, a chat.Actor, _ string) error { return c.Chat.EndSession(ctx, a, a.Session) }, closeSignedOut},
		"banned from the channel": {func(_ *person, a chat.Actor, slug string) error {
			_, err := c.Chat.Ban(ctx, ruler, chat.NewBan{Name: a.Name, Channel: slug, For: time.Hour})
			return err
		}, closeNotFound},
		"banned from the place": {func(_ *person, a chat.Actor, _ string) error {
			_, err := c.Chat.Ban(ctx, ruler, chat.NewBan{Name: a.Name, For: time.Hour})
			return err
		}, closeSignedOut},
		"deactivated": {func(_ *person, a chat.Actor, _ string) error { return c.Chat.Deactivate(ctx, ruler, a.ID) }, closeSignedOut},
		"channel deleted": {func(_ *person, _ chat.Actor, slug string) error {
			_, err := c.Chat.DeleteChannel(ctx, boss, slug)
			return err
		}, closeNotFound},
	} {
		t.Run(what, func(t *testing.T) {
			p := c.person(c.name()).in(t)
			a := p.actor()
			ch, err := c.Chat.CreateChannel(ctx, boss, c.name(), chat.Private)
			if err == nil {
				_, err = c.Chat.Invite(ctx, boss, ch.Slug, a.Name)
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Chat.Invite(ctx, boss, ch.Slug, ruler.Name); err != nil {
				t.Fatal(err)
			}
			stop, flown := make(chan struct{}), make(chan struct{})
			writer := c.people[keeper]
			go func() {
				defer close(flown)
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					case <-time.After(10 * time.Millisecond):
						_, _, _ = c.Chat.Post(ctx, boss, ch.Slug, chat.Draft{Body: fmt.Sprintf("flowing %d.", i)}) // refused once the channel is gone
					}
				}
			}()
			defer func() {
				close(stop)
				<-flown
			}()
			at := hello{Channel: ch.Slug, Epoch: c.Chat.Epoch()}
			tabs := []*page{p.dial(at), p.dial(at)}
			for _, tab := range tabs {
				tab.until("flowing")
			}
			begun := time.Now()
			if err := revoke.do(p, a, ch.Slug); err != nil {
				t.Fatal(err)
			}
			for _, tab := range tabs {
				code, last := tab.last(begun.Add(3 * time.Second))
				if code != revoke.code {
					t.Errorf("closed with %d, want %d", code, revoke.code)
				}
				if took := last.Sub(begun); took > time.Second {
					t.Errorf("heard something %v after", took)
				}
			}
			if took := time.Since(begun); took > time.Second {
				t.Errorf("open for %v after", took)
			}
			switch a := p.get("/c/" + ch.Slug); {
			case revoke.code == closeSignedOut && letter(a) != 'i', revoke.code == closeNotFound && letter(a) != '4':
				t.Errorf("the page answers %d", a.StatusCode)
			}
			if a := p.post("/c/"+ch.Slug+"/messages", url.Values{"body": {"still here"}}); a.StatusCode < 400 {
				t.Errorf("posting answers %d", a.StatusCode)
			}
			if what != "channel deleted" && strings.Contains(writer.get("/c/"+ch.Slug).want(200).body, "still here") {
				t.Error("what was posted after is there")
			}
		})
	}
}

// last reads until the socket closes, and returns its code and when the last message came.
func (k *page) last(deadline time.Time) (code int, at time.Time) {
	k.t.Helper()
	_ = k.conn.SetReadDeadline(deadline)
	for {
		_, frame, err := k.conn.ReadMessage()
		if closing, ok := err.(*websocket.CloseError); ok { //nolint:errorlint // as the library returns it
			return closing.Code, at
		}
		if err != nil {
			k.t.Fatal("the socket goes on:", err)
		}
		if strings.Contains(string(frame), "flowing") {
			at = time.Now()
		}
	}
}
