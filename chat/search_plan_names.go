package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"chitchat/chat/search"
	"chitchat/chat/sqlite"
)

// maxAlike is the number of users that a part of a name may mean.
const maxAlike = 20

// authorsNamed returns the users whom from: may mean, of those whom the actor sees: the one with that handle or name, or
// else those whose names contain it. Users who are not here any more have written too.
func (c *core) authorsNamed(ctx context.Context, a Actor, name string) ([]User, error) {
	name = strings.TrimLeft(name, signs)
	exact, err := sqlite.Collect(ctx, c.db, scanID,
		`SELECT id FROM users WHERE handle = $1 OR name_key = $2 ORDER BY handle IS NULL OR handle <> $1 LIMIT 2`,
		asHandle(name), NameKey(name))
	if err != nil {
		return nil, err
	}
	users, err := c.users.Visible(ctx, a, exact)
	if err != nil || len(users) > 0 {
		return users[:min(1, len(users))], err
	}
	key := NameKey(name)
	if key == "" || key == noKey {
		return nil, nil
	}
	alike, err := sqlite.Collect(ctx, c.db, scanID,
		`SELECT id FROM users WHERE name_key LIKE $1 ESCAPE '\' ORDER BY name_key LIMIT $2`,
		"%"+likeEscaper.Replace(key)+"%", maxAlike)
	if err != nil {
		return nil, err
	}
	return c.users.Visible(ctx, a, alike)
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// readIn reads in:, which takes the name of a channel, its slug, or the name of a user for the direct conversations
// with them.
func (p *searchPlan) readIn(ctx context.Context, t *SearchTerm) ([]search.Condition, error) {
	if len(p.named) == maxNamed {
		t.Problem = fmt.Sprintf("A search can name %d channels.", maxNamed)
		return nil, nil
	}
	ids, err := p.channelsNamed(ctx, t)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		t.Problem = fmt.Sprintf("There is no channel called “%s” here.", firstName(strings.TrimLeft(t.Value, channelSigns)))
		return nil, nil
	}
	p.named = append(p.named, ids)
	return []search.Condition{{Class: classOther << (len(p.named) - 1)}}, nil
}

// channelsNamed returns the channels that in: means, and says so in the term.
func (p *searchPlan) channelsNamed(ctx context.Context, t *SearchTerm) ([]ID, error) {
	name := strings.TrimLeft(t.Value, channelSigns)
	key, slug := NameKey(name), strings.ToLower(name)
	var ids []ID
	for _, ch := range p.c.hub.channels.all() {
		if info := ch.info.Load(); (info.key == key || info.Slug == slug) && p.sees(ch) {
			ids = append(ids, ch.ID)
			t.Meaning = "in #" + info.Name
		}
	}
	if len(ids) > 0 {
		return ids, nil
	}
	var with []ID // conversations with a user of that name
	if isMe(t.Value) {
		with = []ID{p.actor.ID}
	} else {
		users, err := p.c.authorsNamed(ctx, p.actor, t.Value)
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			with = append(with, u.ID)
			t.Meaning = "in direct conversations with " + u.Name
		}
	}
	if len(with) != 1 {
		return nil, nil
	}
	return directWith(ctx, p.c.db, p.actor.ID, with[0])
}

// directWith returns the direct conversations in which both users are.
func directWith(ctx context.Context, q sqlite.Querier, user, other ID) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID, `SELECT c.id FROM memberships m
		JOIN memberships o ON o.channel_id = m.channel_id AND o.user_id = $2 AND o.state = $3
		JOIN channels c ON c.id = m.channel_id WHERE m.user_id = $1 AND m.state = $3 AND c.kind = $4`,
		user, other, Joined, Direct)
}

// sees reports whether the actor sees a channel.
func (p *searchPlan) sees(ch *cachedChannel) bool {
	return ch != nil && !p.banned[ch.ID] && !p.banned[0] &&
		canView(ch.info.Load(), p.actor.Role, p.memberships[ch.ID].State)
}

// class returns what a channel is to the actor.
func (p *searchPlan) class(id int64) search.Class {
	class, known := p.classes[id]
	if known {
		return class
	}
	ch := p.c.hub.channels.byID(ID(id))
	if p.sees(ch) {
		class = classSeen
		if p.memberships[ch.ID].State == Joined {
			class |= classJoined
		}
		if ch.info.Load().Kind == Direct {
			class |= classDirect
		}
		for i, ids := range p.named {
			if slices.Contains(ids, ch.ID) {
				class |= classOther << i
			}
		}
	}
	p.classes[id] = class
	return class
}
