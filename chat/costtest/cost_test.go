package costtest

import "testing"

var sink int

func work(n int) func() {
	return func() {
		for i := range n {
			sink += i ^ sink
		}
	}
}

// A function that costs a hundred times as much is detected, and one that costs the same is not; another one as dear
// excuses it.
func TestRatio(t *testing.T) {
	few, many := work(20_000), work(2_000_000)
	if r := Ratio(t, 3, many, few); r <= 3 {
		t.Errorf("a hundred times as much is %.1f times", r)
	}
	if r := Ratio(t, 3, few, few); r > 3 {
		t.Errorf("the same is %.1f times as much", r)
	}
	if r := Ratio(t, 3, many, few, many); r > 3 {
		t.Errorf("the same as the dearest is %.1f times as much", r)
	}
}

// What pools lack in one call is not counted.
func TestAllocated(t *testing.T) {
	var kept [][]byte
	grow := func(n int) { kept = append(kept[:0], make([]byte, n)) }
	first := true
	if n := Allocated(func() {
		grow(100 << 10)
		if first {
			grow(1 << 20)
		}
		first = false
	}); n < 100<<10 || n > 200<<10 {
		t.Errorf("100 kB, and 1 MB once, are %d bytes", n)
	}
}
