package chat

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/sqlite"
)

func TestTTLCache(t *testing.T) {
	asked := 0
	ask := func() (int, error) { asked++; return asked, nil }
	r := newTTLCache[ID, int](func() {})
	r.lifetime = time.Hour
	want := func(key ID, want int) {
		t.Helper()
		if got, err := r.get(key, ask); err != nil || got != want {
			t.Errorf("got %d, %v; want %d", got, err, want)
		}
	}
	want(1, 1)
	want(1, 1)
	want(2, 2)
	r.forget(1)
	want(1, 3)
	want(2, 2)
	r.forgetAll()
	want(2, 4)

	t.Run("keeps nothing that was read before a change", func(t *testing.T) {
		got, err := r.get(3, func() (int, error) {
			r.forget(3) // it changes while the database answers
			return 0, nil
		})
		if err != nil || got != 0 {
			t.Error(got, err)
		}
		want(3, 5)
	})
	t.Run("asks anew when it is too old", func(*testing.T) {
		r.lifetime = 0
		want(3, 6)
	})
}

// hold takes every reading connection of the chat, so that every query blocks.
func (c *Chat) hold(t *testing.T) {
	t.Helper()
	for range c.db.ReadPool().Stats().MaxOpenConnections {
		conn, err := c.db.ReadPool().Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
}

// remembers keeps the caches from expiring while the test runs.
func (c *Chat) remembers() {
	m := c.caches
	m.sessions.lifetime, m.memberships.lifetime, m.lastChannels.lifetime = time.Hour, time.Hour, time.Hour
	m.drafts.lifetime, m.sections.lifetime = time.Hour, time.Hour
}

func TestWarmPageAsksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		c.remembers()
		a := mustSignIn(t, c, "Ada")
		mustPost(t, c, a, "hello")
		synctest.Wait() // a goroutine of the start writes too, which clears the caches
		for range 2 {
			if _, err := c.Accounts.AuthenticateKey(t.Context(), a.Key); err != nil {
				t.Fatal(err)
			}
			mustView(t, c, a)
			if _, err := sidebarList(t.Context(), c, a); err != nil {
				t.Fatal(err)
			}
		}
		c.hold(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second) // in a bubble, a blocked call times out at once
		defer cancel()
		if _, err := c.Accounts.AuthenticateKey(ctx, a.Key); err != nil {
			t.Error("who asks:", err)
		}
		if p, err := c.Messages.View(ctx, a, "general-talk"); err != nil || len(p.Rows) != 1 {
			t.Error("the channel:", err)
		}
		if _, err := sidebarList(ctx, c, a); err != nil {
			t.Error("the list of channels:", err)
		}
		if d, err := c.Drafts.Draft(ctx, a, c.general(t).ID); err != nil || d.Body != "" {
			t.Error("the draft:", d, err)
		}
		if n, err := c.Drafts.Count(ctx, a); err != nil || n != 0 {
			t.Error("the number of drafts:", n, err)
		}
		if _, err := c.Channels.Last(ctx, a); err != nil {
			t.Error("the last channel:", err)
		}
	})
}

func TestChangesCountAtOnce(t *testing.T) {
	c := mustOpen(t, Options{})
	c.remembers()
	ctx := t.Context()
	a, b := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for _, who := range []Actor{a, b} {
		if _, err := c.Accounts.AuthenticateKey(ctx, who.Key); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Users.Rename(ctx, a, "Countess"); err != nil {
		t.Fatal(err)
	}
	if now, err := c.Accounts.AuthenticateKey(ctx, a.Key); err != nil || now.Actor.Name != "Countess" {
		t.Errorf("after a new name: %q, %v", now.Actor.Name, err)
	}
	mustView(t, c, a)
	mustPost(t, c, b, "unread")
	if list, err := sidebarList(ctx, c, a); err != nil || list[0].Unread() != 1 {
		t.Errorf("unread after a post: %+v, %v", list[0], err)
	}
	mustView(t, c, a)
	if list, err := sidebarList(ctx, c, a); err != nil || list[0].Unread() != 0 {
		t.Errorf("unread after reading: %+v, %v", list[0], err)
	}
	other, err := c.Channels.Create(ctx, a, "Other", Public)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Messages.View(ctx, a, other.Slug); err != nil {
		t.Fatal(err)
	}
	if last, err := c.Channels.Last(ctx, a); err != nil || last.ID != other.ID {
		t.Errorf("the last channel: %q, %v", last.Slug, err)
	}
	if err := c.Accounts.SignOut(ctx, a); err != nil {
		t.Fatal(err)
	}
	_, err = c.Accounts.AuthenticateKey(ctx, a.Key)
	wantCode(t, err, CodeSignedOut)
	if err := c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE id = $1`, b.Session)
		return err
	}, nil); err != nil {
		t.Fatal(err)
	}
	_, err = c.Accounts.AuthenticateKey(ctx, b.Key)
	wantCode(t, err, CodeSignedOut)
}

// Another process's change takes effect a moment later, and not only when the cached value expires.
func TestOthersChangesCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := tempPath(t)
		c := mustOpen(t, Options{Path: path})
		c.remembers()
		a := mustSignIn(t, c, "Ada")
		if _, err := c.Accounts.AuthenticateKey(t.Context(), a.Key); err != nil {
			t.Fatal(err)
		}
		other := mustOpen(t, Options{Path: path, Beside: true})
		if err := other.Accounts.SignOut(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		_, err := c.Accounts.AuthenticateKey(t.Context(), a.Key)
		wantCode(t, err, CodeSignedOut)
	})
}

// Reading a cached value does not wait for a long transaction, even when the check for other processes' changes is due.
func TestNobodyWaitsForTheWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		a := mustSignIn(t, c, "Ada")
		mustPost(t, c, a, "hello")
		mustView(t, c, a)
		release := hold(t, c)
		defer release()
		if _, ok, err := c.db.OutsideVersion(); ok || err != nil {
			t.Error("the connection of a transaction that is under way was asked:", err)
		}
		done := make(chan error, 1)
		go func() {
			for range 3 {
				c.caches.asked.Store(1) // long ago
				_, err := c.Accounts.AuthenticateKey(t.Context(), a.Key)
				if err == nil {
					_, err = c.Messages.Peek(t.Context(), a, "general-talk")
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		select {
		case err := <-done:
			must(t, err)
		case <-time.After(patience):
			t.Fatal("a page waits for the writer")
		}
	})
}

// After memory was released everything works, and idle connections are closed.
func TestShrink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		a := mustSignIn(t, c, "Ada")
		mustPost(t, c, a, "before")
		mustView(t, c, a)
		if n := c.db.ReadPool().Stats().OpenConnections; n == 0 {
			t.Fatal("nothing was read")
		}
		waitFor(t, func() bool { // one that is in use stays
			c.ReleaseMemory()
			return c.db.ReadPool().Stats().OpenConnections == 0
		})
		mustPost(t, c, a, "after")
		if p, err := c.Messages.Before(t.Context(), a, "general-talk", 2); err != nil || len(p.Rows) != 1 {
			t.Errorf("the history after it: %d rows, %v", len(p.Rows), err)
		}
	})
}
