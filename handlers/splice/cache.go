package splice

import "sync"

// Cache keeps what was made of some bytes, and finds it by them: what is found cannot be out of date. Safe for
// concurrent use.
type Cache[T any] struct {
	// Most bounds what is kept: the bytes of all keys, and the sizes that Get was told. What was not asked for while
	// half of that came anew is forgotten.
	Most int

	mu         sync.Mutex
	young, old map[string]entry[T]
	size       int // of the young
}

type entry[T any] struct {
	value T
	size  int
}

// Get returns what of makes of the key, which tells its size as well; nothing is kept of an error or a panic. Two who
// ask for the same at the same time may both make it, and get the same one.
func (c *Cache[T]) Get(key []byte, of func(key string) (value T, size int, err error)) (T, error) {
	value, ok := c.find(key)
	if ok {
		return value, nil
	}
	name := string(key)
	value, size, err := of(name) // without the lock: it may take long, and may panic
	if err != nil {
		return value, err
	}
	return c.keep(name, value, size), nil
}

func (c *Cache[T]) find(key []byte) (value T, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.young[string(key)]
	if ok {
		return k.value, true
	}
	if k, ok = c.old[string(key)]; ok {
		c.put(string(key), k)
	}
	return k.value, ok
}

// keep returns what is kept: what somebody else made of the same key meanwhile, if they did.
func (c *Cache[T]) keep(name string, value T, size int) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.young[name]; ok {
		return k.value
	}
	c.put(name, entry[T]{value, size + len(name)})
	return value
}

// put makes an entry one of the young, of which it is none. The caller holds mu.
func (c *Cache[T]) put(name string, k entry[T]) {
	if c.size += k.size; c.young == nil || c.size > c.Most/2 {
		c.young, c.old, c.size = make(map[string]entry[T]), c.young, k.size
	}
	c.young[name] = k
}

// Pieces are pieces by their own bytes.
type Pieces struct{ Cache[*Piece] }

// Piece returns the piece of these bytes; they are copied when it is new.
func (c *Pieces) Piece(effort Effort, plain []byte) *Piece {
	p, _ := c.Get(plain, func(key string) (*Piece, int, error) { // making one does not fail
		p := New(effort, []byte(key))
		return p, p.Len(), nil
	})
	return p
}
