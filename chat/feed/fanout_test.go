package feed

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// tick is the unit of the time that lines are busy for: so several become free at the same moment, as rows are sent.
const tick = 100 * time.Microsecond

// reader is a sink whose line is sometimes busy. It checks the guarantees of Sink.
type reader struct {
	t *testing.T
	l Subscription
	f *fanout

	sending  atomic.Int32
	owed     atomic.Int32 // no frame may come before there are so many calls of resume; 0: any may
	resuming atomic.Int32 // those in progress
	resumed  atomic.Int32 // and those done
	before   atomic.Int32 // likewise, when the frame before was sent

	mu  sync.Mutex
	got []byte
}

func (r *reader) Missed([]Row) {}
func (r *reader) Slow()        { r.t.Error("a reader is too slow") }

func (r *reader) Send(frame []byte) bool {
	if r.sending.Add(1) != 1 {
		r.t.Error("two frames at a time")
	}
	if r.resuming.Load() == 0 && r.resumed.Load() < r.owed.Load() {
		r.t.Error("a frame before Resume")
	}
	next := r.before.Swap(r.resumed.Load()) + 1 // one that came since may be meant for this frame
	r.mu.Lock()
	r.got = append(r.got, frame...)
	r.mu.Unlock()
	r.sending.Add(-1) // a line may be free again before Send has returned
	switch rand.N(8) {
	case 0, 1:
		r.owed.Store(next)
		go r.resume()
		return false
	case 2: // it was meant for a frame of another feed
		go r.resume()
	case 3: // it is not busy any more
		resumed := make(chan struct{})
		go func() {
			defer close(resumed)
			r.f.resume(&r.l)
		}()
		<-resumed
		return false
	}
	return true
}

func (r *reader) resume() {
	time.Sleep(rand.N[time.Duration](20) * tick)
	r.resuming.Add(1)
	r.f.resume(&r.l)
	r.resumed.Add(1)
	r.resuming.Add(-1)
}

// Every reader gets every row, once and in order, whether its line is free or busy, and nothing is kept afterwards.
func TestFanoutKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running sync.WaitGroup
		f := &fanout{start: running.Go}
		f.frame = func(rows []Row) (frame []byte) {
			for _, row := range rows {
				frame = append(frame, row.HTML...)
			}
			return frame
		}
		sent := 0
		send := func(n int) {
			rows := make([]Row, n)
			for i := range rows {
				sent++
				rows[i] = Row{HTML: []byte(strconv.Itoa(sent) + " ")}
			}
			f.send(rows)
		}
		readers, from := make([]*reader, 3*shardLen), make([]int, 3*shardLen)
		for i := range readers {
			p := &reader{t: t, f: f}
			p.l.Open(p)
			readers[i], from[i] = p, sent
			f.add(&p.l)
			f.resume(&p.l)
			if i%4 == 0 {
				send(1 + i%5)
			}
		}
		left := readers[7]
		f.remove(&left.l)
		for range 200 {
			send(1 + rand.N(4))
			time.Sleep(rand.N[time.Duration](3) * tick)
		}
		time.Sleep(time.Second) // much longer than any line is busy
		synctest.Wait()
		for i, p := range readers {
			if p == left {
				continue
			}
			var want []byte
			for n := from[i] + 1; n <= sent; n++ {
				want = append(strconv.AppendInt(want, int64(n), 10), ' ')
			}
			if !bytes.Equal(p.seen(), want) {
				t.Fatalf("reader %d of those from %d to %d got %.200q", i, from[i]+1, sent, p.seen())
			}
		}
		running.Wait()
		if bytes.Contains(left.seen(), fmt.Appendf(nil, " %d ", sent)) {
			t.Error("one that has left was sent the last row")
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.log != nil || f.lastFrame.frame != nil || f.size != 0 {
			t.Errorf("%d rows of %d bytes are kept, and everyone has them", len(f.log), f.size)
		}
		if len(f.shards) < 2 && runtime.GOMAXPROCS(0) > 1 {
			t.Errorf("%d subscriptions in %d shards", len(readers), len(f.shards))
		}
	})
}

func (r *reader) seen() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.got)
}

// What does not fit into one frame follows at once, and not with the next message.
func TestRowsOfManyFrames(t *testing.T) {
	var running sync.WaitGroup
	f := &fanout{start: running.Go, frame: func(rows []Row) []byte { return make([]byte, len(rows)) }}
	got := &counter{}
	got.l.Open(got)
	f.add(&got.l)
	f.resume(&got.l)
	rows := make([]Row, 10)
	for i := range rows {
		rows[i].HTML = make([]byte, MaxWaitingBytes/len(rows)/2)
	}
	f.send(rows)
	running.Wait()
	if got.rows != len(rows) {
		t.Errorf("of %d rows in several frames %d were sent", len(rows), got.rows)
	}
}

// counter is a sink that counts its rows.
type counter struct {
	l    Subscription
	rows int
}

func (*counter) Missed([]Row) {}
func (*counter) Slow()        {}

func (c *counter) Send(frame []byte) bool {
	c.rows += len(frame)
	return true
}
