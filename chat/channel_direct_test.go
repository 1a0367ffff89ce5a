package chat

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"chitchat/chat/sqlite"
)

// A set of people has one conversation, whoever starts it and however many at once.
func TestOneConversationForASetOfPeople(t *testing.T) {
	c := mustOpen(t, Options{})
	people := []Actor{mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cleo")}
	var mu sync.Mutex
	found := make(map[ID]bool)
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			a, ids := people[i%3], []ID{people[(i+1)%3].ID, people[(i+2)%3].ID, people[(i+1)%3].ID}
			ch, err := c.Channels.CreateDirect(context.Background(), a, ids)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			found[ch.ID] = true
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(found) != 1 {
		t.Errorf("%d conversations", len(found))
	}
	many := make([]ID, MaxDirect+1)
	for i := range many {
		many[i] = mustSignIn(t, c, string(rune('a'+i))+"x").ID
	}
	_, err := c.Channels.CreateDirect(t.Context(), people[0], many)
	wantCode(t, err, CodeInvalid)
	if _, err := c.Channels.CreateDirect(t.Context(), people[0], many[1:]); err != nil {
		t.Error(err)
	}
	_, err = c.Channels.CreateDirect(t.Context(), people[0], []ID{people[0].ID})
	wantCode(t, err, CodeInvalid)
	_, err = c.Channels.CreateDirect(t.Context(), people[0], []ID{1})
	wantCode(t, err, CodeInvalid)
}

// A guest sees only the users with whom they share a channel.
func TestGuestsKnowFewPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		guest := mustSignIn(t, c, "Guest")
		general := c.general(t)
		must(t, c.act(t.Context(), guest, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
			return updateMembership(ctx, tx, general.ID, a.ID, `state = $2`, Removed)
		}, c.hub.membersChanged))
		guest = setRole(t, c, guest, RoleGuest)
		room := mustChannel(t, c, ada, "Room", Public)
		if _, err := c.Channels.AddMember(t.Context(), ada, room.Slug, "Guest"); err != nil {
			t.Fatal(err)
		}
		l := mustListen(t, c, guest, Cursor{Channel: room.Slug, ProfileRev: c.Users.ProfileRev()})
		mustListen(t, c, bob, Cursor{})
		mustListen(t, c, ada, Cursor{})
		if people, err := c.Users.Search(t.Context(), guest, "", 50); err != nil || len(people) != 1 ||
			people[0].Name != "Ada" {
			t.Errorf("the guest knows %v, %v", people, err)
		}
		if online, err := c.Live.Online(t.Context(), guest); err != nil || len(online) != 2 ||
			c.Live.OnlineCount(guest) != 2 {
			t.Errorf("the guest sees %v online, %v", online, err)
		}
		_, err := c.Channels.CreateDirect(t.Context(), guest, []ID{bob.ID})
		wantCode(t, err, CodeInvalid)
		if _, err := c.Users.Rename(t.Context(), bob, "Bobby"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Users.Rename(t.Context(), ada, "Adele"); err != nil {
			t.Fatal(err)
		}
		b := takeUntil(t, l, func(b Update) bool { return len(b.Profiles) > 0 })
		if len(b.Profiles) != 1 || b.Profiles[0].Name != "Adele" {
			t.Errorf("the guest was told %v", b.Profiles)
		}
		_, err = c.Channels.Create(t.Context(), guest, "x", Public)
		wantCode(t, err, CodeForbidden)
		if list, err := sidebarList(t.Context(), c, guest); err != nil || len(list) != 1 || list[0].ID != room.ID {
			t.Errorf("the guest's channels: %v, %v", list, err)
		}
	})
}
