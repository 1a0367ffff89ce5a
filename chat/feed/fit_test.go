package feed

import "testing"

// TestFit: an item that is too large is alone.
func TestFit(t *testing.T) {
	for _, c := range []struct {
		sizes    []int
		pivot    int
		from, to int
	}{
		{[]int{1, 1, 1}, 1, 0, 3},
		{[]int{1, 2 * MaxPageBytes, 1}, 1, 1, 2},
		{[]int{MaxPageBytes, 1, MaxPageBytes - 1}, 1, 1, 3},
		{[]int{MaxPageBytes / 2, MaxPageBytes / 4, MaxPageBytes / 4, MaxPageBytes / 2}, 2, 1, 4},
		{[]int{1, MaxPageBytes, 1}, 2, 2, 3},
		{[]int{5}, 0, 0, 1},
	} {
		from, to := Fit(len(c.sizes), c.pivot, func(i int) int { return c.sizes[i] })
		if from != c.from || to != c.to {
			t.Errorf("%v at %d: %d to %d, want %d to %d", c.sizes, c.pivot, from, to, c.from, c.to)
		}
	}
}
