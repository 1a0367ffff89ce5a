package chat

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"chitchat/chat/sqlite"
)

// A profile is what a user shows to others wherever their name appears: see User. Every change of one takes the next
// value of the profile rev, which is the cursor by which rooms, pages and other nodes catch up.

// profilePause is what each open page adds to the minimum time between two updates of changed profiles.
const profilePause = time.Millisecond

// maxProfilesRead is the number of unchanged profiles that are cached for reading messages, of some 200 bytes each.
const maxProfilesRead = 4096

// maxProfileChanges is the number of changes that are kept for pages that catch up; a page further behind reads the
// database.
const maxProfileChanges = 512

// profileCache holds the profiles that have changed since the start. Rows are rendered from it, since a message may be
// read, or a post begun, before a profile change and rendered after it. It is safe for concurrent use.
type profileCache struct {
	refreshing sync.Mutex // held while changes are taken over from the database

	mu       sync.Mutex
	byID     map[ID]User    // changed profiles
	read     map[ID]User    // unchanged profiles, as read from the database
	log      []profileEntry // the latest changes, by rev
	complete int64          // the log has every change after this rev
}

type profileEntry struct {
	User
	rev int64 // the profile rev at the change
}

// latest returns the user with their current profile, as far as this node knows it.
func (f *profileCache) latest(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now, ok := f.byID[u.ID]; ok {
		return now
	}
	return u
}

// show sets the profiles of the messages' authors, given their IDs. It reads those that are not cached.
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

// missing returns those of the users whose profiles are not cached, each once.
func (f *profileCache) missing(people []ID) (missing []ID) {
	if len(people) == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range people {
		_, changed := f.byID[id]
		_, read := f.read[id]
		if !changed && !read && !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	return missing
}

// cache caches profiles that were read from the database.
func (f *profileCache) cache(users []User) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep(users)
}

// get is latest, also for a user of whom only the ID is known, if the profile is cached.
func (f *profileCache) get(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now, ok := f.byID[u.ID]; ok {
		return now
	}
	if then, ok := f.read[u.ID]; ok {
		return then
	}
	return u
}

// keep caches profiles that were read for a page, fewer than maxProfilesRead. The caller holds mu.
func (f *profileCache) keep(users []User) {
	if f.read == nil || len(f.read)+len(users) > maxProfilesRead {
		f.read = make(map[ID]User, len(users))
	}
	for _, u := range users {
		f.read[u.ID] = u
	}
}

// fromCache sets the profiles that are cached, and returns the IDs of the others. The caller holds mu.
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
	if n := len(f.log) - maxProfileChanges; n > 0 {
		f.complete = f.log[n-1].rev
		f.log = slices.Delete(f.log, 0, n)
	}
}

// since returns the users who have changed after rev, each once; ok is false when that is too long ago.
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

// loadProfiles initializes the profile rev: earlier profiles are in the database.
func (h *hub) loadProfiles(ctx context.Context) error {
	rev, err := profileCounter(ctx, h.chat.db)
	h.profileRev.Store(rev)
	h.profiles.byID, h.profiles.complete = make(map[ID]User), rev
	return err
}

// profilesChanged takes over the latest changes of profiles: rooms invalidate the rows that show them, and pages are
// updated.
func (h *hub) profilesChanged() {
	h.refresh(&h.changedProfiles, h.refreshProfiles)
	h.publish(Event{ProfileRev: h.profileRev.Load()})
}

// refreshProfiles takes over the profiles that have changed since its last call, on any node.
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

// notifyProfiles sends changed profiles to every page: at once, or, shortly after the last time, after a pause with all
// changes since. Any page may show any user, so all are woken. A pause of a millisecond for each page keeps the cost
// below a small part of a core, however often users change their status.
func (h *hub) notifyProfiles() {
	h.mu.Lock()
	if h.profilesWait {
		h.mu.Unlock()
		return
	}
	now := mono()
	if wait := time.Duration(len(h.growth.pages))*profilePause - now.Sub(h.profilesSent); wait > 0 {
		h.profilesWait = true
		h.after(wait, func() {
			h.mu.Lock()
			h.profilesWait, h.profilesSent = false, mono()
			h.mu.Unlock()
			h.wakeForProfiles()
		})
		h.mu.Unlock()
		return
	}
	h.profilesSent = now
	h.mu.Unlock()
	h.wakeForProfiles()
}

func (h *hub) wakeForProfiles() {
	h.eachSubscription(func(l *Subscription) { l.notify(func() { l.profiles = true }) })
}

// invalidateRooms makes rooms render the rows of these authors anew.
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

// profilesSince returns the users whom the actor sees and whose profile has changed after the profile rev since. ok is
// false when there are more than maxProfileChanges: the page must be rendered anew.
func (c *core) profilesSince(ctx context.Context, a Actor, since int64) (users []User, ok bool, err error) {
	if users, ok = c.hub.profiles.since(since); !ok {
		changed, err := selectProfilesSince(ctx, c.db, since, maxProfileChanges+1)
		if err != nil || len(changed) > maxProfileChanges {
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
