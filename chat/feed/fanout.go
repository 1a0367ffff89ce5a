package feed

import (
	"runtime"
	"sync"
)

// MaxWaitingBytes is how many bytes of rows wait for the listeners of one feed, but for the newest rows. Whoever has
// not taken the oldest row when a bound is reached is too slow, and comes back with a rev.
const MaxWaitingBytes = 1 << 20

const (
	maxWaitingRows = 2048
	maxFrameBytes  = 256 << 10 // of rows that are joined into one frame, but for the last of them
)

// laneLen is how many listeners one goroutine serves before a feed has a second one.
const laneLen = 128

// fanout hands the rows of one feed to its listeners. Rows wait once for all of them, in a log; what a listener has
// to come is its place in it. So a row costs a feed one wake-up, whoever is slow costs no memory, and what came
// while a lane was busy goes out as one frame, made once for everyone who stands at the same place.
//
//   - mu guards all fields, and next, held, lane and slot of the listeners. It is never held during a Send. The feed's
//     lock may be held when it is taken.
//   - held means that somebody answers for the listener: its lane while it sends, or its sink from a Send that
//     reported false until Resume. Nobody else sends to it meanwhile: rows come in order.
//   - A lane has a goroutine only while there is something to send.
type fanout struct {
	frame func([]Row) []byte
	start func(func())

	mu     sync.Mutex
	log    []Row
	first  uint64 // the place of log[0]
	size   int    // bytes of HTML in the log
	lanes  []*shard
	joined struct { // the last frame made: most listeners stand at the same place
		from, to, end uint64
		frame         []byte
	}
}

// shard is some of a feed's listeners. Those that left are nil until the next round.
type shard struct {
	listeners []*Listener
	gone      int
	running   bool
	again     bool // there are rows that the round under way may have missed
}

// delivery is one frame for one listener.
type delivery struct {
	to    *Listener
	frame []byte
}

func (f *fanout) end() uint64 { return f.first + uint64(len(f.log)) }

// add lets a listener hear what is sent from now on. It is held until Resume.
func (f *fanout) add(l *Listener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var shortest *shard
	for _, n := range f.lanes {
		if shortest == nil || len(n.listeners)-n.gone < len(shortest.listeners)-shortest.gone {
			shortest = n
		}
	}
	if shortest == nil || len(f.lanes) < runtime.GOMAXPROCS(0) && len(shortest.listeners)-shortest.gone >= laneLen {
		shortest = new(shard)
		f.lanes = append(f.lanes, shortest)
	}
	l.lane, l.slot, l.next, l.held = shortest, len(shortest.listeners), f.end(), true
	shortest.listeners = append(shortest.listeners, l)
}

// remove takes a listener out. A frame that is being sent to it may still arrive.
func (f *fanout) remove(l *Listener) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := l.lane; n != nil {
		n.listeners[l.slot] = nil
		n.gone++
		l.lane = nil
		if !n.running {
			n.compact()
		}
		f.forget()
	}
}

// endAll tells everyone that they are too slow.
func (f *fanout) endAll() {
	f.mu.Lock()
	var all []*Listener
	for _, n := range f.lanes {
		for _, l := range n.listeners {
			if l != nil {
				all = append(all, l)
			}
		}
	}
	f.mu.Unlock()
	for _, l := range all {
		l.to.Slow()
	}
}

// send gives rows to everyone, and does not wait for it.
func (f *fanout) send(rows []Row) {
	f.mu.Lock()
	defer f.mu.Unlock()
	listening := false
	for _, n := range f.lanes {
		listening = listening || len(n.listeners) > n.gone
	}
	if !listening {
		return
	}
	f.log = append(f.log, rows...)
	for _, row := range rows {
		f.size += len(row.HTML)
	}
	for len(f.log) > maxWaitingRows || f.size > MaxWaitingBytes && len(f.log) > len(rows) {
		f.size -= len(f.log[0].HTML)
		f.log[0] = Row{}
		f.log = f.log[1:]
		f.first++
	}
	for _, n := range f.lanes {
		n.again = true
		if !n.running && len(n.listeners) > n.gone {
			n.running = true
			f.start(func() { f.run(n) })
		}
	}
}

// run sends to the lane's listeners until all of them that are not held have everything.
func (f *fanout) run(n *shard) {
	var round [32]delivery
	for at, ready := 0, 0; ; {
		f.mu.Lock()
		for _, d := range round[:ready] {
			d.to.held = false
		}
		ready = 0
		for ready < len(round) {
			if at == len(n.listeners) {
				if !n.again {
					break
				}
				n.again, at = false, 0
				n.compact()
				continue
			}
			if l := n.listeners[at]; l != nil && !l.held {
				if frame := f.nextFrame(l); frame != nil {
					l.held = true
					round[ready] = delivery{l, frame}
					ready++
				}
			}
			at++
		}
		if ready == 0 {
			n.running = false
			n.compact()
			f.forget()
			f.mu.Unlock()
			return
		}
		f.mu.Unlock()
		taken := 0
		for _, d := range round[:ready] {
			if d.to.to.Send(d.frame) {
				round[taken] = d
				taken++
			}
		}
		ready = taken
	}
}

// nextFrame returns the next frame for a listener, nil when there is none. The caller holds mu.
func (f *fanout) nextFrame(l *Listener) []byte {
	for {
		switch end := f.end(); {
		case l.next == end || l.ended.Load():
			return nil
		case l.next < f.first:
			l.to.Slow()
			return nil
		case f.joined.to == f.joined.from || f.joined.from != l.next || f.joined.end != end:
			rows, bytes := f.log[l.next-f.first:], 0
			for i, row := range rows {
				if bytes += len(row.HTML); bytes > maxFrameBytes {
					rows = rows[:i+1]
					break
				}
			}
			f.joined.from, f.joined.to, f.joined.end = l.next, l.next+uint64(len(rows)), end
			f.joined.frame = f.frame(rows)
		}
		l.next = f.joined.to
		if len(f.joined.frame) > 0 {
			return f.joined.frame
		} // else none of them can be sent
	}
}

// resume sends to a listener that was held what has come meanwhile.
func (f *fanout) resume(l *Listener) {
	for {
		f.mu.Lock()
		frame := f.nextFrame(l)
		if frame == nil || l.lane == nil {
			l.held = false
			f.forget()
			f.mu.Unlock()
			return
		}
		f.mu.Unlock()
		if !l.to.Send(frame) {
			return
		}
	}
}

// forget drops the log once nobody needs it. The caller holds mu.
func (f *fanout) forget() {
	if len(f.log) == 0 {
		return
	}
	end := f.end()
	for _, n := range f.lanes {
		if n.running {
			return
		}
		for _, l := range n.listeners {
			if l != nil && l.next != end && !l.ended.Load() {
				return
			}
		}
	}
	f.log, f.first, f.size, f.joined.frame, f.joined.from, f.joined.to = nil, end, 0, nil, 0, 0
}

// compact closes the places of those that left. The caller holds the fanout's mu, and no round is under way.
func (n *shard) compact() {
	if n.gone == 0 {
		return
	}
	kept := n.listeners[:0]
	for _, l := range n.listeners {
		if l != nil {
			l.slot = len(kept)
			kept = append(kept, l)
		}
	}
	clear(n.listeners[len(kept):])
	n.listeners, n.gone = kept, 0
}
