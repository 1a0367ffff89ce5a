package chat

import (
	"context"
	"sync"
)

// rootRow is the row of a thread's root, as its page shows it above the replies: kept with the thread's room, so that a
// warm thread opens without a query of messages. It is safe for concurrent use.
type rootRow struct {
	mu         sync.Mutex
	row        *Row
	rev        int64  // the channel's when the row was read
	generation uint64 // incremented when the row becomes outdated, so that what was read before is not kept
}

func (r *rootRow) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.row = nil
	r.generation++
}

// get returns the row, from read when it is not kept. rev is the channel's now, or -1 if all its changes are reported
// by forget.
func (r *rootRow) get(rev int64, read func() (Row, error)) (Row, error) {
	r.mu.Lock()
	row, then, generation := r.row, r.rev, r.generation
	r.mu.Unlock()
	if row != nil && then == rev {
		return *row, nil
	}
	now, err := read()
	if err != nil {
		return Row{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation == generation {
		r.row, r.rev = &now, rev
	}
	return now, nil
}

// rootsChanged forgets the rows of threads' roots that have changed in their channel.
func (h *hub) rootsChanged(channel ID, list []Message) {
	h.mu.Lock()
	var rooms []*room
	for i := range list {
		if r := h.threads[ThreadRef{channel, list[i].Seq}]; r != nil {
			rooms = append(rooms, r)
		}
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.root.forget()
	}
}

// threadRoot returns the row of a thread's root.
func (c *core) threadRoot(ctx context.Context, ch *cachedChannel) (Row, error) {
	read := func() (Row, error) {
		m, err := c.message(ctx, ch.parent, ch.root)
		if err != nil {
			return Row{}, err
		}
		return c.hub.render(m), nil
	}
	if ch.ID == 0 {
		return read()
	}
	r := c.hub.pin(ch)
	defer c.hub.unpin(r)
	rev := int64(-1)
	if c.options.Bus != nil { // other nodes change it too
		rev = ch.parent.lastRev.Load()
	}
	return r.root.get(rev, read)
}
