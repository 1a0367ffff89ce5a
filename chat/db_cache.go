package chat

import (
	"sync"
	"sync/atomic"
	"time"
)

// recallLifetime is the maximum age of a cached answer. Changes by this process take effect at once; those by other
// processes, or by hand, when the database is next checked for them: at most outsideCheck later.
const (
	recallLifetime = time.Minute
	outsideCheck   = 500 * time.Millisecond
)

// maxRecalled is the maximum number of entries of a cache; when it is full, all are dropped.
const maxRecalled = 10_000

// ttlCache caches what was read from the database for a short time, since most callers ask again soon. Rules:
//
//   - What was read before a change is never returned after it: forget and forgetAll are called after the commit and
//     before its answer. A read in progress at that time is returned to its caller and not cached.
//   - The values are shared and must not be changed.
//
// It is safe for concurrent use.
type ttlCache[K comparable, T any] struct {
	lifetime  time.Duration
	dropStale func() // forgets what other processes have changed

	mu      sync.Mutex
	entries map[K]*ttlEntry[T]
}

type ttlEntry[T any] struct {
	kept  bool
	at    time.Time
	value T
}

func newTTLCache[K comparable, T any](dropStale func()) *ttlCache[K, T] {
	return &ttlCache[K, T]{lifetime: recallLifetime, dropStale: dropStale, entries: make(map[K]*ttlEntry[T])}
}

// get returns the value of a key, from ask when it is not cached. Errors are not cached.
func (r *ttlCache[K, T]) get(key K, ask func() (T, error)) (T, error) {
	r.dropStale()
	now := mono()
	r.mu.Lock()
	e := r.entries[key]
	if e != nil && e.kept && now.Sub(e.at) < r.lifetime {
		defer r.mu.Unlock()
		return e.value, nil
	}
	if len(r.entries) >= maxRecalled {
		clear(r.entries)
	}
	if e == nil || e.kept {
		e = new(ttlEntry[T])
		r.entries[key] = e
	}
	r.mu.Unlock()

	value, err := ask()
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.entries[key] != e: // forgotten since
	case err != nil:
		delete(r.entries, key)
	default:
		e.kept, e.at, e.value = true, now, value
	}
	return value, err
}

func (r *ttlCache[K, T]) forget(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.entries, key)
}

func (r *ttlCache[K, T]) forgetAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.entries)
}

// caches are the chat's caches. After every change, except of kinds that name what they change, everything is
// forgotten: code that ends a session, removes a role or renames a user need not do it.
type caches struct {
	sessions     *ttlCache[string, sessionRow]        // by the hash of the session key
	memberships  *ttlCache[ID, map[ID]membershipRow]  // by user; the hub has newer ones of online users
	lastChannels *ttlCache[ID, []ID]                  // by user: the channels that they visited, the latest first
	threads      *ttlCache[ID, []ThreadCount]         // by user: those with unread replies
	drafts       *ttlCache[ID, map[ID]ID]             // by user: see draftsOf
	sections     *ttlCache[ID, Sidebar]               // by user: see sectionsOf
	mentions     *ttlCache[mentionsKey, map[ID]int64] // by channel: see countUnreadMentions

	version func() (int64, bool, error) // changes when other processes write
	asked   atomic.Int64                // when version was last checked, in nanoseconds since processStart
	seen    atomic.Int64                // the version seen then
}

// newCaches returns caches that check now and then, by version, whether other processes have written to the database.
func newCaches(version func() (int64, bool, error)) *caches {
	m := &caches{version: version}
	m.sessions = newTTLCache[string, sessionRow](m.dropStale)
	m.memberships = newTTLCache[ID, map[ID]membershipRow](m.dropStale)
	m.lastChannels = newTTLCache[ID, []ID](m.dropStale)
	m.threads = newTTLCache[ID, []ThreadCount](m.dropStale)
	m.drafts = newTTLCache[ID, map[ID]ID](m.dropStale)
	m.sections = newTTLCache[ID, Sidebar](m.dropStale)
	m.mentions = newTTLCache[mentionsKey, map[ID]int64](m.dropStale)
	return m
}

// dropStale forgets everything when another process has written to the database. It checks now and then, and not while
// the writer is at work: it never waits.
func (m *caches) dropStale() {
	last, now := m.asked.Load(), int64(mono().Sub(processStart))
	if last != 0 && now-last < int64(outsideCheck) {
		return
	}
	version, ok, err := m.version()
	if !ok {
		return
	}
	m.asked.Store(now)
	if before := m.seen.Swap(version); err != nil || before != version {
		m.forget()
		m.drafts.forgetAll() // changes of this process do that themselves: see draftsChanged, sectionsChanged
		m.sections.forgetAll()
	}
}

// processStart is the origin of times that are stored as numbers.
var processStart = mono()

// mono returns the time by which this process paces itself: only differences count. It is monotonic, so that nothing
// waits or is cached for longer when the clock is set back. Options.Now is the time that people see, that the database
// holds, and at which things expire.
func mono() time.Time { return time.Now() }

func (m *caches) forget() {
	m.sessions.forgetAll()
	m.memberships.forgetAll()
	m.lastChannels.forgetAll()
	m.threads.forgetAll()
}
