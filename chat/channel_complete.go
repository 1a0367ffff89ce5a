package chat

import (
	"context"
	"strings"
)

// CompleteName returns channels to name in a text: at most the given number of the active ones that the actor sees, and
// whose name, slug, or a further word of the name begins with the query. Those whose name begins with it come first. It
// reads what every node holds in memory.
func (c Channels) CompleteName(ctx context.Context, a Actor, query string, most int) ([]Channel, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	key := NameKey(ListQuery{Text: query}.clean().Text)
	if key == "" {
		return nil, nil
	}
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil || banned[0] {
		return nil, err
	}
	var first, others []Channel
	for _, ch := range c.hub.channels.all() {
		info := ch.info.Load()
		begins := strings.HasPrefix(info.key, key)
		if !begins && !strings.HasPrefix(info.Slug, key) && !strings.Contains(info.key, " "+key) || info.Archived() ||
			banned[ch.ID] || !canView(info, a.Role, memberships[ch.ID].State) {
			continue
		}
		if begins {
			first = append(first, *info)
		} else if len(others) < most {
			others = append(others, *info)
		}
		if len(first) == most {
			break
		}
	}
	first = append(first, others...)
	return first[:min(len(first), most)], nil
}
