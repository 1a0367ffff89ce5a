package chat

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	unreadOnPage     = 15  // conversations
	unreadRowsOnPage = 100 // of them all
	// rows of each
	maxUnreadRows = 12
	lastUnread    = 3
)

// UnreadPage is a page of what the actor has not read.
type UnreadPage struct {
	Groups        []UnreadGroup
	Unread        int64     // on all pages
	Conversations int       // on all pages, threads included
	More          string    // where the next page begins; "": there is none
	Until         time.Time // when the newest message of all came that it knows of
}

// UnreadGroup is what is unread in a channel or a thread. If that is much, the group folds: it has the first rows,
// those that mention the actor, and the last ones.
type UnreadGroup struct {
	Channel  Channel
	Thread   ThreadRef
	Unread   int64
	Mentions int64 // how many of them mention the actor
	ReadSeq  int64 // the newest message that the actor had read
	LastSeq  int64 // the newest one as of this page
	Rows     []UnreadRow
	Hidden   int64 // unread messages after the last row
	CanPost  bool
}

// UnreadRow is a row of a group.
type UnreadRow struct {
	Row
	Hidden int64 // unread messages between the row and the one before it, that are not shown
	After  int64 // the seq after which they begin
}

// Unreads returns a page of what the actor sees and has not read, as the sidebar counts it: direct conversations and
// what mentions the actor first, then by the time of the newest message. from is "", or the More of the page before.
// Nothing is marked as read.
func (c Messages) Unreads(ctx context.Context, a Actor, from string) (UnreadPage, error) {
	if a.ID == 0 || a.Session == 0 {
		return UnreadPage{}, errSignedOut
	}
	after, err := parseUnreadKey(from)
	if err != nil {
		return UnreadPage{}, err
	}
	feeds, err := c.unreadFeeds(ctx, a)
	if err != nil {
		return UnreadPage{}, err
	}
	p := countUnread(feeds)
	if from != "" {
		feeds = slices.DeleteFunc(feeds, func(f unreadFeed) bool { return f.key().compare(after) <= 0 })
	}
	shown := feeds[:min(len(feeds), unreadOnPage)]
	if len(shown) == 0 {
		return p, nil
	}
	seqs, err := c.foldUnread(ctx, a, shown)
	if err != nil {
		return UnreadPage{}, err
	}
	rows := 0
	for i := range shown {
		if rows += len(seqs[i]); rows > unreadRowsOnPage { // not by the first: maxUnreadRows
			shown = shown[:i]
			break
		}
	}
	if n := len(shown); n < len(feeds) {
		p.More = feeds[n-1].key().String()
	}
	p.Groups, err = c.readUnread(ctx, a, shown, seqs)
	return p, err
}

// UnreadCount is Unreads without groups.
func (c Messages) UnreadCount(ctx context.Context, a Actor) (UnreadPage, error) {
	if a.ID == 0 || a.Session == 0 {
		return UnreadPage{}, errSignedOut
	}
	feeds, err := c.unreadFeeds(ctx, a)
	return countUnread(feeds), err
}

func countUnread(feeds []unreadFeed) UnreadPage {
	p, newest := UnreadPage{Conversations: len(feeds)}, int64(0)
	for i := range feeds {
		p.Unread += feeds[i].unread
		newest = max(newest, feeds[i].lastAt)
	}
	p.Until = fromMillis(newest)
	return p
}

func (k unreadKey) String() string {
	urgent := "0"
	if k.urgent {
		urgent = "1"
	}
	return urgent + "-" + strconv.FormatInt(k.lastAt, 10) + "-" + k.id.String()
}

func parseUnreadKey(s string) (k unreadKey, err error) {
	if s == "" {
		return k, nil
	}
	urgent, rest, _ := strings.Cut(s, "-")
	at, id, _ := strings.Cut(rest, "-")
	lastAt, err := strconv.ParseInt(at, 10, 64)
	if err != nil || urgent != "0" && urgent != "1" {
		return k, errNotFound
	}
	feed, err := ParseID(id)
	if err != nil {
		return k, errNotFound
	}
	return unreadKey{urgent: urgent == "1", lastAt: lastAt, id: feed}, nil
}

// group returns the feed's group with the rows.
func (f *unreadFeed) group(a Actor, rows []Row) UnreadGroup {
	info := f.ch.gate().info.Load()
	acc := Access{Channel: info, Membership: f.member, Role: a.Role, User: a.ID, General: info.general}
	g := UnreadGroup{Thread: f.ch.ref(), Unread: f.unread, Mentions: f.mentions, ReadSeq: f.readSeq, LastSeq: f.lastSeq,
		CanPost: acc.CanPost()}
	g.Rows = make([]UnreadRow, 0, len(rows))
	before := f.readSeq
	for i, row := range rows {
		r := UnreadRow{Row: row, After: before}
		switch {
		case !f.only:
			r.Hidden = f.alive(before, row.Seq-1)
		case i == 1:
			r.Hidden = f.unread - int64(len(rows))
		}
		g.Rows, before = append(g.Rows, r), row.Seq
	}
	if !f.only {
		g.Hidden = f.alive(before, f.lastSeq)
	} else if len(rows) < 2 {
		g.Hidden = f.unread - int64(len(rows))
	}
	return g
}

// Seen returns the newest message if the group shows all that is unread, and 0 otherwise.
func (g *UnreadGroup) Seen() int64 {
	if g.Hidden > 0 || slices.ContainsFunc(g.Rows, func(r UnreadRow) bool { return r.Hidden > 0 }) {
		return 0
	}
	return g.LastSeq
}

// Last returns the seq of the group's last row, or of the newest message that the actor had read.
func (g *UnreadGroup) Last() int64 {
	if n := len(g.Rows); n > 0 {
		return g.Rows[n-1].Seq
	}
	return g.ReadSeq
}
