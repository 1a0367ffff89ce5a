package chat

import "sync"

// Event is a hint that something has changed in the database. It carries no content: a node that receives it reads what
// it lacks, so a lost, repeated or late event does no harm.
type Event struct {
	Node       string // the sender; a node ignores its own events
	Channel    ID     // a channel whose messages have changed, up to Rev
	Rev        int64
	ProfileRev int64 // the profile rev, when a profile has changed
	Session    ID    // a session that has ended
	User       ID    // a user whose role or access has changed
	Drafts     ID    // a user who has a draft more or less
	Sections   ID    // a user whose sections have changed
	Typing     ID    // a user who types in Channel; then Rev has no meaning
	Members    bool  // a membership has changed
	List       bool  // the list of channels has changed, or the bans
}

// Bus carries events between the nodes that share a database. Delivery at most once is enough. Publish must not block
// for long and must be safe for concurrent use; the bus logs its own failures.
type Bus interface {
	Publish(Event)
	// Subscribe calls handler for each event, one at a time, until stop is called. No call is in progress once stop
	// returns.
	Subscribe(handler func(Event)) (stop func())
}

// MemoryBus connects nodes within one process. The zero value is ready to use.
type MemoryBus struct {
	mu       sync.Mutex
	next     int
	handlers map[int]func(Event)
}

// Publish calls every subscriber, including the publisher's own.
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
