package chat

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/sqlite"
)

// hold keeps the writer busy with a job, which has started when hold returns, until release. It must be called in a
// bubble.
func hold(t testing.TB, c *Chat) (release func()) {
	t.Helper()
	synctest.Wait() // the start's jobs are done
	begun, end := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- c.writer.update(context.Background(), func(context.Context, *sqlite.Tx) error {
			begun <- struct{}{}
			<-end
			return nil
		}, nil)
	}()
	<-begun
	return func() {
		close(end)
		must(t, <-done)
	}
}

// afterwards makes change wait for the writer when verb is called, so that what it reads before it writes is outdated
// when it does. It returns verb's error. It must be called in a bubble, where it can wait until all goroutines are
// blocked.
func afterwards(t testing.TB, c *Chat, change, verb func() error) error {
	t.Helper()
	release := hold(t, c)
	changed, spoken, begun, end := make(chan error, 1), make(chan error, 1), make(chan struct{}), make(chan struct{})
	go func() { changed <- change() }()
	synctest.Wait()
	// Posts go before the other changes of their transaction: this job keeps the next one open until the verb waits too.
	kept := make(chan error, 1)
	go func() {
		kept <- c.writer.update(context.Background(), func(context.Context, *sqlite.Tx) error {
			begun <- struct{}{}
			<-end
			return nil
		}, nil)
	}()
	synctest.Wait()
	if n := len(c.writer.jobs); n != 2 {
		t.Fatalf("%d jobs wait, want the change and the one that keeps the next transaction open", n)
	}
	release()
	<-begun
	go func() { spoken <- verb() }()
	synctest.Wait()
	if len(c.writer.jobs) != 1 {
		t.Error("the verb was refused before it came to the writer:", <-spoken)
		spoken <- nil
	}
	close(end)
	must(t, <-kept)
	must(t, <-changed)
	return <-spoken
}

// A decision that was made while a method waited for the writer counts when it writes.
func TestWritingIsDecidedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		boss := setRole(t, c, mustSignIn(t, c, "Boss"), RoleOwner)
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		mustSignIn(t, c, "Eve")
		direct, err := c.Channels.CreateDirect(t.Context(), bob, []ID{ada.ID})
		must(t, err)
		post := func(slug, body string) func() error {
			return func() error {
				_, _, err := c.Messages.Post(t.Context(), bob, slug, Draft{Body: body})
				return err
			}
		}
		edit := func(slug string) func() error {
			return func() error { _, err := c.Messages.Edit(t.Context(), bob, slug, 1, "said afterwards"); return err }
		}
		archive := func(slug string) func() error {
			return func() error { _, err := c.Channels.Archive(t.Context(), boss, slug); return err }
		}
		set := func(slug string, s ChannelSettings) func() error {
			return func() error {
				s.Name = slug
				_, err := c.Channels.Update(t.Context(), boss, slug, s)
				return err
			}
		}
		block := func(string) func() error {
			return func() error { _, err := c.Moderation.Block(t.Context(), ada, "Bob"); return err }
		}
		announce := func(slug string) func() error { return set(slug, ChannelSettings{Announce: true}) }
		for what, round := range map[string]struct {
			slug   string // "" is a new channel
			change func(slug string) func() error
			verb   func(slug string) func() error
			want   Code
		}{
			"a post in what is archived": {"", archive,
				func(slug string) func() error { return post(slug, "said afterwards") }, CodeForbidden},
			"an edit in what is archived": {"", archive, edit, CodeForbidden},
			"a post where only others announce": {"", announce,
				func(slug string) func() error { return post(slug, "said afterwards") }, CodeForbidden},
			"an edit where only others announce": {"", announce, edit, CodeForbidden},
			"a post to someone who has blocked": {direct.Slug, block,
				func(slug string) func() error { return post(slug, "said afterwards") }, CodeForbidden},
			"an edit for someone who has blocked": {direct.Slug, block, edit, CodeForbidden},
			"a second post in slow mode": {"",
				func(slug string) func() error { return set(slug, ChannelSettings{SlowSeconds: 3600}) },
				func(slug string) func() error { return post(slug, "the first in slow mode") }, ""},
			"letting someone into what is archived": {"", archive, func(slug string) func() error {
				return func() error { _, err := c.Channels.AddMember(t.Context(), bob, slug, "Eve"); return err }
			}, CodeForbidden},
		} {
			t.Log(what) // shown if the test fails after it
			slug := round.slug
			if slug == "" {
				slug = mustChannel(t, c, boss, "room "+NewID().String(), Public).Slug
			}
			must(t, c.Moderation.Unblock(t.Context(), ada, bob.ID))
			must(t, post(slug, "said before")())
			err := afterwards(t, c, round.change(slug), round.verb(slug))
			if round.want == "" {
				must(t, err)
				wantCode(t, post(slug, "too soon")(), CodeTooOften) // the first one was recorded for slow mode
				continue
			}
			wantCode(t, err, round.want)
			p, err := c.Messages.After(t.Context(), bob, slug, 0)
			must(t, err)
			for _, row := range p.Rows {
				if m, err := c.Messages.Get(t.Context(), bob, slug, row.Seq); err != nil || m.Body == "said afterwards" {
					t.Error("it was said all the same:", m.Body, err)
				}
			}
		}
	})
}

// A user who loses a role, session or membership posts with what they have when the post is written.
func TestPostsHaveTheirSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		boss := setRole(t, c, mustSignIn(t, c, "Boss"), RoleOwner)
		ch := mustChannel(t, c, boss, "Plans", Private)
		for what, round := range map[string]struct {
			change func(Actor) error
			want   Code
		}{
			"signed out": {func(a Actor) error { return c.Accounts.SignOut(t.Context(), a) }, CodeSignedOut},
			"one session ended": {func(a Actor) error { return c.Accounts.EndSession(t.Context(), a, a.Session) },
				CodeSignedOut},
			"deactivated": {func(a Actor) error { return c.Admin.Deactivate(t.Context(), boss, a.ID) }, CodeSignedOut},
			"banned": {func(a Actor) error {
				_, err := c.Moderation.Ban(t.Context(), boss, NewBan{Name: a.Name, Channel: ch.Slug, For: time.Hour})
				return err
			}, CodeNotFound},
			"removed": {func(a Actor) error { return c.Channels.RemoveMember(t.Context(), boss, ch.Slug, a.ID) }, CodeNotFound},
		} {
			for _, verb := range []string{"post", "again"} {
				bob := mustSignIn(t, c, "Bob "+NewID().String())
				if _, err := c.Channels.AddMember(t.Context(), boss, ch.Slug, bob.Name); err != nil {
					t.Fatal(err)
				}
				d := Draft{Body: "hello", ClientID: NewID().String()}
				if verb == "again" {
					if _, _, err := c.Messages.Post(t.Context(), bob, ch.Slug, d); err != nil {
						t.Fatal(err)
					}
				}
				last := c.hub.channels.byID(ch.ID).lastSeq.Load()
				err := afterwards(t, c, func() error { return round.change(bob) }, func() error {
					_, _, err := c.Messages.Post(t.Context(), bob, ch.Slug, d)
					return err
				})
				if ErrorCode(err) != round.want {
					t.Errorf("%s, %s: %v, want %s", what, verb, err, round.want)
				}
				if got := c.hub.channels.byID(ch.ID).lastSeq.Load(); got != last {
					t.Errorf("%s, %s: message %d is there", what, verb, got)
				}
			}
		}
	})
}

// Another user's session is not accepted.
func TestPostsHaveTheirOwnSession(t *testing.T) {
	c := mustOpen(t, Options{})
	bob, eve := mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	eve.Session = bob.Session
	_, _, err := c.Messages.Post(t.Context(), eve, "general-talk", Draft{Body: "hello"})
	wantCode(t, err, CodeSignedOut)
}

// A user who became a guest can no longer mention everyone, in a post or by an edit.
func TestFormerMemberCallsNotEveryone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		boss := setRole(t, c, mustSignIn(t, c, "Boss"), RoleOwner)
		ch := mustChannel(t, c, boss, "Plans", Private)
		for what, say := range map[string]func(a Actor, seq int64) error{
			"a post": func(a Actor, _ int64) error {
				_, _, err := c.Messages.Post(t.Context(), a, ch.Slug, Draft{Body: "@all @boss late"})
				return err
			},
			"an edit": func(a Actor, seq int64) error {
				_, err := c.Messages.Edit(t.Context(), a, ch.Slug, seq, "@all @boss late")
				return err
			},
		} {
			bob := mustSignIn(t, c, "Bob "+NewID().String())
			if _, err := c.Channels.AddMember(t.Context(), boss, ch.Slug, bob.Name); err != nil {
				t.Fatal(err)
			}
			row, _, err := c.Messages.Post(t.Context(), bob, ch.Slug, Draft{Body: "early"})
			must(t, err)
			must(t, afterwards(t, c, func() error { return c.Admin.SetRole(t.Context(), boss, bob.ID, RoleGuest) },
				func() error { return say(bob, row.Seq) }))
			who, err := sqlite.Collect(t.Context(), c.db, scanID,
				`SELECT user_id FROM mentions WHERE channel_id = $1 AND seq >= $2`, ch.ID, row.Seq)
			if err != nil || !slices.Equal(who, []ID{boss.ID}) {
				t.Errorf("%s of a former member calls %v, %v; want Boss alone", what, who, err)
			}
		}
	})
}

// A refused post does not count: its author's name becomes free when they have gone.
func TestRefusedPostsKeepNoName(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	must(t, c.Accounts.SignOut(t.Context(), ada))
	_, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "hello"})
	wantCode(t, err, CodeSignedOut)
	var posted bool
	must(t, c.db.QueryRowContext(t.Context(), `SELECT posted FROM users WHERE id = $1`, ada.ID).Scan(&posted))
	if posted {
		t.Error("Ada has posted nothing, and her name is kept")
	}
}
