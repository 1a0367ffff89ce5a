// Package costtest compares the costs of two operations, independently of the load of the machine.
package costtest

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// rounds is how many rounds must cost too much before Ratio returns too much.
const rounds = 100

// Ratio returns how many times as much worst costs as the dearest of plain. It returns as soon as a round stays within
// half of most, and otherwise the lowest ratio of all rounds, so a fault is what costs too much in every round. It runs
// the functions one after the other and measures the processor time of this process: the load of other processes does
// not change the result.
func Ratio(t testing.TB, most float64, worst func(), plain ...func()) float64 {
	t.Helper()
	lowest := 0.0
	for i := range rounds {
		dear, cheap := spent(t, worst), time.Duration(1)
		ratio := 0.0
		for _, f := range plain { // the next function runs only where the previous ones are not enough
			cheap = max(cheap, spent(t, f))
			if ratio = float64(dear) / float64(cheap); ratio <= most/2 {
				return ratio
			}
		}
		if i == 0 || ratio < lowest {
			lowest = ratio
		}
	}
	return lowest
}

// spent returns the processor time of this process while f ran, other goroutines included.
func spent(t testing.TB, f func()) time.Duration {
	t.Helper()
	before := worked(t)
	f()
	return worked(t) - before
}

func worked(t testing.TB) time.Duration {
	t.Helper()
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &at); err != nil {
		t.Fatal(fmt.Errorf("the process's clock: %w", err))
	}
	return time.Duration(at.Nano())
}

// Allocated returns the bytes that f allocates, freed ones included: the least of five calls, since other goroutines
// allocate too, and since pools may be empty: the race detector drops what is put into them at random.
func Allocated(f func()) uint64 {
	least := uint64(math.MaxUint64)
	for range 5 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}
