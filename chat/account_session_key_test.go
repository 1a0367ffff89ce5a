package chat

import (
	"crypto/rand"
	"database/sql"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// wantKey tests whether a key opens a session of the actor.
func wantKey(t *testing.T, c *Chat, key string, a Actor, want bool) OpenedSession {
	t.Helper()
	in, err := c.Accounts.AuthenticateKey(t.Context(), key)
	if want && (err != nil || in.Actor.ID != a.ID || in.Actor.Session != a.Session) {
		t.Errorf("the key opens %+v, %v", in.Actor, err)
	}
	if !want {
		wantCode(t, err, CodeSignedOut)
	}
	return in
}

func TestSessionKeys(t *testing.T) {
	c := mustOpen(t, Options{})
	c.remembers()
	ctx := t.Context()
	boss, ada, bob := mustOwn(t, c, "Boss"), mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")

	t.Run("open the session that they were made for", func(t *testing.T) {
		wantKey(t, c, ada.Key, ada, true)
		wantKey(t, c, bob.Key, bob, true)
	})
	t.Run("are not told again", func(t *testing.T) {
		if in := wantKey(t, c, ada.Key, ada, true); in.Actor.Key != "" {
			t.Error("the actor of a request has the key")
		}
	})
	t.Run("that were invented open nothing and put nobody out of the cache", func(t *testing.T) {
		remembered := func() int { // other goroutines clear the cache
			c.caches.sessions.mu.Lock()
			defer c.caches.sessions.mu.Unlock()
			return len(c.caches.sessions.entries)
		}
		before := remembered()
		for _, key := range []string{"", "A", strings.Repeat("A", tokenLen-1), rand.Text(), hashToken(ada.Key)} {
			wantKey(t, c, key, Actor{}, false)
		}
		if now := remembered(); now > before { // fewer: a change at the start cleared them
			t.Errorf("%d sessions are remembered, %d before", now, before)
		}
	})
	t.Run("are replaced at once", func(t *testing.T) {
		old := ada.Key
		key, err := c.Accounts.ReplaceKey(ctx, ada, "")
		must(t, err)
		wantKey(t, c, old, ada, false)
		wantKey(t, c, key, ada, true)
		if again, err := c.Accounts.ReplaceKey(ctx, ada, old); again != "" || err != nil {
			t.Error("a key that is replaced already was replaced:", err)
		}
		wantKey(t, c, key, ada, true)
		ada.Key, err = c.Accounts.ReplaceKey(ctx, ada, key)
		must(t, err)
		wantKey(t, c, key, ada, false)
		wantKey(t, c, ada.Key, ada, true)
		wantKey(t, c, bob.Key, bob, true)
	})
	t.Run("know the role of their time", func(t *testing.T) {
		must(t, c.Admin.SetRole(ctx, boss, ada.ID, RoleGuest))
		if in := wantKey(t, c, ada.Key, ada, true); in.Actor.Role != RoleGuest || in.KeyRole != RoleMember {
			t.Errorf("%s, and the key is a %s's", in.Actor.Role, in.KeyRole)
		}
		key, err := c.Accounts.ReplaceKey(ctx, setRole(t, c, ada, RoleGuest), "")
		must(t, err)
		if in := wantKey(t, c, key, ada, true); in.KeyRole != RoleGuest {
			t.Errorf("the new key is a %s's", in.KeyRole)
		}
		ada.Key = key
	})
	t.Run("end with the session", func(t *testing.T) {
		must(t, c.Accounts.SignOut(ctx, ada))
		wantKey(t, c, ada.Key, ada, false)
		if key, err := c.Accounts.ReplaceKey(ctx, ada, ""); key != "" || err != nil {
			t.Error("a session that has ended got a key:", err)
		}
	})
}

// Fiber's session store uses the sessions' own rows: nothing is written twice, and neither outlives the other.
func TestStorageOfSomebodysSession(t *testing.T) {
	clock := newClock()
	var changes atomic.Int64
	c := mustOpen(t, Options{Now: clock.now, SessionLifetime: 48 * time.Hour, Trace: func(query string) {
		if strings.Contains(query, "session") && !strings.HasPrefix(strings.TrimSpace(query), "SELECT") &&
			!strings.Contains(query, "expires_at <= $1") {
			changes.Add(1)
		}
	}})
	c.remembers()
	s := c.Accounts.SessionStorage()
	s.Blank = []byte("blank")
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	wrote := func(want int64, do func() error) {
		t.Helper()
		before := changes.Load()
		must(t, do())
		if n := changes.Load() - before; n != want {
			t.Errorf("%d changes of sessions, want %d", n, want)
		}
	}
	get := func(key, want string) {
		t.Helper()
		if v, err := s.Get(key); err != nil || string(v) != want {
			t.Errorf("Get = %q, %v; want %q", v, err, want)
		}
	}
	end := func() (at int64) {
		t.Helper()
		must(t, c.db.QueryRowContext(t.Context(), `SELECT expires_at FROM sessions WHERE id = $1`, ada.Session).Scan(&at))
		return at
	}

	get(ada.Key, "blank")
	wrote(0, func() error { return s.Set(ada.Key, []byte("blank"), 48*time.Hour) })
	clock.advance(time.Hour)
	for range 2 { // the first records the use, and the second is cached
		wantKey(t, c, ada.Key, ada, true)
	}
	before := end()
	wrote(1, func() error { return s.Set(ada.Key, []byte("blank"), 48*time.Hour) })
	if in := wantKey(t, c, ada.Key, ada, true); !in.KeySent.Equal(clock.now().Truncate(time.Millisecond)) {
		t.Errorf("sent at %s, and it is %s", in.KeySent, clock.now())
	}
	wrote(1, func() error { return s.Set(ada.Key, []byte("something"), 1000*time.Hour) })
	get(ada.Key, "something")
	get(bob.Key, "blank")
	if now := end(); now < before || now > clock.now().Add(48*time.Hour).UnixMilli() {
		t.Error("the storage moved the end of the session")
	}

	open := mustListen(t, c, ada, Cursor{})
	wrote(0, func() error { return s.Delete(storageKeyOf("never there")) })
	must(t, s.Delete(ada.Key))
	wantClosed(t, open, CloseSignedOut)
	get(ada.Key, "")
	wantKey(t, c, ada.Key, ada, false)
	wantKey(t, c, bob.Key, bob, true)
	clock.advance(50 * time.Hour)
	get(bob.Key, "")
}

// A session without a user opens nothing, and ends nothing else when it ends.
func TestStorageOfNobodysSession(t *testing.T) {
	c := mustOpen(t, Options{})
	s := c.Accounts.SessionStorage()
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "to be there")
	must(t, c.Accounts.SetPassword(t.Context(), ada, "", goodPassword))
	secret, err := c.Accounts.CreatePasswordResetFromServer(t.Context(), "Ada")
	must(t, err)
	ceremony, err := c.Accounts.BeginPasskeySignIn(t.Context(), testRelyingParty, "") // any user's
	must(t, err)

	key := storageKeyOf("nobody")
	must(t, s.Set(key, []byte("v"), time.Hour))
	wantKey(t, c, key, Actor{}, false)
	must(t, s.Delete(key))
	if v, err := s.Get(key); v != nil || err != nil {
		t.Errorf("it is there still: %q, %v", v, err)
	}
	if _, err := c.Accounts.PasswordResetUser(t.Context(), secret); err != nil {
		t.Error("the server's link is gone:", err)
	}
	if _, _, err := c.Accounts.findCeremony(t.Context(), ceremony.State); err != nil {
		t.Error("somebody's passkey is not taken any more:", err)
	}
	wantKey(t, c, ada.Key, ada, true)
	must(t, s.Reset())
	wantKey(t, c, ada.Key, ada, false)
}

// Unreadable sessions of an earlier version do not keep the program from starting.
func TestMigrationOfSpoiltSessions(t *testing.T) {
	path := mustLoad(t, "schema1.sql")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.ExecContext(t.Context(),
		`UPDATE session_data SET value = X'00' WHERE key = (SELECT min(key) FROM session_data);
		INSERT INTO session_data SELECT 'later', value, expires_at + 1 FROM session_data WHERE key = (SELECT max(key)
			FROM session_data)`)
	must(t, err)
	must(t, db.Close())
	c := mustOpen(t, Options{Path: path})
	keys, err := sqlite.Collect(t.Context(), c.db, sqlite.Single[string],
		`SELECT key_hash FROM sessions WHERE key_hash IS NOT NULL`)
	must(t, err)
	// of five, one is corrupt; of two for one session the later one counts
	if len(keys) != 4 || !slices.Contains(keys, "later") {
		t.Errorf("keys: %q", keys)
	}
}
