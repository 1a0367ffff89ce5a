package chat

import "sync"

// Event is a hint that something has changed in the database. It carries no content: a node that hears of it
// reads what it lacks, so that a lost, doubled or late event does no harm.
type Event struct {
	Node       string // who says so; a node leaves out its own
	Channel    ID     // a channel whose messages have changed, up to Rev
	Rev        int64
	ProfileRev int64 // the profile rev, when someone has another name
	Session    ID    // a session that has ended
	User       ID    // someone whose role or right to be here has changed
	Members    bool  // someone came to a channel, left it, or wants something else of it
	List       bool  // the list of channels has changed, or who is banned
}

// Bus carries events between the nodes that share a database. At most once is enough. Publish must not block
// for long and may be called from many goroutines; its failures are the bus's own to log.
type Bus interface {
	Publish(Event)
	// Subscribe calls handler for each event, one at a time, until stop is called; no call is under way after that.
	Subscribe(handler func(Event)) (stop func())
}

// MemoryBus joins nodes within one process. The zero value is ready to use.
type MemoryBus struct {
	mu       sync.Mutex
	next     int
	handlers map[int]func(Event)
}

// Publish tells every subscriber, the publisher's own among them.
func (b *MemoryBus) Publish(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, handler := range b.handlers {
		handler(e)
	}
}

// Subscribe implements Bus.
func (b *MemoryBus) Subscribe(handler func(Event)) func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.handlers == nil {
		b.handlers = make(map[int]func(Event))
	}
	id := b.next
	b.next++
	b.handlers[id] = handler
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.handlers, id)
	}
}
