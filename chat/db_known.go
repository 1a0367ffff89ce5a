package chat

import (
	"hash/maphash"
	"time"
)

// Limits of what the writer remembers; beyond them it forgets everything of that kind, or half of it.
const (
	maxPosted = 100_000 // people
	maxAccess = 20_000  // sessions in channels
	maxNewest = 20_000  // channels
	maxCame   = 60_000  // posts; beyond it the older half is forgotten
)

// known is what the writer need not read in a transaction, since only itself can have changed it: all changes of this
// process go through it, and it checks now and then whether other processes have written. With other nodes it reads
// each time.
type known struct {
	posted  map[ID]struct{} // users who, as the database records, have posted
	access  map[accessKey]*Access
	newest  map[ID]newest // the last posts of channels, as of the transactions so far
	outside int64         // the version of other processes' changes
	careful bool          // check each post for an earlier one instead of trusting the digests

	// Digests of earlier posts, whether accepted or not. A full came becomes cameBefore.
	seed             maphash.Seed
	came, cameBefore map[uint64]struct{}
}

func newKnown() known {
	return known{
		posted: make(map[ID]struct{}), access: make(map[accessKey]*Access), newest: make(map[ID]newest),
		seed: maphash.MakeSeed(), came: make(map[uint64]struct{}),
	}
}

// doubted returns those of the posts that may be retries, and remembers all. Most retries come soon, so they are among
// these.
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

// newest is a channel's last post, as long as the channel is at its seq and rev.
type newest struct {
	seq, rev  int64
	author    ID
	createdAt time.Time
}

// forget forgets what a transaction that was rolled back may have recorded.
func (k *known) forget() {
	clear(k.access)
	clear(k.newest)
}

type accessKey struct{ channel, session ID }

// dropStale forgets sessions' access when other processes may have changed it, and everything beyond the limits.
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
