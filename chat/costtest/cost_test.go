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
