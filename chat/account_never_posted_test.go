package chat

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// there returns the names of those of the people who are in the database.
func there(t testing.TB, c *Chat, people map[string]ID) (names []string) {
	t.Helper()
	for name, id := range people {
		var n int
		must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM users WHERE id = $1`, id).Scan(&n))
		if n > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// wantNoTrace tests that no table except the log refers to a user.
func wantNoTrace(t testing.TB, c *Chat, user ID) {
	t.Helper()
	queries, err := sqlite.Collect(t.Context(), c.db, func(row sqlite.Scanner) (string, error) {
		table, column, err := sqlite.Pair[string, string](row)
		return fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s = $1`, table, column), err
	},
		`SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
		WHERE m.type = 'table' AND m.name <> 'audit' AND (p.name LIKE '%user_id' OR p.name LIKE '%\_by' ESCAPE '\'
			OR p.name IN ('author_id', 'blocked_id'))`)
	must(t, err)
	if len(queries) < 15 {
		t.Fatalf("only %d columns refer to people", len(queries))
	}
	for _, query := range queries {
		var n int
		if must(t, c.db.QueryRowContext(t.Context(), query, user).Scan(&n)); n > 0 {
			t.Errorf("%d rows are left: %s", n, query)
		}
	}
}

// TestPeopleWhoNeverPostedEnd: anyone can make some thousand users an hour, each with a row for every channel. Users
// who can sign in again, or whom others need, stay.
func TestPeopleWhoNeverPostedEnd(t *testing.T) {
	at := newClock()
	var dropped droppedFiles
	c := mustOpen(t, Options{Now: at.now, SessionLifetime: time.Hour, Dropped: dropped.drop})
	olga := mustOwn(t, c, "Olga")
	room := mustChannel(t, c, olga, "Room", Public)
	people := make(map[string]ID)
	come := func(name string) Actor {
		a := mustSignIn(t, c, name)
		people[name] = a.ID
		return a
	}
	gone := come("Gone")
	_, err := c.Users.SetAvatar(t.Context(), gone, NewID(), 100)
	must(t, err)
	picture := func() (id ID) {
		must(t, c.db.QueryRowContext(t.Context(), `SELECT avatar FROM users WHERE id = $1`, gone.ID).Scan(&id))
		return id
	}()
	come("Lost")
	_, err = c.Moderation.Block(t.Context(), olga, "Gone")
	must(t, err)
	mustPost(t, c, olga, "@Gone are you there?")

	mustPost(t, c, come("Posted"), "hello")
	mustProtect(t, c, come("Protected"), "correct horse battery")
	mustExec(t, c, `INSERT INTO passkeys (id, user_id, name, data, created_at, used_at) VALUES ('k', $1, '', '', 0, 0)`,
		come("Passkey").ID)
	come("Banned")
	_, err = c.Moderation.Ban(t.Context(), olga, NewBan{Name: "Banned"})
	must(t, err)
	must(t, c.Channels.Join(t.Context(), come("Joined"), room.Slug))
	mustChannel(t, c, come("Maker"), "Made", Public)
	setRole(t, c, come("Guest"), RoleGuest)
	setRole(t, c, come("Admin"), RoleAdmin)
	spoken := come("Spoken to")
	mustWrite(t, c, olga, mustDirect(t, c, olga, spoken).Slug, "hello")
	err = c.Moderation.Report(t.Context(), come("Reporter"), "general-talk", 1, "rude")
	must(t, err)
	kept := there(t, c, people)

	at.advance(passerByLifetime - 30*time.Minute)
	come("New")
	stays := come("Signed in")
	mustExec(t, c, `UPDATE users SET created_at = 0 WHERE id = $1`, stays.ID)
	mustSignIn(t, c, "Lost") // the session has ended: the name belongs to another user
	kept = append(kept, "New", "Signed in")
	slices.Sort(kept)
	must(t, c.expireNow(t.Context()))
	if got := there(t, c, people); !slices.Equal(got, kept) {
		t.Errorf("before their time: %v, want %v", got, kept)
	}
	at.advance(30 * time.Minute)
	must(t, c.expireNow(t.Context()))
	kept = slices.DeleteFunc(kept, func(name string) bool { return name == "Gone" || name == "Lost" })
	if got := there(t, c, people); !slices.Equal(got, kept) {
		t.Errorf("there are %v, want %v", got, kept)
	}
	wantNoTrace(t, c, gone.ID)
	wantNoTrace(t, c, people["Lost"])
	if !slices.Contains(dropped.list(), picture) {
		t.Error("the picture is kept")
	}
	mustSignIn(t, c, "Gone")
}

// TestManyWhoNeverPostedEndInTurns: no transaction deletes all of them at once, and none is skipped.
func TestManyWhoNeverPostedEndInTurns(t *testing.T) {
	at := newClock()
	c := mustOpen(t, Options{Now: at.now, SessionLifetime: time.Hour})
	people := make(map[string]ID)
	for _, a := range crowd(t, c, 2*passersByAtOnce+10) {
		people[a.Name] = a.ID
	}
	at.advance(passerByLifetime)
	must(t, c.expireNow(t.Context()))
	if left := there(t, c, people); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}

// TestRemovePerson: a user is deleted at once, even with sessions and a password, unless others need them.
func TestRemovePerson(t *testing.T) {
	c := mustOpen(t, Options{})
	olga, bob := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Bob")
	quiet := mustSignIn(t, c, "Quiet")
	mustProtect(t, c, quiet, "correct horse battery")
	unsaid := mustDirect(t, c, quiet, bob)
	room := mustChannel(t, c, olga, "Room", Private)
	_, err := c.Channels.AddMember(t.Context(), olga, room.Slug, "Quiet")
	must(t, err)
	page := mustListen(t, c, quiet, Cursor{})
	must(t, c.Admin.DeleteUser(t.Context(), olga, quiet.ID))
	wantClosed(t, page, CloseSignedOut)
	mustExec(t, c, `DELETE FROM channels WHERE id = $1`, unsaid.ID) // its tombstone, which ends in a day
	wantNoTrace(t, c, quiet.ID)
	if _, err := c.Channels.Get(t.Context(), bob, unsaid.Slug); ErrorCode(err) != CodeNotFound {
		t.Errorf("what they had begun is there: %v", err)
	}
	log, _, err := c.Admin.Audit(t.Context(), olga, AuditFilter{}, 0)
	must(t, err)
	if log[0].Action != "user.removed" || log[0].User != "Quiet" || log[1].Action != "channel.member_added" ||
		log[1].User != "Quiet" {
		t.Errorf("the log: %+v", log[:2])
	}
	mustSignIn(t, c, "Quiet")

	mustPost(t, c, bob, "hello")
	wantCode(t, c.Admin.DeleteUser(t.Context(), olga, bob.ID), CodeForbidden)
	maker := mustSignIn(t, c, "Maker")
	mustChannel(t, c, maker, "Made", Public)
	wantCode(t, c.Admin.DeleteUser(t.Context(), olga, maker.ID), CodeForbidden)
	spoken := mustSignIn(t, c, "Spoken to")
	mustWrite(t, c, bob, mustDirect(t, c, bob, spoken).Slug, "hello")
	wantCode(t, c.Admin.DeleteUser(t.Context(), olga, spoken.ID), CodeForbidden)
	wantCode(t, c.Admin.DeleteUser(t.Context(), bob, spoken.ID), CodeNotFound)
	wantCode(t, c.Admin.DeleteUser(t.Context(), olga, olga.ID), CodeForbidden)
}
