package splice

import "sync"

// Cache caches values by the bytes they are made of, so that it never returns a stale one. Safe for concurrent use.
type Cache[T any] struct {
	// Most bounds the cache: the bytes of all keys, plus the sizes that Get was given. An entry is evicted if it was not
	// used while half of Most was added.
	Most int

	mu         sync.Mutex
	young, old map[string]entry[T]
	size       int // of young
}

type entry[T any] struct {
	value T
	size  int
}

// Get returns the value that of makes from the key, and caches it with the size that of returns; an error or a panic
// caches nothing. Concurrent calls for one key may both call of, and get the same value.
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

// keep returns the cached value, which another call may have added meanwhile.
func (c *Cache[T]) keep(name string, value T, size int) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.young[name]; ok {
		return k.value
	}
	c.put(name, entry[T]{value, size + len(name)})
	return value
}

// put adds an entry to young, which must not contain it. The caller holds mu.
func (c *Cache[T]) put(name string, k entry[T]) {
	if c.size += k.size; c.young == nil || c.size > c.Most/2 {
		c.young, c.old, c.size = make(map[string]entry[T]), c.young, k.size
	}
	c.young[name] = k
}

// Pieces caches pieces by their bytes.
type Pieces struct{ Cache[*Piece] }

// Piece returns the piece of these bytes, which it copies if the piece is new.
func (c *Pieces) Piece(effort Effort, plain []byte) *Piece {
	p, _ := c.Get(plain, func(key string) (*Piece, int, error) { // making a piece does not fail
		p := New(effort, []byte(key))
		return p, p.Len(), nil
	})
	return p
}
