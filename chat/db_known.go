package chat

import (
	"hash/maphash"
	"time"
)

// What the writer remembers is bounded by these numbers; beyond them all of its kind is forgotten, or half of it.
const (
	maxPosted = 100_000 // people
	maxAccess = 20_000  // sessions in channels
	maxNewest = 20_000  // channels
	maxCame   = 60_000  // posts; beyond it the older half is forgotten
)

// known is what the writer need not ask in a transaction, since nobody but itself can have changed it: all changes of
// this process go through it, and it looks now and then whether others have written. With other nodes it asks each
// time.
type known struct {
	posted  map[ID]struct{} // of whom the database knows that they have posted
	access  map[accessKey]*Access
	newest  map[ID]newest // the last posts of channels, by what the transactions so far say
	outside int64         // the version of others' changes
	careful bool          // whether a post came before is asked, and not taken for granted

	// Digests of posts that have come, though they need not have been taken. What fills came becomes cameBefore.
	seed             maphash.Seed
	came, cameBefore map[uint64]struct{}
}

func newKnown() known {
	return known{
		posted: make(map[ID]struct{}), access: make(map[accessKey]*Access), newest: make(map[ID]newest),
		seed: maphash.MakeSeed(), came: make(map[uint64]struct{}),
	}
}

// doubted returns those of the posts that may have come before, and remembers all. Most of those who send a message
// again do so at once: their posts are among these.
func (k *known) doubted(channel ID, posts []*post) (doubted []*post) {
	for _, p := range posts {
		digest := maphash.Comparable(k.seed, struct {
			channel ID
			key     messageKey
		}{channel, p.key()})
		_, came := k.came[digest]
		_, before := k.cameBefore[digest]
		if came || before {
			doubted = append(doubted, p)
		}
		if len(k.came) >= maxCame/2 {
			k.came, k.cameBefore = make(map[uint64]struct{}), k.came
		}
		k.came[digest] = struct{}{}
	}
	return doubted
}

// newest is a channel's last post. It is the last one still when the channel stands at its seq and rev.
type newest struct {
	seq, rev  int64
	author    ID
	createdAt time.Time
}

// forget forgets what a transaction may have said that was taken back.
func (k *known) forget() {
	clear(k.access)
	clear(k.newest)
}

type accessKey struct{ channel, session ID }

// dropStale forgets what sessions may do in channels when others may have changed it, and what has become too much.
func (w *writer) dropStale() {
	m := w.hub.chat.caches
	m.dropStale()
	k := &w.known
	if version := m.seen.Load(); version != k.outside || len(k.access) > maxAccess || w.hub.chat.options.Bus != nil {
		clear(k.access)
		k.outside = version
	}
	if len(k.newest) > maxNewest {
		clear(k.newest)
	}
	if len(k.posted) > maxPosted {
		clear(k.posted)
	}
}
