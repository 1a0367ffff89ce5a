package chat

import (
	"context"
	"slices"
	"sync"
)

// A face is what a person shows to others wherever their name stands: see User. Every change of one takes the next
// value of the counter of names, and that is the cursor by which rooms, pages and other nodes catch up.

// maxFaceChanges is how many changes are remembered for pages that catch up; a page further behind asks the database.
const maxFaceChanges = 512

// faces are those that have changed since the start. Rows are made of them, for a message read, or a post begun, before
// a change may come to be rendered after it. Safe for concurrent use.
type faces struct {
	learning sync.Mutex // held while changes are taken over from the database

	mu       sync.Mutex
	byID     map[ID]User
	log      []face // the last changes, by rev
	complete int64  // the log has every change after this one
}

type face struct {
	User
	rev int64 // the counter of names at the change
}

// latest returns the person as they are now, as far as this node knows.
func (f *faces) latest(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now, ok := f.byID[u.ID]; ok {
		return now
	}
	return u
}

func (f *faces) add(changed []face) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range changed {
		f.byID[c.ID] = c.User
	}
	f.log = append(f.log, changed...)
	if n := len(f.log) - maxFaceChanges; n > 0 {
		f.complete = f.log[n-1].rev
		f.log = slices.Delete(f.log, 0, n)
	}
}

// since returns everyone who has changed after the counter stood at rev, each once; not ok: that is too long ago.
func (f *faces) since(rev int64) (users []User, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if rev < f.complete {
		return nil, false
	}
	seen := make(map[ID]bool)
	for _, c := range slices.Backward(f.log) {
		if c.rev <= rev {
			break
		}
		if !seen[c.ID] {
			seen[c.ID] = true
			users = append(users, c.User)
		}
	}
	return users, true
}

// startFaces begins to count: faces of before are in the database.
func (h *hub) startFaces(ctx context.Context) error {
	rev, err := namesCounter(ctx, h.chat.db.read)
	h.namesRev.Store(rev)
	h.faces.byID, h.faces.complete = make(map[ID]User), rev
	return err
}

// facesChanged takes over the faces that have just been changed: rooms forget the rows that show them, pages get them.
func (h *hub) facesChanged() {
	ctx := h.chat.background
	if err := h.learnFaces(ctx); err != nil && ctx.Err() == nil {
		h.chat.options.Log.Error("learning who has changed", "error", err)
	}
	h.publish(Event{Names: h.namesRev.Load()})
}

// learnFaces takes over the faces that have changed since it was called last, here or on another node.
func (h *hub) learnFaces(ctx context.Context) error {
	h.faces.learning.Lock()
	defer h.faces.learning.Unlock()
	changed, err := facesSince(ctx, h.chat.db.read, h.namesRev.Load())
	if err != nil || len(changed) == 0 {
		return err
	}
	h.faces.add(changed)
	people := make(map[ID]bool, len(changed))
	for _, c := range changed {
		people[c.ID] = true
		h.statusEnds.sooner(c.Status.Until)
	}
	h.namesRev.Store(changed[len(changed)-1].rev)
	h.spoilRooms(people)
	h.everyone(func(l *Listener) { l.tell(func() { l.names = true }) })
	return nil
}

// spoilRooms lets rooms make the rows of these people anew.
func (h *hub) spoilRooms(people map[ID]bool) {
	h.mu.Lock()
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.spoil(people)
	}
}

// facesSince returns those whom the actor sees and whose face has changed after the counter of names stood at since.
func (c *Chat) facesSince(ctx context.Context, a Actor, since int64) ([]User, error) {
	users, ok := c.hub.faces.since(since)
	if !ok {
		changed, err := facesSince(ctx, c.db.read, since)
		if err != nil {
			return nil, err
		}
		for _, f := range changed {
			users = append(users, f.User)
		}
	}
	seen, err := c.knownOf(ctx, a, users)
	return slices.DeleteFunc(users, func(u User) bool { return !slices.Contains(seen, u.ID) }), err
}
