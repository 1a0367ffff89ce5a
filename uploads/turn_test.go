package uploads

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// queueing runs pictures through a store's turns, and records the order of decoding.
type queueing struct {
	turns *turns
	order []string
	leave map[string]func()
}

func (q *queueing) add(t *testing.T, by, name string, work int64) {
	t.Helper()
	go func() {
		leave, err := q.turns.enter(t.Context(), by, work)
		if err != nil {
			t.Error(name, err)
			return
		}
		q.turns.mu.Lock()
		defer q.turns.mu.Unlock()
		q.order = append(q.order, name)
		q.leave[name] = leave
	}()
	synctest.Wait()
}

// end ends the named turns, and checks which were given until then.
func (q *queueing) end(t *testing.T, name, want string) {
	t.Helper()
	if name != "" {
		q.leave[name]()
		synctest.Wait()
	}
	if got := strings.Join(q.order, " "); got != want {
		t.Errorf("after %q: %q were decoded, want %q", name, got, want)
	}
}

// A user who sends many large pictures delays others by at most the one being decoded, and delays no small picture.
func TestDecodingTakesFairTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const small, large = smallWork, smallWork + 1
		q := queueing{turns: newTurns(), leave: map[string]func(){}}
		for i := range 4 {
			q.add(t, "mallory", fmt.Sprint("m", i), large)
		}
		q.add(t, "mallory", "own", small)
		q.add(t, "ada", "a0", large)
		q.add(t, "ada", "a1", large)
		q.add(t, "bob", "b0", large)
		q.end(t, "", "m0")
		q.add(t, "cleo", "c0", small) // beside the large one; Mallory's own waits for that
		q.add(t, "dora", "d0", small)
		q.end(t, "", "m0 c0")
		q.end(t, "c0", "m0 c0 d0")
		q.end(t, "m0", "m0 c0 d0 a0")
		q.end(t, "d0", "m0 c0 d0 a0 own")
		q.end(t, "a0", "m0 c0 d0 a0 own b0")
		q.end(t, "b0", "m0 c0 d0 a0 own b0 a1") // Mallory has one in progress
		q.end(t, "own", "m0 c0 d0 a0 own b0 a1")
		q.end(t, "a1", "m0 c0 d0 a0 own b0 a1 m1")

		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		go func() {
			_, err := q.turns.enter(ctx, "eve", large)
			gone <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Error("who leaves the queue:", err)
		}
		q.end(t, "m1", "m0 c0 d0 a0 own b0 a1 m1 m2")
		q.end(t, "m2", "m0 c0 d0 a0 own b0 a1 m1 m2 m3")
		q.leave["m3"]()
		if n := len(q.turns.waiting); n > 0 || slices.Contains(q.turns.busy[:], true) {
			t.Error(n, "wait, and in the slots is", q.turns.busy)
		}
		time.Sleep(time.Minute)
		q.add(t, "ada", "a2", small)
		if n := len(q.turns.people); n != 1 {
			t.Error(n, "people are remembered")
		}
		q.leave["a2"]()
	})
}

// A user's decoding per minute is limited by its size, whatever the number of files.
func TestDecodingHasABudget(t *testing.T) {
	s, _ := openStore(t, Options{})
	now := time.Unix(1_000_000_020, 0)
	s.turns.now = func() time.Time { return now }
	heavy := asPNG(flat(1000, 1000, color.NRGBA{R: 9, A: 200})) // 4 bytes a pixel
	s.turns.people["mallory"] = &sender{work: maxWork - 4_500_000}
	s.turns.minute = now.Unix() / 60
	receive := func(by string) error {
		f, err := s.Receive(t.Context(), by, "a.png", bytes.NewReader(heavy))
		s.Discard(f)
		return err
	}
	if err := receive("mallory"); err != nil {
		t.Error("the last one in the budget:", err)
	}
	err := receive("mallory")
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Kind != TooOften ||
		!strings.Contains(refusal.Reason, "next") {
		t.Error("over the budget:", err)
	}
	if err := receive("ada"); err != nil {
		t.Error("somebody else:", err)
	}
	if now = now.Add(time.Minute); receive("mallory") != nil {
		t.Error("not in the next minute either")
	}
	wantFiles(t, s)
}

// Each scan of a progressive JPEG counts as work.
func TestScansCountAsWork(t *testing.T) {
	work := func(scans int) (n int64) {
		content := scansJPEG(800, 800, scans)
		src := source{ctx: t.Context(), file: bytes.NewReader(content), size: int64(len(content))}
		stop := errors.New("enough was read")
		if _, err := decodeJPEG(src, func(st still) error {
			n = max(st.memory, st.work)
			return stop
		}); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		return n
	}
	if few, many := work(10), work(maxScans); many < 8*few {
		t.Errorf("10 scans are %d bytes of work, %d scans %d", few, maxScans, many)
	}
}

// TestLosslessWebPCountsByItsBytes: with codes of its own for every few pixels, a picture of 204 × 204 took half a
// second in the slot of small pictures.
func TestLosslessWebPCountsByItsBytes(t *testing.T) {
	for size, want := range map[int64]int64{100: 100 * codeWork, 900_000: mostCodeWork, 50 << 20: mostCodeWork} {
		data := append(asWebP(4, 4, color.NRGBA{A: 255}), make([]byte, 100)...)
		var work int64
		_, _ = decodeWebP(source{ctx: t.Context(), file: bytes.NewReader(data), size: size}, func(st still) error {
			work = st.work
			return errWebP
		})
		if work != want {
			t.Errorf("%d bytes count as %d, want %d", size, work, want)
		}
	}
	if mostCodeWork <= smallWork {
		t.Error("it may stand in the way of small pictures")
	}
}
