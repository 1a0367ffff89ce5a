package feed

import (
	"runtime"
	"sync"
)

// MaxWaitingBytes limits the bytes of rows that wait for the subscriptions of one feed, without the newest rows. A
// subscription that has not taken the oldest row when a limit is reached is too slow: it is ended, and comes back with
// its rev.
const MaxWaitingBytes = 1 << 20

const (
	maxWaitingRows = 2048
	maxFrameBytes  = 256 << 10 // of rows that are joined into one frame, without the last of them
)

// shardLen is the number of subscriptions that one goroutine serves before a feed gets a second one.
const shardLen = 128

// fanout sends the rows of one feed to its subscriptions. Rows wait once for all of them, in a log; each subscription
// has a position in it. So a row costs a feed one wake-up, a slow subscription costs no memory, and rows that arrived
// while a shard was busy are sent as one frame, made once for all subscriptions at the same position.
//
//   - mu guards all fields, and next, state, shard and index of the subscriptions. It is never held during a Send.
//     It may be taken while the feed's lock is held.
//   - Only who has made a free subscription sending, or one that waits, sends to it: rows arrive in order. A Resume
//     that comes while a frame is being sent may be meant for that frame: if the sink refuses it, it is sent the next
//     one.
//   - A shard has a goroutine only while there is something to send.
type fanout struct {
	frame func([]Row) []byte
	start func(func())

	mu        sync.Mutex
	log       []Row
	first     uint64 // the position of log[0]
	size      int    // bytes of HTML in the log
	shards    []*shard
	lastFrame struct { // the last frame made: most subscriptions are at the same position
		from, to, end uint64
		frame         []byte
	}
}

// shard is a part of a feed's subscriptions. Removed ones are nil until the next round.
type shard struct {
	subscriptions []*Subscription
	gone          int
	running       bool
	again         bool // there are rows that the current round may have missed
}

// delivery is one frame for one subscription.
type delivery struct {
	to    *Subscription
	frame []byte
}

func (f *fanout) end() uint64 { return f.first + uint64(len(f.log)) }

// add adds a subscription for rows sent from now on. It waits for Resume.
func (f *fanout) add(l *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var shortest *shard
	for _, n := range f.shards {
		if shortest == nil || len(n.subscriptions)-n.gone < len(shortest.subscriptions)-shortest.gone {
			shortest = n
		}
	}
	if shortest == nil || len(f.shards) < runtime.GOMAXPROCS(0) && len(shortest.subscriptions)-shortest.gone >= shardLen {
		shortest = new(shard)
		f.shards = append(f.shards, shortest)
	}
	l.shard, l.index, l.next, l.state = shortest, int32(len(shortest.subscriptions)), f.end(), waits
	shortest.subscriptions = append(shortest.subscriptions, l)
}

// remove removes a subscription. A frame that is being sent to it may still arrive.
func (f *fanout) remove(l *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := l.shard; n != nil {
		n.subscriptions[l.index] = nil
		n.gone++
		l.shard = nil
		if !n.running {
			n.compact()
		}
		f.forget()
	}
}

// endAll ends all subscriptions as too slow.
func (f *fanout) endAll() {
	f.mu.Lock()
	var all []*Subscription
	for _, n := range f.shards {
		for _, l := range n.subscriptions {
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

// send sends rows to all subscriptions without waiting.
func (f *fanout) send(rows []Row) {
	f.mu.Lock()
	defer f.mu.Unlock()
	listening := false
	for _, n := range f.shards {
		listening = listening || len(n.subscriptions) > n.gone
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
	for _, n := range f.shards {
		n.again = true
		if !n.running && len(n.subscriptions) > n.gone {
			n.running = true
			f.start(func() { f.run(n) })
		}
	}
}

// run sends to the shard's subscriptions until all that are free have everything.
func (f *fanout) run(n *shard) {
	var round [32]delivery
	var refused uint32 // a bit for each delivery of the round
	for at, ready := 0, 0; ; {
		f.mu.Lock()
		end := f.end()
		for i, d := range round[:ready] {
			if refused>>i&1 == 1 && d.to.state == sending {
				d.to.state = waits
				continue
			}
			d.to.state = free
			n.again = n.again || d.to.next != end
		}
		ready, refused = 0, 0
		for ready < len(round) {
			if at == len(n.subscriptions) {
				if !n.again {
					break
				}
				n.again, at = false, 0
				n.compact()
				continue
			}
			if l := n.subscriptions[at]; l != nil && l.state == free {
				if frame := f.nextFrame(l); frame != nil {
					l.state = sending
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
		for i, d := range round[:ready] {
			if !d.to.to.Send(d.frame) {
				refused |= 1 << i
			}
		}
	}
}

// nextFrame returns the next frame for a subscription; nil when there is none. The caller holds mu.
func (f *fanout) nextFrame(l *Subscription) []byte {
	for {
		switch end := f.end(); {
		case l.next == end || l.ended.Load():
			return nil
		case l.next < f.first:
			l.to.Slow()
			return nil
		case f.lastFrame.to == f.lastFrame.from || f.lastFrame.from != l.next || f.lastFrame.end != end:
			rows, bytes := f.log[l.next-f.first:], 0
			for i, row := range rows {
				if bytes += len(row.HTML); bytes > maxFrameBytes {
					rows = rows[:i+1]
					break
				}
			}
			f.lastFrame.from, f.lastFrame.to, f.lastFrame.end = l.next, l.next+uint64(len(rows)), end
			f.lastFrame.frame = f.frame(rows)
		}
		l.next = f.lastFrame.to
		if len(f.lastFrame.frame) > 0 {
			return f.lastFrame.frame
		} // else none of them can be sent
	}
}

// resume sends to a subscription that waits the rows that have arrived meanwhile.
func (f *fanout) resume(l *Subscription) {
	f.mu.Lock()
	if l.state == sending {
		l.state = resumed
	}
	if l.state != waits {
		f.mu.Unlock()
		return
	}
	for l.shard != nil {
		frame := f.nextFrame(l)
		if frame == nil {
			break
		}
		l.state = sending
		f.mu.Unlock()
		taken := l.to.Send(frame)
		f.mu.Lock()
		if !taken && l.state == sending {
			l.state = waits
			f.mu.Unlock()
			return
		}
	}
	l.state = free
	f.forget()
	f.mu.Unlock()
}

// forget drops the log when no subscription needs it. The caller holds mu.
func (f *fanout) forget() {
	if len(f.log) == 0 {
		return
	}
	end := f.end()
	for _, n := range f.shards {
		if n.running {
			return
		}
		for _, l := range n.subscriptions {
			if l != nil && l.next != end && !l.ended.Load() {
				return
			}
		}
	}
	f.log, f.first, f.size, f.lastFrame.frame, f.lastFrame.from, f.lastFrame.to = nil, end, 0, nil, 0, 0
}

// compact removes the nil subscriptions. The caller holds the fanout's mu, and no round is in progress.
func (n *shard) compact() {
	if n.gone == 0 {
		return
	}
	kept := n.subscriptions[:0]
	for _, l := range n.subscriptions {
		if l != nil {
			l.index = int32(len(kept))
			kept = append(kept, l)
		}
	}
	clear(n.subscriptions[len(kept):])
	n.subscriptions, n.gone = kept, 0
}
