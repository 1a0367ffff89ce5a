package handlers

import (
	"context"
	"sync"

	"chitchat/chat"
)

// maxSockets is how many pages one session may have open.
const maxSockets = 100

// sockets knows which sockets are open: to bound them, and so that a shutdown can end them and wait for them.
// The hub ends those that listen; those that have not said yet where they stand are known here alone.
type sockets struct {
	mu       sync.Mutex
	closed   bool
	sessions map[chat.ID]int
	silent   map[*socket]struct{} // open, and without a listener
	open     sync.WaitGroup
}

// enter counts a socket in. It returns the code to close with, 0 when all is well: then leave has to be called.
func (o *sockets) enter(k *socket) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return int(chat.CloseRestart)
	case o.sessions[k.actor.Session] >= maxSockets:
		return closeTooMany
	}
	if o.sessions == nil {
		o.sessions, o.silent = make(map[chat.ID]int), make(map[*socket]struct{})
	}
	o.sessions[k.actor.Session]++
	o.silent[k] = struct{}{}
	o.open.Add(1)
	return 0
}

// listens says that the hub can end the socket from now on.
func (o *sockets) listens(k *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.silent, k)
}

// leave counts a socket out. Its connection is not touched any more when it returns.
func (o *sockets) leave(k *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.silent, k)
	if o.sessions[k.actor.Session]--; o.sessions[k.actor.Session] == 0 {
		delete(o.sessions, k.actor.Session)
	}
	o.open.Done()
}

// refuse lets no new socket in, and ends those that do not listen yet. Nothing was ever written to them, so that
// there is room for the close frame.
func (o *sockets) refuse() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for k := range o.silent {
		k.sayClose(int(chat.CloseRestart))
		k.expect(farewell) // a client that answers is gone at once; one that does not is let go
	}
}

// wait waits for those that are open, after refuse.
func (o *sockets) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		o.open.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
