package handlers

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"chitchat/chat"
)

// elsewhere is what happens to the user's open pages in other channels, which they may still see.
type elsewhere int

const (
	ends      elsewhere = iota // with the session
	goesOn                     // nothing happens to it
	comesBack                  // closed, and reconnects with the new rights
)

// An open page gets nothing any more once its user loses access, by any cause, and while messages are being posted:
// nothing posted after the change arrives. Users who keep access receive everything.
func TestRevocation(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	ctx := t.Context()
	boss, ruler := c.clients[channelOwner].actor(), c.clients[admin].actor()
	for what, revoke := range map[string]struct {
		do     func(p *testClient, a chat.Actor, slug string) error
		code   int
		others elsewhere
		was    chat.Kind // private when empty: a public one is only read by the person
	}{
		"removed": {func(_ *testClient, a chat.Actor, slug string) error {
			return c.Chat.Channels.RemoveMember(ctx, boss, slug, a.ID)
		}, closeNotFound, goesOn, ""},
		"left": {func(_ *testClient, a chat.Actor, slug string) error { return c.Chat.Channels.Leave(ctx, a, slug) },
			closeNotFound, goesOn, ""},
		"made a guest": {func(_ *testClient, a chat.Actor, slug string) error {
			if err := c.Chat.Channels.Join(ctx, a, slug); err != nil {
				return err
			}
			return c.Chat.Admin.SetRole(ctx, ruler, a.ID, chat.RoleGuest)
		}, int(chat.CloseRestart), comesBack, chat.Public},
		"made private": {func(_ *testClient, _ chat.Actor, slug string) error {
			_, err := c.Chat.Channels.Update(ctx, boss, slug, chat.ChannelSettings{Name: c.newName(), Private: true})
			return err
		}, closeNotFound, goesOn, chat.Public},
		"signed out": {func(p *testClient, _ chat.Actor, _ string) error {
			p.post("/signout", nil).want(303)
			return nil
		}, closeSignedOut, ends, ""},
		"session ended": {func(_ *testClient, a chat.Actor,
			_ string) error {
			return c.Chat.Accounts.EndSession(ctx, a, a.Session)
		}, closeSignedOut, ends, ""},
		"banned from the channel": {func(_ *testClient, a chat.Actor, slug string) error {
			_, err := c.Chat.Moderation.Ban(ctx, ruler, chat.NewBan{Name: a.Name, Channel: slug, For: time.Hour})
			return err
		}, closeNotFound, goesOn, ""},
		"banned from the workspace": {func(_ *testClient, a chat.Actor, _ string) error {
			_, err := c.Chat.Moderation.Ban(ctx, ruler, chat.NewBan{Name: a.Name, For: time.Hour})
			return err
		}, closeSignedOut, ends, ""},
		"deactivated": {func(_ *testClient, a chat.Actor, _ string) error {
			return c.Chat.Admin.Deactivate(ctx, ruler, a.ID)
		},
			closeSignedOut, ends, ""},
		"channel deleted": {func(_ *testClient, _ chat.Actor, slug string) error {
			_, err := c.Chat.Channels.Delete(ctx, boss, slug)
			return err
		}, closeNotFound, goesOn, ""},
	} {
		t.Run(what, func(t *testing.T) {
			p, writer := c.signedIn(c.newName()).in(t), c.clients[channelOwner].in(t)
			a := p.actor()
			ch, err := c.Chat.Channels.Create(ctx, boss, c.newName(), cmp.Or(revoke.was, chat.Private))
			if err == nil && revoke.was == "" {
				_, err = c.Chat.Channels.AddMember(ctx, boss, ch.Slug, a.Name)
			}
			if err == nil {
				_, err = c.Chat.Channels.AddMember(ctx, boss, ch.Slug, ruler.Name)
			}
			if err != nil {
				t.Fatal(err)
			}
			other, err := c.Chat.Channels.Create(ctx, boss, c.newName(), chat.Private)
			if err == nil {
				_, err = c.Chat.Channels.AddMember(ctx, boss, other.Slug, a.Name)
			}
			if err != nil {
				t.Fatal(err)
			}
			flow := c.flow(t, boss, ch.Slug, other.Slug)
			at, beside := subscribeRequest{Channel: ch.Slug, Epoch: c.Chat.Epoch()}, subscribeRequest{Channel: other.Slug,
				Epoch: c.Chat.Epoch()}
			tabs := []*page{p.dial(at), p.dial(at)}
			witness, further := writer.dial(at), p.dial(beside)
			for _, tab := range append(tabs, witness, further) {
				tab.until("flowing")
			}
			if err := revoke.do(p, a, ch.Slug); err != nil {
				t.Fatal(err)
			}
			if what != "channel deleted" {
				now, err := c.Chat.Channels.Get(ctx, boss, ch.Slug)
				if err == nil {
					_, _, err = c.Chat.Messages.Post(ctx, boss, now.Slug, chat.Draft{Body: "said afterwards"})
				}
				if err != nil {
					t.Fatal(err)
				}
				witness.until("said afterwards")
			}
			for _, tab := range tabs {
				if code := tab.closed(); code != revoke.code {
					t.Errorf("closed with %d, want %d", code, revoke.code)
				}
				if strings.Contains(tab.seen.String(), "said afterwards") {
					t.Error("heard what was said after")
				}
			}

			if what != "channel deleted" {
				witness.until(flow.next())
			}
			switch revoke.others {
			case goesOn:
				further.until(flow.next())
			case comesBack:
				if code := further.closed(); code != revoke.code {
					t.Errorf("the page elsewhere closed with %d, want %d", code, revoke.code)
				}
				p.dial(beside).until(flow.next())
			case ends:
				if code := further.closed(); code != closeSignedOut {
					t.Errorf("the page elsewhere closed with %d", code)
				}
			}
			back := p.dial(at) // reconnecting an old page gets nothing either
			if code := back.closed(); code != closeNotFound && code != closeSignedOut ||
				strings.Contains(back.seen.String(), "flowing") {
				t.Errorf("coming back closed with %d after %q", code, back.seen.String())
			}
			switch a := p.get("/c/" + ch.Slug); {
			case revoke.code == closeSignedOut && letter(a) != 'i', revoke.code != closeSignedOut && letter(a) != '4':
				t.Errorf("the page answers %d", a.StatusCode)
			}
			if a := p.post("/c/"+ch.Slug+"/messages", url.Values{"body": {"still here"}}); a.StatusCode < 400 {
				t.Errorf("posting answers %d", a.StatusCode)
			}
			if now, err := c.Chat.Channels.Get(ctx, boss, ch.Slug); what != "channel deleted" {
				if err != nil || strings.Contains(writer.get("/c/"+now.Slug).want(200).body, "still here") {
					t.Error("what was posted after is there, or the channel is gone:", err)
				}
			}
		})
	}
}

// flow is messages posted without a pause until the test ends.
type flow struct{ n atomic.Int64 }

// flow posts in channels until they are gone.
func (c *fixtures) flow(t *testing.T, boss chat.Actor, slugs ...string) *flow {
	t.Helper()
	f, stop, flown := &flow{}, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(flown)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				body := fmt.Sprintf("flowing %d.", f.n.Add(1))
				for _, slug := range slugs {
					// refused once the channel is gone
					_, _, _ = c.Chat.Messages.Post(context.Background(), boss, slug, chat.Draft{Body: body})
				}
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-flown
	})
	return f
}

// next returns text of a message that is not posted yet.
func (f *flow) next() string { return fmt.Sprintf("flowing %d.", f.n.Load()+5) }
