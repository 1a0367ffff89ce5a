package feed

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

func TestRingMakesOnce(t *testing.T) {
	r := &Ring{Rows: []Row{{Seq: 7}}}
	var calls atomic.Int64
	of := func(rows []Row) any { return fmt.Sprint(rows[0].Seq, calls.Add(1)) }
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if got := r.Make("a", of); got != "7 1" {
				t.Errorf("made %v", got)
			}
		})
	}
	wg.Wait()
	for i := range 3 * maxMade {
		r.Make(i, of)
	}
	if got := r.Make("a", of); got != "7 1" {
		t.Errorf("made again: %v", got)
	}
	if len(r.made) != maxMade {
		t.Errorf("%d things are kept, at most %d are allowed", len(r.made), maxMade)
	}
	made := calls.Load()
	if r.Make("beyond", of); calls.Load() != made+1 {
		t.Error("beyond the bound, nothing was made")
	}
}

// A panic reaches the caller and is not cached.
func TestRingForgetsWhatPanicked(t *testing.T) {
	r := &Ring{Rows: []Row{{Seq: 7}}}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was lost")
			}
		}()
		r.Make("a", func([]Row) any { panic("of") })
	}()
	if len(r.made) != 0 {
		t.Error("what panicked is kept")
	}
	for _, of := range []string{"made", "made again"} {
		if got := r.Make("a", func([]Row) any { return of }); got != "made" {
			t.Errorf("after a panic: %v", got)
		}
	}
}

// Values made of long messages are not kept: there may be many such channels.
func TestRingKeepsLittle(t *testing.T) {
	for size, want := range map[int]int{maxMadeOf / 2: 1, maxMadeOf/2 + 1: 3} {
		r := &Ring{Rows: []Row{{HTML: make([]byte, size)}, {HTML: make([]byte, size)}}}
		made := 0
		for range 3 {
			r.Make("a", func([]Row) any { made++; return made })
		}
		if made != want || len(r.made) != want%3 {
			t.Errorf("two rows of %d bytes: made %d times of 3, want %d; %d things are kept", size, made, want, len(r.made))
		}
	}
}
