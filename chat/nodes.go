package chat

import (
	"time"

	"chitchat/chat/guard"
)

// positionCheck is how often a node with neighbours compares its rooms with the database: it finds the last
// message of a channel when the event that told of it was lost.
const positionCheck = time.Second

func (h *hub) publish(e Event) {
	if h.chat.options.Bus != nil {
		e.Node = h.node
		_ = guard.Run(h.chat.options.Log, "publishing", func() { h.chat.options.Bus.Publish(e) }) // a hint that is lost: see positionCheck
	}
}

// join begins to hear what other nodes say. Hearing only takes notes: what is missing is read elsewhere.
func (h *hub) join(bus Bus) {
	h.leaveBus = bus.Subscribe(func(e Event) {
		if e.Node != h.node {
			_ = guard.Run(h.chat.options.Log, "hearing of another node", func() { h.hear(e) }) // the bus goes on
		}
	})
}

// hear takes what another node says.
func (h *hub) hear(e Event) {
	switch {
	case e.Channel != 0:
		if ch := h.channels.byID(e.Channel); ch != nil {
			h.heard(ch, e.Rev)
		}
	case e.Session != 0:
		h.cut(e.Session)
	case e.User != 0 || e.Members:
		h.chat.goroutines.Go("asking who may still listen", h.recheck)
	case e.List || e.Names > h.namesRev.Load():
		h.chat.goroutines.Go("comparing positions", h.lookAround)
	}
}

// heard takes the word of another node that a channel has changed.
func (h *hub) heard(ch *channelState, rev int64) {
	h.mu.Lock()
	r := h.rooms[ch.ID]
	h.mu.Unlock()
	if r != nil {
		r.heard(rev)
	}
}

// watchPositions looks at every channel's counters now and then, until the chat closes.
func (h *hub) watchPositions() {
	tick := time.NewTicker(positionCheck)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = guard.Run(h.chat.options.Log, "comparing positions", h.lookAround) // again in a moment
		case <-h.chat.background.Done():
			return
		}
	}
}

// lookAround compares what this node knows with the database.
func (h *hub) lookAround() {
	h.recheck()
	ctx := h.chat.background
	before := make(map[ID]int64)
	for _, ch := range h.channels.present() {
		before[ch.ID] = ch.lastSeq.Load()
	}
	err := h.load(ctx)
	if err == nil {
		err = h.chat.loadPlace(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			h.chat.options.Log.Error("comparing positions with the database", "error", err)
		}
		return
	}
	shrunk, err := h.learnDeletions(ctx)
	if err != nil && ctx.Err() == nil {
		h.chat.options.Log.Error("asking which messages are deleted", "error", err)
	}
	for _, ch := range shrunk {
		h.tellUnread(ch)
	}
	for _, ch := range h.channels.present() {
		h.heard(ch, ch.lastRev.Load())
		if ch.lastSeq.Load() > before[ch.ID] {
			h.tellUnread(ch)
		}
	}
}
