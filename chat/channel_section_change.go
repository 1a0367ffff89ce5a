package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// Limits of sections.
const (
	MaxSectionNameLen = 40 // characters
	MaxSections       = 30 // of a user's own
)

// CreateSection makes a section of the actor's own, above Channels.
func (c Channels) CreateSection(ctx context.Context, a Actor, name string) (Section, error) {
	name, err := cleanTitle(name, MaxSectionNameLen, "section")
	if err != nil {
		return Section{}, err
	}
	s := Section{ID: NewID(), Name: name, Sort: SortName}
	return s, c.changeSections(ctx, a, func(list []Section) ([]Section, error) {
		own := 0
		for _, other := range list {
			if other.Own() {
				own++
			}
		}
		if own >= MaxSections {
			return nil, Invalid("name", "You have %d sections, and that is the most. Delete one that you do not need.", own)
		}
		if err := distinct(list, s); err != nil {
			return nil, err
		}
		at := slices.IndexFunc(list, func(other Section) bool { return other.ID == SectionChannels })
		return slices.Insert(list, max(at, 0), s), nil
	})
}

// distinct refuses a name that another of the sections has.
func distinct(list []Section, s Section) error {
	for _, other := range list {
		if s.Own() && other.Own() && other.ID != s.ID && NameKey(other.Name) == NameKey(s.Name) {
			return Invalid("name", "You have a section called “%s” already.", other.Name)
		}
	}
	return nil
}

// UpdateSection changes a section of the actor's: its order, whether it is folded, and the name of an own one.
func (c Channels) UpdateSection(ctx context.Context, a Actor, s Section) error {
	if !slices.Contains(Sorts, s.Sort) {
		return Invalid("sort", "Choose an order: by name, the latest first, or what is unread first.")
	}
	if s.Own() {
		name, err := cleanTitle(s.Name, MaxSectionNameLen, "section")
		if err != nil {
			return err
		}
		s.Name = name
	} else {
		s.Name = ""
	}
	return c.changeSection(ctx, a, s.ID, func(list []Section, at int) ([]Section, error) {
		list[at] = s
		return list, distinct(list, s)
	})
}

// FoldSection folds a section, or unfolds it.
func (c Channels) FoldSection(ctx context.Context, a Actor, id ID, folded bool) error {
	return c.changeSection(ctx, a, id, func(list []Section, at int) ([]Section, error) {
		list[at].Folded = folded
		return list, nil
	})
}

// MoveSection puts a section before another one; before 0, at the end.
func (c Channels) MoveSection(ctx context.Context, a Actor, id, before ID) error {
	return c.changeSection(ctx, a, id, func(list []Section, at int) ([]Section, error) {
		s, to := list[at], len(list)
		if before != 0 {
			to = slices.IndexFunc(list, func(other Section) bool { return other.ID == before })
		}
		if to < 0 {
			return nil, errNotFound
		}
		if to > at {
			to--
		}
		return slices.Insert(slices.Delete(list, at, at+1), to, s), nil
	})
}

// DeleteSection deletes a section of the actor's own. Its conversations go back to Channels and Direct messages.
func (c Channels) DeleteSection(ctx context.Context, a Actor, id ID) error {
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		s, err := selectSidebar(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(s.Sections), func(of Section) bool { return of.Own() && of.ID == id })
		if len(left) == len(s.Sections) {
			return errNotFound
		}
		if err := emptySection(ctx, tx, a.ID, id); err != nil {
			return err
		}
		return saveSections(ctx, tx, a.ID, left)
	}, func() {
		c.hub.sectionsChanged(a.ID)
		c.hub.membersChanged()
	})
}

// HideRead shows in the actor's sidebar only what is unread, or everything.
func (c Channels) HideRead(ctx context.Context, a Actor, on bool) error {
	return c.actOnSidebar(ctx, a, func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET hide_read = $1 WHERE id = $2`, on, a.ID)
		return err
	})
}

// PutInto puts conversations into sections of the actor: an own one, Favourites, or that of their kind. Those that the
// actor does not see are left alone.
func (c Channels) PutInto(ctx context.Context, a Actor, sections map[ID]ID) error {
	if a.ID == 0 || a.Session == 0 {
		return errSignedOut
	}
	channels := make([]ID, 0, len(sections))
	for id := range sections {
		channels = append(channels, id)
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	if err != nil {
		return err
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		s, err := selectSidebar(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		for _, id := range channels {
			section, err := s.ownSection(sections[id])
			if err == nil && seen[id] != nil {
				err = putInto(ctx, tx, id, a.ID, section)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}, c.hub.membersChanged)
}

// ownSection returns what a membership says about a section of the user: 0 for that of a kind. It fails with
// CodeNotFound if the user has no such section.
func (s *Sidebar) ownSection(id ID) (ID, error) {
	switch {
	case id == 0 || id == SectionChannels || id == SectionDirect:
		return 0, nil
	case slices.ContainsFunc(s.sections(), func(of Section) bool { return of.ID == id }):
		return id, nil
	}
	return 0, errNotFound
}

// changeSection changes one of the actor's sections, which is at this index.
func (c *core) changeSection(ctx context.Context, a Actor, id ID,
	change func(list []Section, at int) ([]Section, error)) error {
	return c.changeSections(ctx, a, func(list []Section) ([]Section, error) {
		at := slices.IndexFunc(list, func(s Section) bool { return s.ID == id })
		if at < 0 {
			return nil, errNotFound
		}
		return change(list, at)
	})
}

// changeSections changes the actor's sections. change owns the list.
func (c *core) changeSections(ctx context.Context, a Actor, change func([]Section) ([]Section, error)) error {
	return c.actOnSidebar(ctx, a, func(ctx context.Context, tx *sqlite.Tx) error {
		s, err := selectSidebar(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		if s.Sections, err = change(s.Sections); err != nil {
			return err
		}
		return saveSections(ctx, tx, a.ID, s.Sections)
	})
}

// actOnSidebar is act for changes of the actor's sections: nobody else's caches depend on them.
func (c *core) actOnSidebar(ctx context.Context, a Actor, apply func(context.Context, *sqlite.Tx) error) error {
	if a.ID == 0 || a.Session == 0 {
		return errSignedOut
	}
	return c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		if _, err := stillActor(ctx, tx, a); err != nil {
			return err
		}
		return apply(ctx, tx)
	}, func() { c.hub.sectionsChanged(a.ID) })
}

// sectionsChanged shows a user's sections on their open pages, here and on other nodes.
func (h *hub) sectionsChanged(user ID) {
	h.showSections(user)
	h.publish(Event{Sections: user})
}

func (h *hub) showSections(user ID) {
	h.chat.caches.sections.forget(user)
	h.showList(user)
}
