package chat

import (
	"sync"
	"sync/atomic"
	"time"
)

// recallLifetime is how old an answer may be that is given from memory. Changes by this process are heeded at once;
// those by others, or by hand, when the database is asked for them: at the latest outsideCheck after them.
const (
	recallLifetime = time.Minute
	outsideCheck   = 500 * time.Millisecond
)

// maxRecalled bounds how many people an answer is remembered of; beyond it all is asked anew.
const maxRecalled = 10_000

// ttlCache remembers what the database said of those who have just asked, for someone who asks once asks again. Rules:
//
//   - What was read before a change is never given after it: forget and forgetAll are called after the commit and
//     before its answer, and an answer that was under way meanwhile is given to the one who asked, and not kept.
//   - The values are shared: whoever gets one does not change it.
//
// Safe for concurrent use.
type ttlCache[K comparable, T any] struct {
	lifetime  time.Duration
	dropStale func() // forgets what others have changed

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

// get returns the value of a key, by ask when it is not remembered. Of an error of ask nothing is.
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

// caches is what the chat keeps in memory. After every change that is not of a kind that it names itself, all is
// forgotten: whatever ends a session, takes a role away or gives someone another name need not think of it.
type caches struct {
	sessions     *ttlCache[string, sessionRow]       // by the hash of its key
	memberships  *ttlCache[ID, map[ID]membershipRow] // by user; of those who are here the hub knows better
	lastChannels *ttlCache[ID, ID]                   // by user: the channel that they were in last

	version func() (int64, bool, error) // changes when others write
	asked   atomic.Int64                // when, in nanoseconds since processStart
	seen    atomic.Int64                // the version
}

// newCaches makes a memory that asks the database now and then, by version, whether others have written to it.
func newCaches(version func() (int64, bool, error)) *caches {
	m := &caches{version: version}
	m.sessions = newTTLCache[string, sessionRow](m.dropStale)
	m.memberships = newTTLCache[ID, map[ID]membershipRow](m.dropStale)
	m.lastChannels = newTTLCache[ID, ID](m.dropStale)
	return m
}

// dropStale forgets everything when another process has written to the database. It asks once in a while, and not while
// the writer is at work: it waits for nobody.
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
	}
}

// processStart is what moments are counted from, as numbers.
var processStart = mono()

// mono is the time by which this process paces itself: only differences count. It goes on by a clock that nobody sets,
// so that no page waits, and nothing is remembered for longer, because the time was put back. Options.Now says what
// people see, what the database holds and when things expire.
func mono() time.Time { return time.Now() }

func (m *caches) forget() {
	m.sessions.forgetAll()
	m.memberships.forgetAll()
	m.lastChannels.forgetAll()
}
