package chat

import (
	"fmt"
	"testing"
)

// manyMembers adds members of General Talk, as if they had joined and left long ago.
func manyMembers(t *testing.T, c *Chat, n int) {
	t.Helper()
	general := c.general(t).ID
	for i := range n {
		id := NewID()
		mustExec(t, c, `INSERT INTO users (id, name, name_key, name_rev, posted, last_channel_id, created_at)
			VALUES ($1, $2, $3, 0, TRUE, 0, 0)`,
			id, fmt.Sprintf("Person %03d", i), fmt.Sprintf("person %03d", i))
		mustExec(t, c, `INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
			VALUES ($1, $2, 0, 0, 'joined')`, general, id)
	}
}

// TestListsOfPeopleAreBounded: a workspace of twenty thousand made pages of megabytes, which took half a second each.
func TestListsOfPeopleAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	owner, zoe := mustOwn(t, c, "Olga"), mustSignIn(t, c, "Zoe")
	side := mustChannel(t, c, owner, "Side", Private)
	_, secret := mustInvite(t, c, owner, RoleGuest, 1, side.Slug)
	guest := mustCome(t, c, secret, "Guest")
	manyMembers(t, c, 2*PageSize)
	mustListen(t, c, zoe, Cursor{}) // is online

	in, err := c.Channels.Members(t.Context(), mustAccess(t, c, owner, "general-talk"), ListQuery{})
	if err != nil || len(in.Rows) != PageSize || in.Total != 2*PageSize+2 || in.Rows[0].Name != "Olga" {
		t.Errorf("%d of %d members: %v", len(in.Rows), in.Total, err)
	}
	in, err = c.Channels.Members(t.Context(), mustAccess(t, c, owner, "general-talk"), ListQuery{Page: in.Pages() - 1})
	if err != nil || len(in.Rows) != 2 || in.Rows[1].Name != "Zoe" {
		t.Errorf("the last page: %v, %v", in.Rows, err)
	}
	in, err = c.Channels.Members(t.Context(), mustAccess(t, c, owner, "general-talk"), ListQuery{Text: "PERSON 09"})
	if err != nil || in.Total != 10 {
		t.Errorf("%d are called so: %v", in.Total, err)
	}
	people, err := c.Users.Search(t.Context(), owner, "", 10)
	if err != nil || len(people) != 10 || people[0].Name != "Zoe" || !people[0].Present || people[1].Present ||
		people[1].Name != "Guest" {
		t.Errorf("people to write to: %v, %v", people, err)
	}
	people, err = c.Users.Search(t.Context(), guest, "", 10)
	if err != nil || len(people) != 1 || people[0].Name != "Olga" {
		t.Errorf("a guest sees %v, %v", people, err)
	}
	people, err = c.Channels.AddableUsers(t.Context(), owner, mustAccess(t, c, owner, side.Slug), 5)
	if err != nil || len(people) != 5 || people[0].Name != "Zoe" || people[1].Name != "Person 000" {
		t.Errorf("people to let in: %v, %v", people, err)
	}
	if seen, err := c.Users.Visible(t.Context(), guest, []ID{zoe.ID, owner.ID}); err != nil || len(seen) != 1 ||
		seen[0].ID != owner.ID {
		t.Errorf("the guest sees %v, %v", seen, err)
	}
}
