package chat

import (
	"context"
	"slices"
)

// CompleteName returns users to mention in a channel: at most the given number of those whom the actor sees and whose
// handle, name, or a further word of it begins with the query. Members of the channel come first, then the others, both
// sorted by name. Nobody's name begins with nothing: an empty query finds nobody.
func (c Users) CompleteName(ctx context.Context, a Actor, acc Access, query string, most int) ([]UserPresence, error) {
	if !acc.CanView() {
		return nil, errNotFound
	}
	key := NameKey(ListQuery{Text: query}.clean().Text)
	if key == "" || most <= 0 {
		return nil, nil
	}
	users, err := selectCompletions(ctx, c.db, a, acc.cached.ID, key, most)
	if err != nil || len(users) == 0 {
		return nil, err
	}
	online := c.hub.online(0)
	list := make([]UserPresence, len(users))
	for i, u := range users {
		list[i] = UserPresence{User: u, Present: !u.Away && slices.Contains(online, u.ID)}
	}
	return list, nil
}
