package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSignIn(t *testing.T) {
	t.Run("a name is taken while its holder has a session, in any disguise", func(t *testing.T) {
		c := mustOpen(t, Options{})
		mustSignIn(t, c, "Ada")
		for _, name := range []string{"Ada", "ada", " ADA ", "Аdа", "Ａｄａ"} {
			_, err := c.Accounts.SignIn(t.Context(), name)
			wantCode(t, err, CodeInvalid)
		}
	})
	t.Run("a name is free after a sign-out without a post", func(t *testing.T) {
		c := mustOpen(t, Options{})
		first := mustSignIn(t, c, "Ada")
		if err := c.Accounts.SignOut(t.Context(), first); err != nil {
			t.Fatal(err)
		}
		if second := mustSignIn(t, c, "Ada"); second.ID == first.ID {
			t.Error("a stranger became the same person")
		}
	})
	t.Run("a name is free after the session ran out without a post", func(t *testing.T) {
		clock := newClock()
		c := mustOpen(t, Options{Now: clock.now, SessionLifetime: time.Hour})
		mustSignIn(t, c, "Ada")
		clock.advance(2 * time.Hour)
		mustSignIn(t, c, "Ada")
	})
	t.Run("who has posted keeps the name", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		mustPost(t, c, ada, "hi")
		if err := c.Accounts.SignOut(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
		_, err := c.Accounts.SignIn(t.Context(), "Ada")
		wantCode(t, err, CodeInvalid)
	})
	t.Run("fifty race for one name: one wins", func(t *testing.T) {
		c := mustOpen(t, Options{})
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, err := c.Accounts.SignIn(context.Background(), "Ada"); err == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d won", won.Load())
		}
	})
}

func TestAuthenticate(t *testing.T) {
	clock := newClock()
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path, Now: clock.now, SessionLifetime: 48 * time.Hour})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for name, try := range map[string][2]ID{
		"nobody": {0, 0}, "no session": {ada.ID, 0}, "invented": {ada.ID, NewID()}, "someone else's": {ada.ID, bob.Session},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Accounts.Authenticate(t.Context(), try[0], try[1])
			wantCode(t, err, CodeSignedOut)
		})
	}
	for range 5 { // used daily, it outlives its lifetime
		clock.advance(24 * time.Hour)
		if a, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session); err != nil || a.Name != "Ada" {
			t.Fatal(a, err)
		}
	}
	_, err := c.Accounts.Authenticate(t.Context(), bob.ID, bob.Session)
	wantCode(t, err, CodeSignedOut)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	again := mustOpen(t, Options{Path: path, Now: clock.now, SessionLifetime: 48 * time.Hour})
	if _, err := again.Accounts.Authenticate(t.Context(), ada.ID, ada.Session); err != nil {
		t.Errorf("a restart signed Ada out: %v", err)
	}
	if again.Epoch() != c.Epoch() {
		t.Error("a restart began another epoch")
	}
}

func TestRename(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		mustPost(t, c, ada, "hi")
		mustView(t, c, bob)
		l := mustListen(t, c, bob, Cursor{Since: 1})
		_, err := c.Users.Rename(t.Context(), ada, "bob")
		wantCode(t, err, CodeInvalid)

		if _, err := c.Users.Rename(t.Context(), ada, "Countess"); err != nil {
			t.Fatal(err)
		}
		b := takeUntil(t, l, func(b Update) bool { return len(b.Profiles) > 0 })
		if b.Profiles[0].ID != ada.ID || b.Profiles[0].Name != "Countess" {
			t.Errorf("told of %+v", b.Profiles)
		}
		if html := string(mustView(t, c, bob).Rows[0].HTML); !strings.Contains(html, "Countess: hi") {
			t.Errorf("the ring still shows %q", html)
		}
		mustPost(t, c, ada, "under way with the old name")
		b = takeUntil(t, l, func(b Update) bool { return len(b.Rows) > 0 })
		if html := string(b.Rows[0].HTML); !strings.Contains(html, "Countess:") {
			t.Errorf("a post that was under way shows %q", html)
		}
		mustSignIn(t, c, "Ada") // the old name is free
		late := mustListen(t, c, bob, Cursor{Since: 2, ProfileRev: 0})
		if b := takeUntil(t, late, func(b Update) bool { return len(b.Profiles) > 0 }); b.Profiles[0].Name != "Countess" {
			t.Errorf("a page from before the rename was told %+v", b.Profiles)
		}
		if got, err := c.Users.Rename(t.Context(), ada, "COUNTESS"); err != nil || got.Name != "COUNTESS" {
			t.Errorf("one's own name in other letters: %v, %v", got, err)
		}
	})
}

func TestOnline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		if n := c.Live.OnlineCount(ada); n != 1 {
			t.Errorf("alone: %d", n)
		}
		first, second := mustListen(t, c, ada, Cursor{}), mustListen(t, c, ada, Cursor{})
		watch := mustListen(t, c, bob, Cursor{})
		b := takeUntil(t, watch, func(b Update) bool { return b.Online == 2 })
		users, err := c.Live.Online(t.Context(), bob)
		if err != nil || len(users) != 2 || users[0].Name != "Ada" || b.Online != 2 {
			t.Errorf("online %v, %v", users, err)
		}
		first.Close()
		if n := c.Live.OnlineCount(bob); n != 2 {
			t.Errorf("one of two tabs closed: %d", n)
		}
		second.Close()
		if n := c.Live.OnlineCount(bob); n != 2 {
			t.Errorf("going from one page to the next must not count as leaving: %d", n)
		}
		takeUntil(t, watch, func(b Update) bool { return b.Online == 1 })
	})
}

func TestSignOutCutsListeners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		mine, other := mustListen(t, c, ada, Cursor{}), mustListen(t, c, bob, Cursor{})
		mustPost(t, c, bob, "Ada is here")
		takeUntil(t, mine, func(b Update) bool { return len(b.Rows) == 1 })
		if err := c.Accounts.SignOut(t.Context(), ada); err != nil {
			t.Fatal(err)
		}
		wantClosed(t, mine, CloseSignedOut)
		mustPost(t, c, bob, "secret")
		takeUntil(t, other, func(b Update) bool { return len(b.Rows) == 2 })
		if b, err := mine.Take(t.Context()); err != nil || len(b.Rows) != 0 {
			t.Errorf("after signing out came %v, %v", b.Rows, err)
		}
		_, err := c.subscribeFake(t.Context(), ada, Cursor{Channel: "general-talk"})
		wantCode(t, err, CodeSignedOut)
		takeUntil(t, other, func(b Update) bool { return b.Online == 1 })
	})
}

func TestSessionsRunOut(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now, SessionLifetime: 4 * time.Hour})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	open := mustListen(t, c, ada, Cursor{})
	for range 5 { // a page that only listens keeps its session
		clock.advance(2 * time.Hour)
		if err := c.expireNow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session); err != nil {
		t.Errorf("signed out while the page was open: %v", err)
	}
	_, err := c.Accounts.Authenticate(t.Context(), bob.ID, bob.Session)
	wantCode(t, err, CodeSignedOut)

	clock.advance(5 * time.Hour) // as after a long sleep of the server: the session has expired meanwhile
	if err := c.expireNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantClosed(t, open, CloseSignedOut)
}

// storageKeyOf returns a key that is long enough.
func storageKeyOf(name string) string { return name + strings.Repeat("-", minStorageKey) }

func TestStorage(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	s := c.Accounts.SessionStorage()
	if err := s.Set(storageKeyOf("cookie"), []byte("v"), time.Hour); err != nil {
		t.Fatal(err)
	}
	get := func(key, want string) {
		t.Helper()
		if v, err := s.Get(storageKeyOf(key)); err != nil || string(v) != want {
			t.Errorf("Get(%q) = %q, %v; want %q", key, v, err, want)
		}
	}
	get("cookie", "v")
	get("other", "")
	var keys string
	if err := c.db.QueryRowContext(t.Context(), `SELECT key_hash FROM sessions`).Scan(&keys); err != nil ||
		strings.Contains(keys, "cookie") {
		t.Errorf("the cookie itself is in the database: %q, %v", keys, err)
	}
	clock.advance(time.Hour)
	get("cookie", "")
	if err := c.expireNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM sessions`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d left, %v", left, err)
	}
	for i := range 3 {
		if err := s.Set(storageKeyOf(fmt.Sprint(i)), []byte("v"), 0); err != nil {
			t.Fatal(err)
		}
	}
	clock.advance(1000 * time.Hour)
	get("1", "v")
	if err := s.Delete(storageKeyOf("1")); err != nil {
		t.Fatal(err)
	}
	get("1", "")
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	get("2", "")
}
