package chat

import "time"

// Channel is a named place to talk.
//
//   - Name is 1 to MaxChannelNameLen characters, unique by its key like a user's.
//   - Slug is its place in URLs: made from the name, unique, never changed.
//   - LastSeq is the newest message's place; LastRev is the counter that every change of a message raises by one.
type Channel struct {
	ID        ID
	Slug      string
	Name      string
	CreatedAt time.Time
	LastSeq   int64
	LastRev   int64
}

// Listing is a channel as one person's list shows it.
type Listing struct {
	Channel
	ReadSeq int64 // the newest message that the person has read
}

// Unread is the number of messages that the person has not read.
func (l Listing) Unread() int64 { return max(0, l.LastSeq-l.ReadSeq) }

// Page is a stretch of a channel, oldest row first.
type Page struct {
	Channel Channel
	Rows    []Row
	ReadSeq int64  // the newest message that the actor had read before this page was opened
	Epoch   string // names this history: a page of another epoch cannot be caught up, only renewed
	Older   bool   // there are messages before the first row
	Newer   bool   // there are messages after the last row
}
