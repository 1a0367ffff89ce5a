package chat

import "context"

// maxHere bounds how many of those who are here a list of people looks at first.
const maxHere = 500

// Search returns users to write to: at most the given number of those whom the actor sees and whose name contains the
// query, online ones first.
func (c Users) Search(ctx context.Context, a Actor, query string, most int) ([]UserPresence, error) {
	return c.searchUsers(ctx, a, query, 0, most)
}

// searchUsers is Users.Search, but for the members of a channel; notIn 0: of none.
func (c *core) searchUsers(ctx context.Context, a Actor, query string, notIn ID, most int) ([]UserPresence, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	find := userQuery{query: query, notIn: notIn, but: a.ID, most: most}
	if a.Role == RoleGuest {
		find.with = a.ID
	}
	online := c.hub.online(a.ID)
	here := online[:min(len(online), maxHere)]
	list := make([]UserPresence, 0, most)
	if len(here) > 0 {
		find.among = here
		users, err := selectUsers(ctx, c.db, find)
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			list = append(list, UserPresence{User: u, Present: !u.Away})
		}
		find.among = nil
	}
	find.most += len(list)
	users, err := selectUsers(ctx, c.db, find)
	if err != nil {
		return nil, err
	}
	listed := make(map[ID]bool, len(list))
	for _, p := range list {
		listed[p.ID] = true
	}
	for _, u := range users {
		if !listed[u.ID] {
			list = append(list, UserPresence{User: u})
		}
	}
	return list[:min(len(list), most)], nil
}

// Visible returns those of the users whom the actor sees, sorted by name.
func (c Users) Visible(ctx context.Context, a Actor, people []ID) ([]User, error) {
	seen, err := c.filterVisible(ctx, a, people)
	if err != nil {
		return nil, err
	}
	return usersByID(ctx, c.db, seen)
}

// UserPresence is a user in a list, with their presence.
type UserPresence struct {
	User
	Present bool // online, and not away
}
