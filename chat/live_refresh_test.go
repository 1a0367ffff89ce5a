package chat

import (
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// withoutTable runs during while a table cannot be read.
func withoutTable(t testing.TB, c *Chat, table string, during func()) {
	t.Helper()
	mustExec(t, c, `ALTER TABLE `+table+` RENAME TO hidden`)
	during()
	mustExec(t, c, `ALTER TABLE hidden RENAME TO `+table)
}

// mustRemove removes a member as another node does: this node gets no event.
func mustRemove(t testing.TB, c *Chat, ch Channel, user ID) {
	t.Helper()
	mustExec(t, c, `UPDATE counters SET value = value + 1 WHERE name = 'memberships'`)
	mustExec(t, c, `UPDATE memberships SET state = 'removed', rev = (SELECT value FROM counters WHERE name = 'memberships')
		WHERE channel_id = $1 AND user_id = $2`, ch.ID, user)
}

// A change that could not be read after a commit is read later: a removed user's pages close all the same, without
// another node or another change.
func TestMembersAreLearnedAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		ch := mustChannel(t, c, ada, "Plans", Private)
		_, err := c.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob")
		must(t, err)
		page := mustListen(t, c, bob, Cursor{Channel: ch.Slug})
		mustRemove(t, c, ch, bob.ID)
		withoutTable(t, c, "memberships", func() {
			for range 3 {
				c.hub.membersChanged()
			}
			if page.Reason() != 0 {
				t.Fatal("the change was read, although nobody can")
			}
		})
		wantClosing(t, page, CloseNotFound, time.Second)
	})
}

// The same for profiles.
func TestProfilesAreRefreshedAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		page := mustListen(t, c, ada, Cursor{})
		takeUntil(t, page, func(b Update) bool { return b.Channels != nil })
		mustExec(t, c, `UPDATE counters SET value = value + 1 WHERE name = 'names'`)
		mustExec(t, c, `UPDATE users SET name = 'Robert', name_key = 'robert', name_rev = (SELECT value FROM counters
			WHERE name = 'names') WHERE id = $1`, bob.ID)
		withoutTable(t, c, "users", c.hub.profilesChanged)
		takeUntil(t, page, func(b Update) bool { return len(b.Profiles) == 1 && b.Profiles[0].Name == "Robert" })
	})
}

// A ban takes effect even when reading the bans fails, in whichever way, and the banned user's pages close once it
// works again.
func TestBansHoldWhenTheLookUpFails(t *testing.T) {
	for what, lookUp := range map[string]func(c *Chat){
		"after a ban":                 func(c *Chat) { c.hub.bansChanged() },
		"when positions are compared": func(c *Chat) { c.hub.reconcile() },
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log lines
				c := mustOpen(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
				ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
				ch := mustChannel(t, c, ada, "Plans", Public)
				must(t, c.Channels.Join(t.Context(), bob, ch.Slug))
				page := mustListen(t, c, bob, Cursor{Channel: ch.Slug})
				mustExec(t, c, `INSERT INTO bans (id, channel_id, user_id, reason, created_by, created_at, until, lifted_at)
					VALUES ($1, $2, $3, '', $4, 1, 0, 0)`, NewID(), ch.ID, bob.ID, ada.ID)
				withoutTable(t, c, "bans", func() { lookUp(c) })
				if !strings.Contains(log.String(), "bans") {
					t.Fatal("the look-up did not fail:", log.String())
				}
				_, err := c.Channels.Get(t.Context(), bob, ch.Slug)
				wantCode(t, err, CodeNotFound)
				_, _, err = c.Messages.Post(t.Context(), bob, ch.Slug, Draft{Body: "still here"})
				wantCode(t, err, CodeNotFound)
				if _, err := c.Channels.Get(t.Context(), ada, ch.Slug); err != nil {
					t.Error("everyone else is kept out too:", err)
				}
				if what == "after a ban" { // else it is for the next comparison
					wantClosing(t, page, CloseNotFound, time.Second)
				}
			})
		})
	}
}

// lines is a log that a test can read while it is written.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A page whose user gets another role, or whose session ends, between the handshake and the moment when the hub knows
// the page, does not stay open with the old role.
func TestWhatChangesDuringTheHandshake(t *testing.T) {
	c := mustOpen(t, Options{})
	t.Run("the role", func(t *testing.T) {
		for _, now := range []Role{RoleGuest, RoleMember, RoleOwner} {
			then := setRole(t, c, mustSignIn(t, c, "Bob "+string(now)), RoleAdmin) // with the role of the handshake
			mustExec(t, c, `UPDATE users SET role = $1 WHERE id = $2`, now, then.ID)
			page := mustListen(t, c, then, Cursor{})
			wantClosed(t, page, CloseRestart)
			if b, err := page.Take(t.Context()); err != nil || b.Channels != nil || b.Resync != nil || len(b.Rows) > 0 ||
				b.Online != 0 {
				t.Errorf("%s: told %+v, %v", now, b, err)
			}
			mustPost(t, c, mustSignIn(t, c, "Ada "+string(now)), "for those who are here")
			if b, _ := page.Take(t.Context()); len(b.Rows) > 0 {
				t.Errorf("%s: hears what is posted", now)
			}
		}
	})
	t.Run("the session", func(t *testing.T) {
		then := mustSignIn(t, c, "Eve")
		_, err := c.Accounts.AuthenticateKey(t.Context(), then.Key) // and remembers it
		must(t, err)
		mustExec(t, c, `DELETE FROM sessions WHERE id = $1`, then.Session)
		_, err = c.subscribeFake(t.Context(), then, Cursor{Channel: "general-talk", Epoch: c.Epoch()})
		wantCode(t, err, CodeSignedOut)
	})
}
