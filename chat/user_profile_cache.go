package chat

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"chitchat/chat/sqlite"
)

// A profile is what a person shows to others wherever their name stands: see User. Every change of one takes the next
// value of the profile rev, and that is the cursor by which rooms, pages and other nodes catch up.

// profilePause is what each open page adds to the least time between two tellings of changed profiles.
const profilePause = time.Millisecond

// maxProfilesRead is how many profiles of people who have not changed are remembered for messages that are read, of
// some 200 bytes each.
const maxProfilesRead = 4096

// maxFaceChanges is how many changes are remembered for pages that catch up; a page further behind asks the database.
const maxFaceChanges = 512

// profileCache are those that have changed since the start. Rows are made of them, for a message read, or a post begun,
// before a change may come to be rendered after it. Safe for concurrent use.
type profileCache struct {
	refreshing sync.Mutex // held while changes are taken over from the database

	mu       sync.Mutex
	byID     map[ID]User    // who has changed
	read     map[ID]User    // as they were in the database; whoever has changed since is in byID
	log      []profileEntry // the last changes, by rev
	complete int64          // the log has every change after this one
}

type profileEntry struct {
	User
	rev int64 // the profile rev at the change
}

// latest returns the person as they are now, as far as this node knows.
func (f *profileCache) latest(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now, ok := f.byID[u.ID]; ok {
		return now
	}
	return u
}

// show gives messages their authors' profiles, of which they have the ID. Those that are not in memory are read.
func (f *profileCache) show(ctx context.Context, q sqlite.Querier, list []Message) error {
	f.mu.Lock()
	missing := f.fromCache(list)
	f.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	users, err := usersByID(ctx, q, missing)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep(users)
	if missing = f.fromCache(list); len(missing) > 0 {
		return fmt.Errorf("chat: the author %s of messages is not there", missing[0])
	}
	return nil
}

// keep remembers profiles as they were read: a page's, which are fewer than maxProfilesRead. The caller holds mu.
func (f *profileCache) keep(users []User) {
	if f.read == nil || len(f.read)+len(users) > maxProfilesRead {
		f.read = make(map[ID]User, len(users))
	}
	for _, u := range users {
		f.read[u.ID] = u
	}
}

// fromCache gives messages the profiles that are in memory, and returns the IDs of the others. The caller holds mu.
func (f *profileCache) fromCache(list []Message) (missing []ID) {
	for i := range list {
		author := &list[i].Author
		if now, ok := f.byID[author.ID]; ok {
			*author = now
		} else if then, ok := f.read[author.ID]; ok {
			*author = then
		} else if !slices.Contains(missing, author.ID) {
			missing = append(missing, author.ID)
		}
	}
	return missing
}

func (f *profileCache) add(changed []profileEntry) {
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
func (f *profileCache) since(rev int64) (users []User, ok bool) {
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

// loadProfiles begins to count: profiles of before are in the database.
func (h *hub) loadProfiles(ctx context.Context) error {
	rev, err := profileCounter(ctx, h.chat.db)
	h.profileRev.Store(rev)
	h.profiles.byID, h.profiles.complete = make(map[ID]User), rev
	return err
}

// profilesChanged takes over the profiles that have just been changed: rooms forget the rows that show them, pages get
// them.
func (h *hub) profilesChanged() {
	h.refresh(&h.changedProfiles, h.refreshProfiles)
	h.publish(Event{ProfileRev: h.profileRev.Load()})
}

// refreshProfiles takes over the profiles that have changed since it was called last, here or on another node.
func (h *hub) refreshProfiles(ctx context.Context) error {
	h.profiles.refreshing.Lock()
	defer h.profiles.refreshing.Unlock()
	changed, err := selectProfilesSince(ctx, h.chat.db, h.profileRev.Load(), -1)
	if err != nil || len(changed) == 0 {
		return err
	}
	h.profiles.add(changed)
	people := make(map[ID]bool, len(changed))
	for _, c := range changed {
		people[c.ID] = true
		h.statusEnds.add(c.Status.Until)
	}
	now := changed[len(changed)-1].rev
	h.chat.instance.reach(now - h.profileRev.Load())
	h.profileRev.Store(now)
	h.invalidateRooms(people)
	h.notifyProfiles()
	return nil
}

// notifyProfiles tells every page that profiles have changed: at once, or when it was done a moment ago, after a pause
// with all that came in the meantime. Any page may show anyone, so that all are woken; the pause of a millisecond for
// each keeps that below a small part of a core, however often people change what they are at.
func (h *hub) notifyProfiles() {
	h.mu.Lock()
	if h.profilesWait {
		h.mu.Unlock()
		return
	}
	now := mono()
	if wait := time.Duration(len(h.growth.pages))*profilePause - now.Sub(h.facesTold); wait > 0 {
		h.profilesWait = true
		h.after(wait, func() {
			h.mu.Lock()
			h.profilesWait, h.facesTold = false, mono()
			h.mu.Unlock()
			h.wakeForProfiles()
		})
		h.mu.Unlock()
		return
	}
	h.facesTold = now
	h.mu.Unlock()
	h.wakeForProfiles()
}

func (h *hub) wakeForProfiles() {
	h.eachSubscription(func(l *Subscription) { l.notify(func() { l.profiles = true }) })
}

// invalidateRooms lets rooms make the rows of these people anew.
func (h *hub) invalidateRooms(people map[ID]bool) {
	h.mu.Lock()
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
	}
	h.mu.Unlock()
	for _, r := range rooms {
		r.Invalidate(ofPeople(people))
	}
}

// profilesSince returns those whom the actor sees and whose profile has changed after the profile rev stood at since.
// Not ok: they are more than maxFaceChanges, and the page has to be made anew.
func (c *core) profilesSince(ctx context.Context, a Actor, since int64) (users []User, ok bool, err error) {
	if users, ok = c.hub.profiles.since(since); !ok {
		changed, err := selectProfilesSince(ctx, c.db, since, maxFaceChanges+1)
		if err != nil || len(changed) > maxFaceChanges {
			return nil, false, err
		}
		for _, f := range changed {
			users = append(users, f.User)
		}
	}
	seen, err := c.filterVisibleOf(ctx, a, users)
	if err != nil {
		return nil, false, err
	}
	visible := make(map[ID]bool, len(seen))
	for _, id := range seen {
		visible[id] = true
	}
	return slices.DeleteFunc(users, func(u User) bool { return !visible[u.ID] }), true, nil
}
