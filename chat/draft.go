package chat

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"chitchat/chat/sqlite"
)

// MaxDrafts is the maximum number of a user's drafts in the channels that they see.
const MaxDrafts = 100

// SavedDraft is what a user has written in the composer of a channel or a thread and not posted yet: the same on all
// their devices. A user has at most one in each. Only its author ever sees it, and only while they see the channel: it
// comes back with the channel.
type SavedDraft struct {
	Channel   Channel // as the user sees it, a thread's too; only in List
	Thread    int64   // the seq of the thread's root; 0: the draft is for the channel itself
	Body      string
	ClientID  string // of the form that saved it last: posting that form deletes the draft
	UpdatedAt time.Time

	feed ID // the channel's ID, or the thread's
}

// Draft returns the actor's draft in a channel that they see, or in a thread there, by its ID; the zero SavedDraft if
// there is none. Without one it makes no query, as a rule.
func (c Drafts) Draft(ctx context.Context, a Actor, feed ID) (SavedDraft, error) {
	in, err := c.draftsOf(ctx, a.ID)
	if err != nil || in[feed] == 0 {
		return SavedDraft{}, err
	}
	return selectDraft(ctx, c.db, feed, a.ID)
}

// Save keeps a text as the actor's draft at an address where they may post, in place of an earlier one. A blank text
// deletes the draft. A form that was posted meanwhile saves nothing: a page's last save may arrive after its post. A
// thread begins with its first draft.
func (c Drafts) Save(ctx context.Context, a Actor, address, body, clientID string) error {
	acc, err := c.accessFeedToPost(ctx, a, address)
	if err != nil {
		return err
	}
	if body, err = cleanBody(body, false); err != nil {
		return err
	}
	if body == "" {
		if acc.cached.ID == 0 {
			return nil // nobody has written in the thread
		}
		return c.deleteDraft(ctx, a, acc.cached, func(SavedDraft) bool { return true })
	}
	if refusal := acc.PostRefusal(); refusal != nil {
		return refusal
	}
	if len(clientID) > MaxClientIDLen || !utf8.ValidString(clientID) || strings.ContainsRune(clientID, 0) {
		return Invalid("client_id", "The draft's client_id is not valid: at most %d bytes of text.", MaxClientIDLen)
	}
	if clientID == "" {
		clientID = "server-" + NewID().String()
	}
	if acc.cached.ID == 0 {
		if acc.cached, err = c.beginThread(ctx, a, acc.cached.parent, acc.cached.root); err != nil {
			return err
		}
	}
	seen, err := c.seenDrafts(ctx, a)
	if err != nil {
		return err
	}
	draft := SavedDraft{Body: strings.Clone(body), ClientID: strings.Clone(clientID), UpdatedAt: c.now()}
	_, err = updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (fresh bool, err error) {
		acc, err := c.stillAccess(ctx, tx, a, acc.cached)
		if err != nil {
			return false, err
		}
		if refusal := acc.PostRefusal(); refusal != nil {
			return false, refusal
		}
		return saveDraft(ctx, tx, acc.cached.ID, a.ID, draft, seen)
	}, func(fresh bool) {
		if fresh {
			c.hub.draftsChanged(a.ID)
		}
	})
	return err
}

// Discard deletes the actor's draft at an address if it is the one that was sent: see sentAs.
func (c Drafts) Discard(ctx context.Context, a Actor, address string, sent Draft) error {
	in, err := c.draftsOf(ctx, a.ID)
	if err != nil || len(in) == 0 {
		return err
	}
	ch, err := c.authorizeFeed(ctx, a, address)
	if err != nil || in[ch.ID] == 0 {
		return err
	}
	return c.deleteDraft(ctx, a, ch, func(d SavedDraft) bool { return d.sentAs(sent.ClientID, sent.Saved, sent.Body) })
}

// deleteDraft deletes the actor's draft in a channel or a thread, if there is one that matches.
func (c Drafts) deleteDraft(ctx context.Context, a Actor, ch *cachedChannel, matches func(SavedDraft) bool) error {
	_, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (gone bool, err error) {
		if _, err := stillActor(ctx, tx, a); err != nil {
			return false, err
		}
		d, err := selectDraft(ctx, tx, ch.ID, a.ID)
		if err != nil || d.ClientID == "" || !matches(d) {
			return false, err
		}
		return true, deleteDrafts(ctx, tx, ch.ID, []ID{a.ID})
	}, func(gone bool) {
		if gone {
			c.hub.draftsChanged(a.ID)
		}
	})
	return err
}

// sentAs reports whether a message is what became of the draft. It is if its form saved the draft (clientID), was
// filled with it (saved, which a form without JavaScript sends), or if it says the same. Any other post leaves the
// draft: a user who answers quickly on one device keeps what they are writing on another.
func (d SavedDraft) sentAs(clientID, saved, body string) bool {
	return d.ClientID == clientID || d.ClientID == saved || d.Body == body
}

// List returns the actor's drafts in the channels that they see and the threads there, newest first.
func (c Drafts) List(ctx context.Context, a Actor) ([]SavedDraft, error) {
	if a.ID == 0 || a.Session == 0 {
		return nil, errSignedOut
	}
	all, err := selectDrafts(ctx, c.db, a.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]ID, len(all))
	for i := range all {
		ids[i] = all[i].Channel.ID
	}
	seen, err := c.visibleAmong(ctx, a, ids)
	if err != nil {
		return nil, err
	}
	var list []SavedDraft
	var direct []ID
	for _, d := range all {
		if ch := seen[d.Channel.ID]; ch != nil {
			d.Channel = ch.snapshot()
			list = append(list, d)
			if d.Channel.Kind == Direct {
				direct = append(direct, ch.ID)
			}
		}
	}
	if len(direct) == 0 {
		return list, nil
	}
	with, err := others(ctx, c.db, a.ID, direct)
	for i := range list {
		list[i].Channel.With = with[list[i].Channel.ID]
	}
	return list, err
}

// Count returns the number of drafts that List returns. Without any it makes no query, as a rule.
func (c Drafts) Count(ctx context.Context, a Actor) (int, error) {
	seen, err := c.seenDrafts(ctx, a)
	return len(seen), err
}

// seenDrafts returns the channels that the actor sees, and the threads there, in which they have a draft.
func (c *core) seenDrafts(ctx context.Context, a Actor) ([]ID, error) {
	in, err := c.draftsOf(ctx, a.ID)
	if err != nil || len(in) == 0 {
		return nil, err
	}
	memberships, banned, err := c.membershipsAndBans(ctx, a)
	if err != nil || banned[0] {
		return nil, err
	}
	var seen []ID
	for feed, id := range in {
		ch := c.hub.channels.byID(id)
		if ch != nil && !banned[id] && canView(ch.info.Load(), a.Role, memberships[id].State) {
			seen = append(seen, feed)
		}
	}
	return seen, nil
}

// draftsOf returns the channels and threads in which a user has a draft, whether they see them or not, each with its
// channel. The map must not be changed.
func (c *core) draftsOf(ctx context.Context, user ID) (map[ID]ID, error) {
	return c.caches.drafts.get(user, func() (map[ID]ID, error) { return selectDraftFeeds(ctx, c.db, user) })
}

// markDrafts marks those of the channels that the actor has a draft in: one in a thread stands in the list of drafts.
func (c *core) markDrafts(ctx context.Context, user ID, list []SidebarItem) error {
	in, err := c.draftsOf(ctx, user)
	if len(in) > 0 {
		for i := range list {
			list[i].Draft = in[list[i].ID] != 0
		}
	}
	return err
}

// draftsChanged shows on a user's open pages in which channels they have drafts, here and on other nodes.
func (h *hub) draftsChanged(user ID) {
	h.showDrafts(user)
	h.publish(Event{Drafts: user})
}

func (h *hub) showDrafts(user ID) {
	h.chat.caches.drafts.forget(user)
	h.showList(user)
}
