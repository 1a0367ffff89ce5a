package chat

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"chitchat/chat/sqlite"
)

// racing calls each of the methods in a loop, and takes a right away meanwhile: a call that begins before that and ends
// after it must be refused.
func racing(t testing.TB, takeAway func() error, verbs ...func(context.Context)) {
	t.Helper()
	var all sync.WaitGroup
	stop, begun := make(chan struct{}), make(chan struct{}, len(verbs))
	for _, verb := range verbs {
		all.Go(func() {
			verb(context.Background())
			begun <- struct{}{}
			for after := 0; after < 3; { // some may be refused before the transaction
				select {
				case <-stop:
					after++
				default:
				}
				verb(context.Background())
			}
		})
	}
	for range verbs {
		<-begun
	}
	err := takeAway()
	close(stop)
	all.Wait()
	if err != nil {
		t.Fatal(err)
	}
}

// A channel's owner who is removed while they change it has changed it before that, or not at all.
func TestRemovedOwnerRunsNothing(t *testing.T) {
	c := mustOpen(t, Options{})
	boss, bob, eve := setRole(t, c, mustSignIn(t, c, "Boss"), RoleOwner), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	for range 10 {
		ch := mustChannel(t, c, bob, "Plans "+NewID().String(), Private)
		for _, name := range []string{"Boss", "Eve"} {
			if _, err := c.Channels.AddMember(t.Context(), bob, ch.Slug, name); err != nil {
				t.Fatal(err)
			}
		}
		racing(t, func() error { return c.Channels.RemoveMember(t.Context(), boss, ch.Slug, bob.ID) },
			func(ctx context.Context) {
				_, _ = c.Channels.Update(ctx, bob, ch.Slug, ChannelSettings{Name: ch.Name, Topic: NewID().String(), Private: true})
			},
			func(ctx context.Context) {
				_, _ = c.Channels.Archive(ctx, bob, ch.Slug)
				_, _ = c.Channels.Restore(ctx, bob, ch.Slug)
			},
			func(ctx context.Context) {
				_ = c.Channels.RemoveMember(ctx, bob, ch.Slug, eve.ID)
				_, _ = c.Channels.AddMember(ctx, bob, ch.Slug, "Eve")
			},
			func(ctx context.Context) {
				_, _ = c.Moderation.BanFromChannel(ctx, bob, ch.Slug, NewBan{Name: "Eve"})
				acc, _ := c.Channels.Access(ctx, bob, ch.Slug)
				bans, _ := c.Moderation.ChannelBans(ctx, acc)
				for _, b := range bans {
					_ = c.Moderation.UnbanFromChannel(ctx, bob, ch.Slug, b.ID)
				}
			},
		)
		wantNothingAfter(t, c, bob, boss)
	}
}

// The same for an admin who loses the role, and for one whose session has ended.
func TestFormerAdminRulesNothing(t *testing.T) {
	c := mustOpen(t, Options{})
	boss := setRole(t, c, mustSignIn(t, c, "Boss"), RoleOwner)
	for round, takeAway := range []func(Actor) error{
		func(a Actor) error { return c.Admin.SetRole(t.Context(), boss, a.ID, RoleMember) },
		func(a Actor) error { return c.Admin.EndSessionsOf(t.Context(), boss, a.ID) },
		func(a Actor) error { return c.Admin.Deactivate(t.Context(), boss, a.ID) },
	} {
		for i := range 5 {
			victim := fmt.Sprint("Eve ", round, i)
			eve := mustSignIn(t, c, victim)
			bob := setRole(t, c, mustSignIn(t, c, fmt.Sprint("Bob ", round, i)), RoleAdmin)
			ch := mustChannel(t, c, boss, "Hall "+NewID().String(), Public)
			if _, _, err := c.Messages.Post(t.Context(), eve, ch.Slug, Draft{Body: "hello"}); err != nil {
				t.Fatal(err)
			}
			racing(t, func() error { return takeAway(bob) },
				func(ctx context.Context) {
					_ = c.Admin.SetRole(ctx, bob, eve.ID, RoleGuest)
					_ = c.Admin.SetRole(ctx, bob, eve.ID, RoleMember)
				},
				func(ctx context.Context) {
					_, _, _ = c.Admin.CreateInvitation(ctx, bob, NewInvitation{Role: RoleMember, Lifetime: time.Hour})
				},
				func(ctx context.Context) {
					_, _ = c.Channels.Archive(ctx, bob, ch.Slug)
					_, _ = c.Channels.Restore(ctx, bob, ch.Slug)
				},
				func(ctx context.Context) { _, _, _ = c.Accounts.CreatePasswordReset(ctx, bob, victim) },
				func(ctx context.Context) {
					_, _ = c.Moderation.Ban(ctx, bob, NewBan{Name: victim, Channel: ch.Slug})
					t, _ := c.Moderation.Bans(ctx, bob, ListQuery{})
					for _, b := range t.Rows {
						_ = c.Moderation.Unban(ctx, bob, b.ID)
					}
				},
			)
			wantNothingAfter(t, c, bob, boss)
		}
	}
}

// Once a session has ended, its calls in progress have no effect: no device link, no password, no message.
func TestEndedSessionKeepsNoWayIn(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	if err := c.Accounts.SignOut(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	_, err := c.Accounts.CreateDeviceLink(t.Context(), ada)
	wantCode(t, err, CodeSignedOut)
	wantCode(t, c.Accounts.SetPassword(t.Context(), ada, "", "seven green otters"), CodeSignedOut)
	_, err = c.Accounts.StartTwoFactor(t.Context(), ada, "")
	if err == nil {
		t.Error("a second step for a session that has ended")
	}
	_, err = c.Users.Rename(t.Context(), ada, "Someone Else")
	wantCode(t, err, CodeSignedOut)
	_, err = c.Channels.Create(t.Context(), ada, "Ghosts", Public)
	wantCode(t, err, CodeSignedOut)
	_, _, err = c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "still here"})
	wantCode(t, err, CodeSignedOut)
}

// wantNothingAfter tests that the log has no entry of a user after the last entry of the other.
func wantNothingAfter(t testing.TB, c *Chat, a, other Actor) {
	t.Helper()
	actions, err := sqlite.Collect(t.Context(), c.db, sqlite.Single[string], `SELECT action FROM audit
		WHERE actor_id = $1 AND id > (SELECT max(id) FROM audit WHERE actor_id = $2)`, a.ID, other.ID)
	must(t, err)
	for _, action := range actions {
		t.Errorf("afterwards, %s got through: %s", a.Name, action)
	}
}
