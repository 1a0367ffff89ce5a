package views

import (
	"encoding/binary"
	"hash/fnv"
	"hash/maphash"
	"strconv"

	"chitchat/chat"
)

// AppendKey appends a key for what a channel's page shows around its list and what its composer alone has, which is
// its client_id and its text: pages with equal keys are equal there. ok is false for pages that are rarely equal: the
// first one after signing in, those with more unread messages than they show, those with a thread, and those with a
// refused form or the reply to a command.
func AppendKey(b []byte, s Layout, p chat.MessagePage, v ChannelView) (key []byte, ok bool) {
	c := v.Composer
	if v.Arrived || unreadAbove(p) > 0 || v.Thread != nil || c.Thread != 0 || c.Also || c.Beside || c.Error != "" ||
		c.Confirm != "" || !c.Reply.none() || c.Preview != nil ||
		len(c.Kept) > 0 || len(c.Refused) > 0 {
		return b, false
	}
	k := keyOf(b)
	k.layout(s)
	k.flags(c.Body != "")
	k.channel(p.Channel)
	k.text(p.Channel.Topic)
	k.flags(p.Channel.Archived())
	k.flags(p.Access.CanJoin())
	k.numbers(int64(p.Members), int64(p.Channel.Pins), p.MarkRev)
	k.text(closed(p))
	k.text(c.Slug)
	k.text(c.ChannelName)
	k.text(c.Sign)
	k.text(c.Slow)
	k.numbers(int64(c.MaxFiles), c.MaxUpload)
	k.text(c.Accept)
	return k, true
}

// AppendUnreadsKey is AppendKey for the page of what is unread, around its groups. ok is false for the page that offers
// to undo something.
func AppendUnreadsKey(b []byte, s Layout, u Unreads) (key []byte, ok bool) {
	k := keyOf(b)
	k.text("unreads") // no other page's key begins with this theme
	k.layout(s)
	k.numbers(u.Page.Unread, int64(u.Page.Conversations), u.Page.Until.UnixMilli())
	k.text(u.Page.More)
	return k, u.Undo == 0
}

// AppendGroupKey appends a key for all that a group of what is unread shows, but for its composer's client_id. ok is
// false for one with a refused form.
func AppendGroupKey(b []byte, g chat.UnreadGroup, a Answer) (key []byte, ok bool) {
	k := keyOf(b)
	k.channel(g.Channel)
	k.flags(g.CanPost)
	k.numbers(int64(a.Channel), a.Thread, g.Thread.Root, g.Unread, g.Mentions, g.ReadSeq, g.LastSeq, g.Hidden, a.Seen,
		int64(len(g.Rows)))
	k.text(a.Slug)
	k.text(a.ChannelName)
	k.text(a.Sign)
	for _, r := range g.Rows {
		k.numbers(r.Hidden, r.After, r.Seq)
		k.digest(r.HTML)
	}
	return k, a.Error == "" && a.Confirm == "" && a.Body == "" && a.Slow == ""
}

// ListDigest returns a digest of what the sidebar's sections show, except the unread counts, and of the number of
// drafts: pages with equal digests show equal lists.
func ListDigest(s *chat.Sidebar, current chat.ID, drafts int) uint64 {
	k := make(keyOf, 0, 64*len(s.Channels))
	k.numbers(int64(current), int64(drafts))
	k.sidebar(s, current)
	h := fnv.New64a()
	_, _ = h.Write(k) // it never fails
	return h.Sum64()
}

// digest returns a digest as pages hold it.
func digest(d uint64) string { return strconv.FormatUint(d, 36) }

// ParseDigest parses a page's digest; 0 means none.
func ParseDigest(s string) uint64 {
	d, _ := strconv.ParseUint(s, 36, 64) // an invalid digest equals no list's
	return d
}

// keyOf is a key under construction. The encoding of each value marks its end.
type keyOf []byte

func (k *keyOf) text(s string) {
	*k = append(binary.AppendUvarint(*k, uint64(len(s))), s...)
}

var digestSeed = maphash.MakeSeed()

// digest adds a digest in place of a long text. Nobody outside knows the seed, to find texts with equal ones.
func (k *keyOf) digest(text []byte) {
	*k = binary.LittleEndian.AppendUint64(*k, maphash.Bytes(digestSeed, text))
}

func (k *keyOf) numbers(list ...int64) {
	for _, n := range list {
		*k = binary.AppendVarint(*k, n)
	}
}

func (k *keyOf) flags(list ...bool) {
	for _, f := range list {
		if f {
			*k = append(*k, 1)
		} else {
			*k = append(*k, 0)
		}
	}
}

func (k *keyOf) user(u chat.User) {
	k.numbers(int64(u.ID), int64(u.Avatar), u.Status.Until.Unix())
	k.text(u.Name)
	k.text(u.Status.Emoji)
	k.text(u.Status.Text)
	k.flags(u.Away)
}

func (k *keyOf) layout(s Layout) {
	k.text(string(s.Theme))
	k.text(s.Workspace.Name)
	k.user(s.Me)
	k.numbers(int64(s.Reports), int64(s.Online), s.ProfileRev, int64(s.Current), int64(len(s.Channels)),
		int64(s.Drafts))
	k.sidebar(&s.Sidebar, s.Current)
	for i := range s.Channels {
		k.text(unread(s.Channels[i].Unread()))
		k.text(unread(s.Channels[i].Addressed()))
	}
	k.text(threadCounts(s.Threads))
}

func (k *keyOf) sidebar(s *chat.Sidebar, current chat.ID) {
	k.flags(s.HideRead)
	for _, g := range s.Grouped() {
		k.numbers(int64(g.ID), int64(len(g.Items)))
		k.text(g.Name)
		k.flags(g.Folded)
		for _, l := range g.Items {
			k.listing(l, current)
		}
	}
}

func (k *keyOf) listing(l *chat.SidebarItem, current chat.ID) {
	k.channel(l.Channel)
	k.flags(l.Muted, l.Present, showsDraft(l, current))
}

func (k *keyOf) channel(ch chat.Channel) {
	k.numbers(int64(ch.ID), int64(len(ch.With)))
	k.text(ch.Slug)
	k.text(ch.Name)
	k.text(string(ch.Kind))
	for _, u := range ch.With {
		k.user(u)
	}
}
