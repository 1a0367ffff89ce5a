package chat

import (
	"bytes"
	"container/list"
	"crypto/rand"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"chitchat/chat/guard"
)

// onlineDelay is how long changes of presence may wait to be sent together.
const onlineDelay = 150 * time.Millisecond

// hub knows the subscriptions of this process, and keeps the warm rooms. Rules:
//
//   - mu guards the maps and timers. It is never held during a query, a rendering or a send, and never together with a
//     room's lock. A Subscription's own lock may be taken under it.
//   - What follows a commit (posted, changed, renamed, …) is called by the writer's notify goroutine only, in the order
//     of commits.
type hub struct {
	chat       *core
	node       string // identifies this process on the bus
	channels   channelCache
	profileRev atomic.Int64
	leaveBus   func()

	bans atomic.Pointer[map[ID]bool] // users who may have an active ban

	refreshing sync.Mutex // held while membership changes are taken over
	membersRev int64      // guarded by refreshing: changes up to this rev are known

	// What is read after commits, and retried on errors.
	memberships, banishments, changedProfiles refresher

	emoji      knownEmoji
	guests     guestSet
	profiles   profileCache
	statusEnds nextDeadline // when the next status ends

	rendered       atomic.Int64
	messageQueries atomic.Int64

	mu       sync.Mutex
	closed   bool
	clock    uint64       // counts pins, to find the least recently used room
	rooms    map[ID]*room // of channels and threads
	threads  map[ThreadRef]*room
	people   map[ID]*onlineUser
	sessions map[ID]map[*Subscription]struct{}
	growth   growth
	joined   map[ID]struct{} // channels whose member count has changed

	changedThreads map[ID]struct{} // see threadChanged; nil: no timer will look at them
	threadRevs     map[ID]int64    // the revs of other nodes' threads, as reconcileThreads saw them last
	timers         map[*time.Timer]struct{}
	counting       bool           // a timer will send the number of online users
	typing         map[ID]*typing // by channel
	profilesSent   time.Time
	profilesWait   bool // a timer will send changed profiles
}

func newHub(c *core) *hub {
	return &hub{
		chat: c, node: rand.Text(), leaveBus: func() {},
		memberships: refresher{what: "who is in which channel"}, banishments: refresher{what: "who is banned"},
		changedProfiles: refresher{what: "who has changed"},
		emoji:           knownEmoji{reading: refresher{what: "the custom emoji"}},
		rooms:           make(map[ID]*room),
		threads:         make(map[ThreadRef]*room),
		people:          make(map[ID]*onlineUser),
		sessions:        make(map[ID]map[*Subscription]struct{}),
		growth:          growth{recent: list.New()}, joined: make(map[ID]struct{}), timers: make(map[*time.Timer]struct{}),
		typing: make(map[ID]*typing),
	}
}

// render renders a message, with the current names of its author and of those who reacted.
func (h *hub) render(m Message) Row { return h.renderAll([]Message{m})[0] }

// rowsTogether is the number of rows whose HTML shares one allocation: fewer allocations are faster, and a row that is
// kept for long keeps its neighbours too.
const rowsTogether = 16

func (h *hub) renderAll(list []Message) []Row {
	buffer := rowBuffers.Get().(*[]byte)
	defer rowBuffers.Put(buffer)
	html, rows := (*buffer)[:0], make([]Row, len(list))
	h.readRepliers(list)
	for i, m := range list {
		names := m.linksChannels()
		m = h.chat.withoutHidden(m)
		m.Author = h.profiles.latest(m.Author)
		named := append(h.nameReactions(&m), h.nameRepliers(&m)...)
		if m.Broadcast.Root != 0 {
			m.Broadcast.Of = h.profiles.latest(m.Broadcast.Of)
			named = append(named, int64(m.Broadcast.Of.ID))
		}
		from := len(html)
		var failed bool
		html, failed = h.renderRow(html, m)
		// HTML is replaced below; here only its length counts
		rows[i] = Row{Seq: m.Seq, Rev: m.Rev, Author: int64(m.Author.ID), CreatedAt: m.CreatedAt, Deleted: m.Deleted(),
			Continued: m.Continued, HTML: html[from:], Thread: m.Thread.Root != 0, Failed: failed, Channels: names, Named: named,
			Line: m.Pins != 0}
	}
	h.rendered.Add(int64(len(list)))
	if *buffer = html; cap(html) > maxRowBuffer {
		*buffer = nil
	}
	for piece := range slices.Chunk(rows, rowsTogether) {
		size := 0
		for i := range piece {
			size += len(piece[i].HTML)
		}
		kept := bytes.Clone(html[:size])
		html = html[size:]
		for i := range piece {
			n := len(piece[i].HTML)
			piece[i].HTML, kept = kept[:n:n], kept[n:]
		}
	}
	return rows
}

// renderRow appends a rendered message. If rendering panics, it appends a note instead: the panic would break every
// page that shows the message, and every update with it.
func (h *hub) renderRow(html []byte, m Message) (with []byte, failed bool) {
	render := func(m Message) bool {
		return guard.Run(h.chat.options.Log, "rendering a message",
			func() { with = h.chat.options.RenderRow(html, m) }) == nil
	}
	if render(m) {
		return with, false
	}
	h.chat.options.Log.Error("a message cannot be shown", "channel", m.ChannelID, "seq", m.Seq)
	m.Body, m.Formatted, m.Attachments, m.LinkPreviews = unshown, Formatted{}, nil, nil
	if render(m) {
		return with, true
	}
	return html, true
}

// unshown replaces a message that cannot be shown.
const unshown = "(This message cannot be shown. That is our fault, and it was noted.)"

// frame joins rows into a frame for subscribers, without rows for which that panics.
func (h *hub) frame(rows []Row) (frame []byte) {
	join := func(rows []Row) bool {
		return guard.Run(h.chat.options.Log, "joining rows", func() { frame = h.chat.options.Frame(rows) }) == nil
	}
	if join(rows) {
		return frame
	}
	good := slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return !join([]Row{row}) })
	if len(good) == 0 || !join(good) {
		return nil
	}
	return frame
}

// rowBuffers holds buffers for rendering: *[]byte, of maxRowBuffer bytes at most.
var rowBuffers = sync.Pool{New: func() any { return new([]byte) }}

const maxRowBuffer = 512 << 10

// posted notifies the subscriptions of new messages, and sets the row of each post.
func (h *hub) posted(posts []*post) {
	joined := false
	fresh := make([]*post, 0, len(posts))
	for _, p := range posts {
		joined = joined || p.joined
		if p.wasDraft {
			h.draftsChanged(p.message.Author.ID)
		}
		if p.isRetry {
			p.row = h.render(p.message)
			p.untold = p.row.Failed
			continue
		}
		if fresh = append(fresh, p); p.broadcast != nil {
			fresh = append(fresh, p.broadcast)
		}
	}
	h.chat.unindexed.posted(fresh)
	h.chat.texts.posted(fresh)
	for _, group := range byFeed(fresh) {
		list := make([]Message, len(group))
		for i, p := range group {
			list[i] = p.message
		}
		failure := guard.Run(h.chat.options.Log, "telling of messages", func() { // of one feed: the others go on
			rows := h.changed(group[0].feed, list)
			for i, p := range group {
				p.row, p.untold = rows[i], rows[i].Failed
				if p.feed.parent == nil {
					if !p.unseen {
						h.read(p.message.Author.ID, p.feed.ID, readMark{p.message.Seq, p.access.unreadRev})
					}
					h.typedAndPosted(p.feed.ID, p.message.Author.ID)
				}
			}
		})
		for _, p := range group {
			p.untold = p.untold || failure != nil
		}
	}
	if joined {
		h.membersChanged()
	}
}

// changed notifies the subscriptions of messages of one channel that were posted, edited or deleted, in the order of
// rev.
func (h *hub) changed(ch *cachedChannel, list []Message) []Row {
	var rows []Row
	h.mu.Lock()
	r := h.rooms[ch.ID]
	h.mu.Unlock()
	if r != nil {
		ch = r.ch // of a thread there may be another one, which was read before its room was there
	}
	grown := false
	before := ch.lastRev.Load()
	for i := range list {
		grown = grown || list[i].Seq > ch.lastSeq.Load()
		ch.advance(list[i].Seq, list[i].Rev, millis(list[i].CreatedAt))
		if list[i].Deleted() && ch.deleted.add(list[i].Seq) {
			grown = true // or shrunk: the counts have changed
		}
	}
	if ch.parent != nil {
		h.chat.instance.reach(int64(len(list))) // its counters may have been read a moment ago
	} else {
		h.chat.instance.reach(ch.lastRev.Load() - before)
	}
	if r != nil {
		rows = r.Append(func() []Row { return h.renderAll(list) })
	} else {
		rows = h.renderAll(list)
	}
	switch {
	case grown && ch.parent != nil:
		h.threadChanged(ch.ID)
	case grown:
		h.markUnread(ch)
	}
	if ch.parent == nil {
		h.rootsChanged(ch.ID, list)
	}
	h.publish(Event{Channel: ch.ID, Rev: ch.lastRev.Load()})
	return rows
}

// sessionsEnded is sessionEnded for several.
func (h *hub) sessionsEnded(sessions []ID) {
	for _, session := range sessions {
		h.sessionEnded(session)
	}
}

// listening returns the sessions with an open page.
func (h *hub) listening() []ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Keys(h.sessions))
}

// eachSubscription calls fn for each subscription, under mu.
func (h *hub) eachSubscription(fn func(*Subscription)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.people {
		for l := range p.subscriptions {
			fn(l)
		}
	}
}

// pin returns the channel's room and keeps it until unpin.
func (h *hub) pin(ch *cachedChannel) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[ch.ID]
	if r == nil {
		h.evict(h.chat.options.WarmChannels - 1)
		r = h.newRoom(ch)
		h.rooms[ch.ID] = r
		if ch.parent != nil {
			h.threads[ch.ref()] = r
		}
	}
	h.clock++
	r.used = h.clock
	r.pins++
	return r
}

func (h *hub) unpin(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.pins--
	h.evict(h.chat.options.WarmChannels)
}

// evict forgets the least recently used rooms that are not pinned, until at most most are left or all are pinned. The
// caller holds mu.
func (h *hub) evict(most int) {
	for len(h.rooms) > most {
		var oldest *room
		for _, r := range h.rooms {
			if r.pins == 0 && (oldest == nil || r.used < oldest.used) {
				oldest = r
			}
		}
		if oldest == nil {
			return
		}
		delete(h.rooms, oldest.ch.ID)
		delete(h.threads, oldest.ch.ref())
	}
}

// timerRetry is the delay before a timer's function that panicked runs again.
const timerRetry = time.Second

// after calls fn once after a delay, unless the hub stops before, and again if fn panics. The caller holds mu; fn is
// called without it.
func (h *hub) after(delay time.Duration, fn func()) {
	if h.closed {
		return
	}
	var timer *time.Timer
	log := h.chat.options.Log
	timer = guard.AfterFunc(log, "telling pages", delay, func() {
		h.mu.Lock()
		_, waiting := h.timers[timer]
		delete(h.timers, timer)
		h.mu.Unlock()
		if waiting && guard.Run(log, "telling pages", fn) != nil {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.after(timerRetry, fn) // otherwise updates of its kind would stop
		}
	})
	h.timers[timer] = struct{}{}
}

// disconnect ends every subscription and refuses new ones.
func (h *hub) disconnect() {
	h.mu.Lock()
	h.closed = true
	var all []*Subscription
	for _, p := range h.people {
		for l := range p.subscriptions {
			all = append(all, l)
		}
	}
	for timer := range h.timers {
		timer.Stop()
		delete(h.timers, timer)
	}
	h.mu.Unlock()
	for _, l := range all {
		l.end(CloseRestart)
	}
}

// stop leaves the bus.
func (h *hub) stop() { _ = guard.Run(h.chat.options.Log, "leaving the bus", h.leaveBus) }
