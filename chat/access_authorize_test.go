package chat

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/sqlite"
)

// mustChannel makes a channel.
func mustChannel(t testing.TB, c *Chat, a Actor, name string, kind Kind) Channel {
	t.Helper()
	ch, err := c.Channels.Create(t.Context(), a, name, kind)
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// setRole changes a user's role as the admin pages do, without them.
func setRole(t testing.TB, c *Chat, a Actor, role Role) Actor {
	t.Helper()
	must(t, c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET role = $1 WHERE id = $2`, role, a.ID)
		return err
	}, func() { c.hub.roleChanged(a.ID) }))
	a.Role = role
	return a
}

// everything calls each way to reach a channel, whose message 1 is the insider's and has a file.
func everything(c *Chat, a Actor, slug string, file ID) map[string]error {
	ctx := context.Background()
	got := make(map[string]error)
	_, got["channel"] = c.Channels.Get(ctx, a, slug)
	_, got["view"] = c.Messages.View(ctx, a, slug)
	_, got["peek"] = c.Messages.Peek(ctx, a, slug)
	_, got["before"] = c.Messages.Before(ctx, a, slug, 9)
	_, got["after"] = c.Messages.After(ctx, a, slug, 0)
	_, got["around"] = c.Messages.Around(ctx, a, slug, 1)
	_, got["message"] = c.Messages.Get(ctx, a, slug, 1)
	_, _, got["quote"] = c.Messages.Quote(ctx, a, slug, 1)
	got["unread"] = c.Channels.MarkUnread(ctx, a, slug, 1)
	_, got["row"] = c.Messages.Row(ctx, a, slug, 1)
	_, _, got["post"] = c.Messages.Post(ctx, a, slug, Draft{Body: "x"})
	_, got["edit"] = c.Messages.Edit(ctx, a, slug, 1, "x")
	_, _, got["delete"] = c.Messages.Delete(ctx, a, slug, 1)
	got["read"] = c.Channels.MarkRead(ctx, a, slug, 1)
	_, got["keep"] = c.Messages.SavePendingFiles(ctx, a, slug, []Attachment{{ID: NewID(), Name: "x"}}, nil)
	_, got["kept"] = c.Messages.PendingFiles(ctx, a, slug, []ID{file})
	_, got["file"] = c.Messages.Attachment(ctx, a, file)
	acc, err := c.Channels.Access(ctx, a, slug)
	if got["access"], got["members"] = err, err; err == nil {
		_, got["members"] = c.Channels.Members(ctx, acc, ListQuery{})
	}
	_, got["count"] = c.Channels.MemberCount(ctx, a, slug)
	got["join"] = c.Channels.Join(ctx, a, slug)
	got["leave"] = c.Channels.Leave(ctx, a, slug)
	_, got["invite"] = c.Channels.AddMember(ctx, a, slug, a.Name)
	got["remove"] = c.Channels.RemoveMember(ctx, a, slug, a.ID)
	got["prefer"] = c.Channels.SetPreferences(ctx, a, slug, true, true, NotifyAll, 0)
	got["hide"] = c.Channels.Hide(ctx, a, slug)
	l, err := c.subscribeFake(ctx, a, Cursor{Channel: slug, Epoch: c.Epoch()})
	if got["listen"] = err; err == nil {
		l.Close()
	}
	return got
}

// A channel that the actor does not see answers every method like one that never existed.
func TestAuthorize(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	was := mustSignIn(t, c, "Was")
	private := mustChannel(t, c, ada, "Plans", Private)
	if _, err := c.Channels.AddMember(t.Context(), ada, private.Slug, "was"); err != nil {
		t.Fatal(err)
	}
	must(t, c.Channels.RemoveMember(t.Context(), ada, private.Slug, was.ID))
	direct, err := c.Channels.CreateDirect(t.Context(), ada, []ID{mustSignIn(t, c, "Friend").ID})
	must(t, err)
	public := mustChannel(t, c, ada, "Open", Public)
	for _, ch := range []Channel{private, direct, public} {
		file := Attachment{ID: NewID(), Name: "secret.txt"}
		if _, _, err := c.Messages.Post(t.Context(), ada, ch.Slug,
			Draft{Body: "secret", Files: []Attachment{file}}); err != nil {
			t.Fatal(err)
		}
		outsiders := []Actor{bob, guest, admin, was}
		if ch.Kind == Public {
			outsiders = []Actor{guest}
		}
		for _, a := range outsiders {
			nowhere := everything(c, a, "nowhere", 1)
			for what, err := range everything(c, a, ch.Slug, file.ID) {
				if err == nil || err.Error() != nowhere[what].Error() || ErrorCode(err) != CodeNotFound {
					t.Errorf("%s, %s, %s: %v", a.Name, ch.Kind, what, err)
				}
			}
			list, err := sidebarList(t.Context(), c, a)
			must(t, err)
			for _, l := range list {
				if l.ID == ch.ID {
					t.Errorf("%s has the %s channel in the list", a.Name, ch.Kind)
				}
			}
		}
		for what, err := range everything(c, Actor{}, ch.Slug, file.ID) {
			if ErrorCode(err) != CodeSignedOut {
				t.Errorf("nobody, %s, %s: %v", ch.Kind, what, err)
			}
		}
	}
	for _, ch := range []Channel{private, direct, public} { // the tests above would pass if nothing worked
		if p, err := c.Messages.View(t.Context(), ada, ch.Slug); err != nil || len(p.Rows) == 0 {
			t.Errorf("Ada sees %d messages in the %s channel, %v", len(p.Rows), ch.Kind, err)
		}
	}
}

// A private channel's name is secret: nobody can learn that it exists, not even by trying to take the name.
func TestPrivateNames(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	first, second := mustChannel(t, c, ada, "Plans", Private), mustChannel(t, c, ada, "Plans", Private)
	if open := mustChannel(t, c, bob, "Plans", Public); open.Slug != "plans" {
		t.Errorf("the slug %q tells of another channel", open.Slug)
	}
	if len(first.Slug) < len("plans-")+26 || first.Slug == second.Slug {
		t.Errorf("the slug %q can be guessed", first.Slug)
	}
}

// Open pages close when their user no longer sees the channel, on every node and whatever the bus does.
func TestRevocation(t *testing.T) {
	for name, drop := range map[string]float64{"a good bus": 0, "a bus that drops everything": 1} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				path, bus := tempPath(t), &lossyBus{drop: drop}
				nodes := []*Chat{mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})}
				here, there := nodes[0], nodes[1]
				ada, bob := mustSignIn(t, here, "Ada"), mustSignIn(t, here, "Bob")
				for what, revoke := range map[string]struct {
					do   func(ch Channel) error
					want CloseReason
				}{
					"removed": {func(ch Channel) error { return here.Channels.RemoveMember(t.Context(), ada, ch.Slug, bob.ID) },
						CloseNotFound},
					"left":        {func(ch Channel) error { return here.Channels.Leave(t.Context(), bob, ch.Slug) }, CloseNotFound},
					"banned":      {func(ch Channel) error { return ban(t.Context(), here, bob.ID, ch.ID) }, CloseNotFound},
					"role":        {func(Channel) error { bob = setRole(t, here, bob, RoleGuest); return nil }, CloseRestart},
					"deactivated": {func(Channel) error { return deactivate(t.Context(), here, bob.ID, true) }, CloseSignedOut},
				} {
					ch := mustChannel(t, here, ada, "Plans", Private)
					_, err := here.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob")
					must(t, err)
					waitFor(t, func() bool { return there.hub.channels.byID(ch.ID) != nil })
					var tabs []*fakeSubscriber
					for _, node := range nodes {
						l := mustListen(t, node, bob, Cursor{Channel: ch.Slug})
						takeUntil(t, l, func(b Update) bool { return b.Channels != nil })
						tabs = append(tabs, l)
					}
					must(t, revoke.do(ch))
					for i, l := range tabs {
						limit := time.Duration(0)
						if i > 0 && drop > 0 {
							limit = 1500 * time.Millisecond // it finds out without an event
						}
						time.Sleep(limit)
						synctest.Wait()
						wantClosed(t, l, revoke.want)
						if b, err := l.Take(t.Context()); err != nil || b.Rows != nil || b.Channels != nil {
							t.Errorf("%s: node %d still tells %+v, %v", what, i, b, err)
						}
						if t.Failed() {
							t.Fatalf("%s: node %d", what, i)
						}
					}
					must(t, deactivate(t.Context(), here, bob.ID, false))
					bob = setRole(t, here, bob, RoleMember)
				}
			})
		})
	}
}

func ban(ctx context.Context, c *Chat, user, channel ID) error {
	return c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx,
			`INSERT INTO bans (id, channel_id, user_id, reason, created_by, created_at, until, lifted_at)
			VALUES ($1, $2, $3, '', 0, 0, 0, 0)`, NewID(), channel, user)
		return err
	}, c.hub.bansChanged)
}

func deactivate(ctx context.Context, c *Chat, user ID, gone bool) error {
	return c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET deactivated_at = $1 WHERE id = $2`, map[bool]int{true: 1}[gone], user)
		return err
	}, func() {
		if gone {
			c.hub.disconnectUser(user)
		}
	})
}
