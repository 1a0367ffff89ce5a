package chat

import (
	"strconv"
	"strings"
	"time"
)

// A thread is the replies to a message, its root. It is a feed of its own, with its own seqs and revs, a room, and
// users who follow it; it is reached through the gate of its channel, and the channel's numbers stay without gaps. What
// is stored of a reply has the thread's ID where that of another message has the channel's. A thread begins with its
// first reply, or when somebody is about to follow it.
//
// The root shows how many replies there are, from whom, and since when: that changes shortly after them, once for all
// of a moment, and takes the channel's next rev. See showReplies.
//
// A reply may be shown in the channel too: by a broadcast, a row there with a seq of its own and nothing else. It is
// one message: what changes it changes both rows in one transaction, whichever of them was meant.
//
// Methods that take a channel's slug to say where a message is take a thread's address too: see ThreadAddress.

// ThreadAddress returns the address of a thread, where the slug of a channel stands for its own messages. No slug has a
// slash.
func ThreadAddress(slug string, root int64) string { return slug + "/" + strconv.FormatInt(root, 10) }

// cutThread returns the slug of an address, and the root's seq if it is that of a thread, else 0. The slug of an
// address that nothing can have is empty, as is that of no channel.
func cutThread(address string) (slug string, root int64) {
	slug, number, is := strings.Cut(address, "/")
	if !is {
		return slug, 0
	}
	root, err := strconv.ParseInt(number, 10, 64)
	if err != nil || root <= 0 || number != strconv.FormatInt(root, 10) {
		return "", 0
	}
	return slug, root
}

// maxRepliers is how many of those who replied a root shows.
const maxRepliers = 3

// Replies is what a root shows of its thread.
type Replies struct {
	Count  int64 // without deleted ones
	LastAt time.Time
	People []User // the authors of the last replies, at most maxRepliers, the latest first
}

// stored returns what is kept of it with its root.
func (r Replies) stored() string {
	if r.Count == 0 {
		return ""
	}
	b := strconv.AppendInt(nil, r.Count, 10)
	b = strconv.AppendInt(append(b, ' '), millis(r.LastAt), 10)
	for _, u := range r.People {
		b = u.ID.Append(append(b, ' '))
	}
	return string(b)
}

// repliesFrom returns what stored was made of: of the people only the IDs.
func repliesFrom(stored string) (r Replies) {
	for i, field := range strings.Fields(stored) {
		n, _ := strconv.ParseInt(field, 10, 64) // it was written by stored
		switch i {
		case 0:
			r.Count = n
		case 1:
			r.LastAt = fromMillis(n)
		default:
			id, _ := ParseID(field)
			r.People = append(r.People, User{ID: id})
		}
	}
	return r
}

// ThreadRef says which thread a message belongs to.
type ThreadRef struct {
	Channel ID
	Root    int64 // the seq of its root; 0: the message is in no thread
}

// ThreadView is what the page of a thread shows besides its replies.
type ThreadView struct {
	ThreadRef
	ID        ID // 0: it has not begun
	RootRow   Row
	Following bool // the actor follows it
}

// Broadcast says which reply a row of a channel shows. The zero value is that of any other message.
type Broadcast struct {
	Root int64 // the seq of the thread's root
	Seq  int64 // the reply's in the thread
	Of   User  // the root's author: ID and Name

	thread ID
}
