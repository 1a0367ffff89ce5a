package feed

import (
	"slices"
	"sync"
)

// maxMade is how many things are kept of one ring. Who has read all sees the same list as the others who have; those
// who come back after a while see a line where they stopped, at one of a few places.
const maxMade = 8

// maxMadeOf is how many bytes of HTML the rows of a ring may have of which something is kept. What is made of them,
// packed once or twice, is smaller than they are. A hundred usual messages have some 60,000.
const maxMadeOf = 256 << 10

// Ring is a warm feed's newest rows as of one rev: the same for every reader. A change of the rows makes a new ring,
// and what was made of the old one goes with it, and with the feed. Safe for concurrent use.
type Ring struct {
	Rows []Row // oldest first, not to be changed
	Rev  int64 // up to which every change is in them

	mu   sync.Mutex
	made []madeOf // few: to compare them all is quicker than to hash a key
}

// madeOf is what was made of the rows, by its key.
type madeOf struct {
	key   any
	value func() any // makes it when it is first asked for
}

// Make returns what of makes of the rows, and keeps it: it is called once for all readers who ask by the same key, and
// those who ask meanwhile wait for it. What is made may hold the rows, must not hold what is secret to one reader
// unless the key does, and is not to be changed. Beyond maxMade keys, and of rows of more than maxMadeOf bytes, it is
// made for the one who asks, and not kept. When of panics, so does Make for all who wait, and whoever asks later makes
// it anew.
func (r *Ring) Make(key any, of func([]Row) any) any {
	r.mu.Lock()
	value := r.find(key)
	if value == nil && len(r.made) < maxMade && r.size() <= maxMadeOf {
		value = sync.OnceValue(func() (made any) {
			done := false
			defer func() {
				if !done {
					r.forget(key)
				}
			}()
			made = of(r.Rows)
			done = true
			return made
		})
		r.made = append(r.made, madeOf{key, value})
	}
	r.mu.Unlock()
	if value == nil {
		return of(r.Rows)
	}
	return value()
}

func (r *Ring) forget(key any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made = slices.DeleteFunc(r.made, func(m madeOf) bool { return m.key == key })
}

// find returns nil when nothing was made by the key. The caller holds mu.
func (r *Ring) find(key any) func() any {
	for i := range r.made {
		if r.made[i].key == key {
			return r.made[i].value
		}
	}
	return nil
}

// size is how many bytes of HTML the rows have.
func (r *Ring) size() (n int) {
	for _, row := range r.Rows {
		n += len(row.HTML)
	}
	return n
}
