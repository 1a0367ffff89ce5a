package feed

import (
	"slices"
	"sync"
)

// maxMade is the number of values kept of one ring. Readers who have read everything see the same list; readers who
// come back after a while see a line where they stopped, at one of a few positions.
const maxMade = 8

// maxMadeOf is the maximum size of a ring's rows, in bytes of HTML, of which values are kept. What is made of them,
// packed once or twice, is smaller than they are. A hundred usual messages have some 60,000.
const maxMadeOf = 256 << 10

// Ring is a warm feed's newest rows as of one rev, the same for every reader. A change of the rows makes a new ring:
// what was made of the old one is dropped with it. It is safe for concurrent use.
type Ring struct {
	Rows []Row // oldest first; must not be changed
	Rev  int64 // includes every change up to this one

	mu   sync.Mutex
	made []madeOf // few: comparing them all is faster than hashing a key
}

// madeOf is a value made of the rows, by its key.
type madeOf struct {
	key   any
	value func() any // makes the value on the first call
}

// Make returns of(Rows) and caches it: of is called once for all readers with the same key, and concurrent callers wait
// for it. The result may hold the rows and must not be changed. It must not hold secrets of one reader, unless the key
// does. Beyond maxMade keys, and for rows of more than maxMadeOf bytes, the result is made for this caller and not
// cached. When of panics, so does Make for all who wait, and a later call makes it anew.
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

// find returns nil when there is no value of the key. The caller holds mu.
func (r *Ring) find(key any) func() any {
	for i := range r.made {
		if r.made[i].key == key {
			return r.made[i].value
		}
	}
	return nil
}

// size returns the bytes of HTML of the rows.
func (r *Ring) size() (n int) {
	for _, row := range r.Rows {
		n += len(row.HTML)
	}
	return n
}
