package splice

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestCache(t *testing.T) {
	c := &Pieces{Cache: Cache[*Piece]{Most: 20_000}}
	text := func(i int) []byte { return []byte(fmt.Sprintf("%04d ", i) + strings.Repeat("x", 95)) }
	first := c.Piece(Best, text(0))
	if c.Piece(Best, text(0)) != first {
		t.Error("the same bytes got two pieces")
	}
	if c.Piece(Best, text(1)) == first {
		t.Error("other bytes got the same piece")
	}
	plain := text(2)
	kept := c.Piece(Best, plain)
	plain[0] = '!'
	if got := string(kept.AppendPlain(nil)); got != string(text(2)) {
		t.Errorf("the piece changed with the caller's bytes: %.10q", got)
	}
	for i := range 1000 {
		c.Piece(Best, text(i))
		if c.Piece(Best, text(0)) != first {
			t.Fatalf("what is asked for again and again was forgotten after %d", i)
		}
		size := 0
		for _, m := range []map[string]entry[*Piece]{c.young, c.old} {
			for key, k := range m {
				size += len(key) + k.value.Len()
			}
		}
		if size > c.Most {
			t.Fatalf("%d bytes are kept, at most %d are allowed", size, c.Most)
		}
	}
	if c.Piece(Best, text(2)) == kept {
		t.Error("what nobody asked for was kept")
	}
}

func TestCacheAtOnce(t *testing.T) {
	c := &Pieces{Cache: Cache[*Piece]{Most: 4000}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 500 {
				want := fmt.Sprintf("part %d of many", i%40)
				if got := read(t, Gzip, Append(nil, Gzip, c.Piece(Often, []byte(want)))); string(got) != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		})
	}
	wg.Wait()
}

// After a panic in making a value, the cache is consistent and works.
func TestCachePanic(t *testing.T) {
	var c Cache[string]
	c.Most = 1000
	func() {
		defer func() {
			if got := recover(); got != "of" {
				t.Errorf("recovered %v", got)
			}
		}()
		_, _ = c.Get([]byte("a"), func(string) (string, int, error) { panic("of") })
	}()
	for _, of := range []string{"made", "made again"} {
		got, err := c.Get([]byte("a"), func(string) (string, int, error) { return of, 1, nil })
		if got != "made" || err != nil {
			t.Errorf("after a panic: %q, %v", got, err)
		}
	}
}

// A nested Get works: values are made without the lock.
func TestCacheWithin(t *testing.T) {
	c := Cache[string]{Most: 1000}
	got, _ := c.Get([]byte("a"), func(string) (string, int, error) {
		inner, err := c.Get([]byte("a"), func(string) (string, int, error) { return "inner", 1, nil })
		return inner + ", and outer", 1, err
	})
	if got != "inner" || c.size != len("a")+1 {
		t.Errorf("%q, and %d bytes are kept: want what was kept first, once", got, c.size)
	}
}
