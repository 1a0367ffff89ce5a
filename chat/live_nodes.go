package chat

import (
	"time"

	"chitchat/chat/guard"
)

// positionCheck is how often a node with neighbours compares its rooms with the database: it finds messages whose event
// was lost.
const positionCheck = time.Second

func (h *hub) publish(e Event) {
	if h.chat.options.Bus != nil {
		e.Node = h.node
		// a lost event does no harm: see positionCheck
		_ = guard.Run(h.chat.options.Log, "publishing", func() { h.chat.options.Bus.Publish(e) })
	}
}

// subscribe starts to receive events of other nodes. The handler only takes notes: the changes are read elsewhere.
func (h *hub) subscribe(bus Bus) {
	h.leaveBus = bus.Subscribe(func(e Event) {
		if e.Node != h.node {
			_ = guard.Run(h.chat.options.Log, "hearing of another node", func() { h.onEvent(e) }) // the bus goes on
		}
	})
}

// onEvent handles an event of another node.
func (h *hub) onEvent(e Event) {
	switch {
	case e.Typing != 0:
		h.typedElsewhere(e.Channel, e.Typing)
	case e.Channel != 0:
		if ch := h.channels.byID(e.Channel); ch != nil {
			h.onRemoteRev(ch, e.Rev)
		} else {
			h.onRemoteThread(e.Channel, e.Rev)
		}
	case e.Session != 0:
		h.disconnectSession(e.Session)
	case e.Drafts != 0:
		h.showDrafts(e.Drafts)
	case e.Sections != 0:
		h.showSections(e.Sections)
	case e.User != 0 || e.Members:
		h.chat.goroutines.Go("asking who may still listen", h.revalidate)
	case e.List || e.ProfileRev > h.profileRev.Load():
		h.chat.goroutines.Go("comparing counters with the database", h.reconcile)
	}
}

// onRemoteRev handles the news that another node has changed a channel.
func (h *hub) onRemoteRev(ch *cachedChannel, rev int64) {
	h.mu.Lock()
	r := h.rooms[ch.ID]
	h.mu.Unlock()
	if r != nil {
		r.Signal(rev)
	}
}

// reconcileLoop calls reconcile now and then, until the chat closes.
func (h *hub) reconcileLoop() {
	tick := time.NewTicker(positionCheck)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = guard.Run(h.chat.options.Log, "comparing counters with the database", h.reconcile) // it runs again in a moment
		case <-h.chat.background.Done():
			return
		}
	}
}

// reconcile compares this node's counters with the database.
func (h *hub) reconcile() {
	h.revalidate()
	ctx := h.chat.background
	before := make(map[ID]int64)
	for _, ch := range h.channels.active() {
		before[ch.ID] = ch.lastSeq.Load()
	}
	err := h.load(ctx)
	if err == nil {
		err = h.chat.loadWorkspace(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			h.chat.options.Log.Error("comparing counters with the database", "error", err)
		}
		return
	}
	shrunk, err := h.refreshDeletions(ctx)
	if err != nil && ctx.Err() == nil {
		h.chat.options.Log.Error("reading deletions", "error", err)
	}
	if err := h.reconcileThreads(ctx); err != nil && ctx.Err() == nil {
		h.chat.options.Log.Error("reading threads", "error", err)
	}
	for _, ch := range shrunk {
		h.markUnread(ch)
	}
	for _, ch := range h.channels.active() {
		h.onRemoteRev(ch, ch.lastRev.Load())
		if ch.lastSeq.Load() > before[ch.ID] {
			h.markUnread(ch)
		}
	}
}
