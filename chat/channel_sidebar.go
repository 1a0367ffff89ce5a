package chat

import (
	"cmp"
	"context"
	"slices"
)

// ListedDirect is the maximum number of direct conversations in a sidebar: others start them, and every page and socket
// pays for each.
const ListedDirect = 50

// listDirect returns the direct conversations of the actor's sidebar: those in Favourites or a section of the actor's
// own, those with unread messages, and those with the latest messages.
func (c *core) listDirect(ctx context.Context, a Actor, memberships map[ID]membershipRow,
	banned map[ID]bool) ([]SidebarItem, error) {
	list := c.direct(memberships, banned, func(l *SidebarItem) bool { return l.inSidebar(a.Role) })
	if len(list) > ListedDirect {
		unread := func(l *SidebarItem) bool { return l.LastSeq > l.ReadSeq && !l.Muted && l.Notify != NotifyNothing }
		placed := func(l *SidebarItem) bool { return l.Favourite || l.Section != 0 }
		slices.SortFunc(list, func(x, y SidebarItem) int {
			return cmp.Or(trueFirst(placed(&x), placed(&y)), trueFirst(unread(&x), unread(&y)), newestFirst(x, y))
		})
		list = slices.Clone(list[:ListedDirect]) // frees the others
	}
	return list, c.addPeople(ctx, a, list)
}

// direct returns the matching direct conversations, in no order and without their members.
func (c *core) direct(memberships map[ID]membershipRow, banned map[ID]bool,
	fits func(*SidebarItem) bool) (list []SidebarItem) {
	for id, m := range memberships {
		if ch := c.hub.channels.byID(id); ch != nil && ch.info.Load().Kind == Direct && !banned[id] {
			if l := sidebarItem(ch, m); fits(&l) {
				list = append(list, l)
			}
		}
	}
	return list
}

func newestFirst(x, y SidebarItem) int {
	return cmp.Or(cmp.Compare(y.lastAt, x.lastAt), cmp.Compare(y.ID, x.ID))
}

// ListDirect returns a page of the actor's direct conversations that have a message or that the actor started, hidden
// ones included, newest first.
func (c Channels) ListDirect(ctx context.Context, a Actor, page int) (List[SidebarItem], error) {
	if a.ID == 0 || a.Session == 0 {
		return List[SidebarItem]{}, errSignedOut
	}
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil {
		return List[SidebarItem]{}, err
	}
	all := c.direct(memberships, banned, func(l *SidebarItem) bool {
		return canView(&l.Channel, a.Role, l.State) && !l.shut && (l.LastSeq > 0 || l.inSidebar(a.Role))
	})
	slices.SortFunc(all, newestFirst)
	t := paginate(ListQuery{Page: page}.clean(), all)
	t.Rows = slices.Clone(t.Rows)
	if err := c.addPeople(ctx, a, t.Rows); err != nil {
		return List[SidebarItem]{}, err
	}
	return t, c.countMentions(ctx, a.ID, t.Rows)
}

// crowded reports whether a user has more direct conversations than their sidebar shows: then reading one can change
// which are shown.
func (h *hub) crowded(a Actor) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, n := h.people[a.ID], 0
	if p == nil || len(p.memberships) <= ListedDirect {
		return false
	}
	for id, m := range p.memberships {
		if ch := h.channels.byID(id); ch != nil && ch.index < 0 && listed(ch, &m, a.Role) {
			n++
		}
	}
	return n > ListedDirect
}
