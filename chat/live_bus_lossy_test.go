package chat

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"chitchat/chat/feed"
)

var (
	simulations = flag.Int("simulations", 15, "how many runs TestLossyBus makes for each kind of bus")
	simulation  = flag.Uint64("simulation", 0, "the one run that TestLossyBus makes; 0: as many as -simulations says")
)

// faultyBus treats events as a network does: it drops, doubles and delays them, and so changes their order.
type faultyBus struct {
	MemoryBus
	drop, double, delay float64

	mu   sync.Mutex
	dice *rand.Rand
}

func (b *faultyBus) chance(p float64) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dice.Float64() < p
}

func (b *faultyBus) Publish(e Event) {
	times := 1
	if b.chance(b.double) {
		times = 2
	}
	for range times {
		switch {
		case b.chance(b.drop):
		case b.chance(b.delay):
			b.mu.Lock()
			late := time.Duration(b.dice.Int64N(int64(3 * time.Second)))
			b.mu.Unlock()
			time.AfterFunc(late, func() { b.MemoryBus.Publish(e) })
		default:
			b.MemoryBus.Publish(e)
		}
	}
}

// TestLossyBus simulates three nodes on one database, whose users post, edit, delete, react, rename themselves, and
// write links that get previews, and pages that go from node to node, with a thread beside the channel or without.
// Whatever the bus does, every page ends with exactly the state of the database, and each change arrived once at each
// socket, in order. Time is virtual: a check of counters takes no real second.
func TestLossyBus(t *testing.T) {
	empty := tempPath(t)
	if err := mustOpen(t, Options{Path: empty}).Close(); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []struct {
		name                string
		drop, double, delay float64
	}{
		{"a good bus", 0, 0, 0},
		{"a bus that drops, doubles, delays and reorders", 0.1, 0.1, 0.1},
		{"a bus that does hardly anything right", 0.5, 0.5, 0.8},
		{"a bus that drops everything", 1, 0, 0},
	} {
		t.Run(kind.name, func(t *testing.T) {
			for seed := uint64(1); seed <= uint64(*simulations) && !t.Failed(); seed++ {
				if *simulation != 0 {
					seed = *simulation
				}
				synctest.Test(t, func(t *testing.T) {
					bus := &faultyBus{drop: kind.drop, double: kind.double, delay: kind.delay, dice: rand.New(rand.NewPCG(seed, 1))}
					simulate(t, bus, seed, empty)
				})
				if t.Failed() {
					t.Logf("this was -simulation=%d", seed)
				}
				if *simulation != 0 {
					break
				}
			}
		})
	}
}

func simulate(t *testing.T, bus *faultyBus, seed uint64, empty string) {
	dice := rand.New(rand.NewPCG(seed, 2)) // used by this goroutine only
	path := filepath.Join(t.TempDir(), "chat.db")
	database, err := os.ReadFile(empty)
	if err == nil {
		err = os.WriteFile(path, database, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	nodes := make([]*Chat, 3)
	for i := range nodes {
		nodes[i] = mustOpen(t, Options{Path: path, Bus: bus, WarmChannels: 1 + int(seed%2), Links: new(web)})
	}
	people := []Actor{mustSignIn(t, nodes[0], "Ada"), mustSignIn(t, nodes[1], "Bob"), mustSignIn(t, nodes[2], "Carol")}

	act(t, nodes[0], people[0], 0, 0, "root")
	act(t, nodes[1], people[1], 31, 0, "first reply")
	if seed%5 == 0 { // more than a room keeps
		var filling sync.WaitGroup
		for n := range 3 * feed.RingSize {
			filling.Go(func() { act(t, nodes[0], people[0], 0, 0, fmt.Sprintf("before%d", n)) })
		}
		filling.Wait()
	}

	stop, settle := make(chan struct{}), new(atomic.Bool)
	var listening sync.WaitGroup
	pages := make([]*simulatedPage, 6)
	for i := range pages {
		pages[i] = &simulatedPage{dice: rand.New(rand.NewPCG(seed, uint64(10+i))), alone: i%3 == 2}
		for n := range pages[i].feeds {
			pages[i].feeds[n].rows = make(map[int64]Row)
		}
		listening.Go(func() { pages[i].live(t, nodes, people[i%len(people)], settle, stop) })
	}

	// Several acts run concurrently, on any node.
	var acting sync.WaitGroup
	for n := range 40 {
		who := dice.IntN(len(people))
		node, a, ch := nodes[dice.IntN(len(nodes))], people[who], nodes[0].general(t)
		kind, seq := dice.IntN(45), 1+dice.Int64N(ch.lastSeq.Load()+1)
		wait := time.Duration(dice.Int64N(int64(80 * time.Millisecond)))
		acting.Go(func() { act(t, node, a, kind, seq, fmt.Sprintf("text%d", n)) })
		if dice.IntN(3) > 0 {
			time.Sleep(wait)
		}
	}
	acting.Wait()
	synctest.Wait() // for what is fetched

	time.Sleep(2 * repliesDelay) // the roots show their replies
	synctest.Wait()
	ctx := t.Context()
	var want [2][]Message
	var now [2]int64
	for n, address := range simulated {
		acc, err := nodes[0].accessFeed(ctx, people[0], address)
		if err != nil {
			t.Fatal(err)
		}
		if want[n], err = messages(ctx, nodes[0].db, acc.cached, messagesAfter, 0, 1000); err != nil {
			t.Fatal(err)
		}
		if now[n], err = (channelSource{nodes[0].hub, acc.cached}).Rev(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if root, replies := want[0][0], want[1]; root.Replies.Count != undeleted(replies) {
		t.Errorf("the root shows %d of %d replies", root.Replies.Count, undeleted(replies))
	}
	settle.Store(true)
	time.Sleep(2*time.Second + 2*positionCheck) // lost events are found by then, wherever the pages went
	synctest.Wait()
	close(stop)
	listening.Wait()
	for i, p := range pages {
		p.check(t, i, 0, want[0], now[0])
		if p.alone {
			p.check(t, i, 1, nil, 0)
		} else {
			p.check(t, i, 1, want[1], now[1])
		}
	}
	for i, node := range nodes { // what the next reader gets
		for n, address := range simulated {
			page, err := node.Messages.Peek(ctx, people[0], address)
			want := want[n][max(0, len(want[n])-feed.RingSize):]
			if err != nil || len(page.Rows) != len(want) || page.Channel.LastRev != now[n] {
				t.Errorf("node %d shows %d of %d messages of %s at rev %d of %d: %v", i, len(page.Rows), len(want), address,
					page.Channel.LastRev, now[n], err)
				continue
			}
			for j, row := range page.Rows {
				if row.Rev != want[j].Rev || !shows(row, want[j]) {
					t.Errorf("node %d shows %s for %+v", i, row.HTML, want[j])
				}
			}
		}
	}
	time.Sleep(5 * time.Second) // late events still arrive
}

// simulated are the feeds that the pages show: a channel, and a thread of it.
var simulated = []string{"general-talk", "general-talk/1"}

func undeleted(list []Message) (n int64) {
	for i := range list {
		if !list[i].Deleted() {
			n++
		}
	}
	return n
}

// An edited message is read after the messages that were posted after it.
func TestGapWithAnEditedMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := filepath.Join(t.TempDir(), "chat.db"), &faultyBus{drop: 1, dice: rand.New(rand.NewPCG(1, 1))}
		here, there := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
		ada := mustSignIn(t, here, "Ada")
		mustView(t, there, ada)
		for i := range 3 {
			mustPost(t, here, ada, fmt.Sprint(i+1))
		}
		if _, err := here.Messages.Edit(t.Context(), ada, "general-talk", 1, "one"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * positionCheck)
		if got := seqs(mustView(t, there, ada).Rows); got != "1-3" {
			t.Errorf("the other node shows %s", got)
		}
	})
}

// twoLinks are links of a message.
const twoLinks = " https://e.org/a https://e.org/b"

var reactionsOfNodes = []string{"👍", "❤️", "🎉"}

// act does one act of a kind. It ignores refusals for messages of others and messages that do not exist yet.
func act(t *testing.T, node *Chat, a Actor, kind int, seq int64, text string) {
	ctx := context.Background()
	var err error
	switch {
	case kind < 11:
		_, _, err = node.Messages.Post(ctx, a, "general-talk", Draft{Body: text, ClientID: text})
	case kind < 16:
		_, err = node.Messages.Edit(ctx, a, "general-talk", seq, text)
	case kind < 18:
		_, _, err = node.Messages.Delete(ctx, a, "general-talk", seq)
	case kind < 19:
		_, err = node.Users.Rename(ctx, a, a.Name+text)
	case kind < 25:
		_, err = node.Messages.ToggleReaction(ctx, a, "general-talk", seq, reactionsOfNodes[kind%3])
	case kind < 28:
		_, _, err = node.Messages.Post(ctx, a, "general-talk", Draft{Body: text + twoLinks, ClientID: text})
	case kind < 29:
		_, err = node.Messages.Edit(ctx, a, "general-talk", seq, text+" https://e.org/b")
	case kind < 30:
		_, err = node.Messages.RemoveLinkPreview(ctx, a, "general-talk", seq, "https://e.org/b")
	case kind >= 44:
		_, _, err = node.Messages.Post(ctx, a, "general-talk", Draft{Body: text, ClientID: text, Thread: 1, Broadcast: true})
	case kind >= 42:
		_, err = node.Messages.ToggleReaction(ctx, a, "general-talk/1", 1+seq%8, reactionsOfNodes[kind%3])
	case kind >= 40:
		_, _, err = node.Messages.Delete(ctx, a, "general-talk/1", 2+seq%8)
	case kind >= 37:
		_, err = node.Messages.Edit(ctx, a, "general-talk/1", 1+seq%8, text)
	case kind >= 31:
		_, _, err = node.Messages.Post(ctx, a, "general-talk", Draft{Body: text, ClientID: text, Thread: 1})
	default: // a retry, here or there
		for range 2 {
			if _, _, err = node.Messages.Post(ctx, a, "general-talk", Draft{Body: text, ClientID: text}); err != nil {
				break
			}
		}
	}
	if code := ErrorCode(err); err != nil && code != CodeForbidden && code != CodeNotFound {
		t.Errorf("kind %d: %v", kind, err)
	}
}

// shows reports whether a row has the message's text, under any name of its author.
func shows(row Row, m Message) bool {
	html := string(row.HTML)
	if !strings.Contains(html, previewsText(m)) || strings.Count(html, "{") != len(m.LinkPreviews) {
		return false
	}
	address := "general-talk"
	if m.Thread.Root != 0 {
		address = ThreadAddress(address, m.Thread.Root)
	}
	if m.Replies.Count > 0 && !strings.Contains(html, fmt.Sprintf(" <%d ", m.Replies.Count)) {
		return false
	}
	return strings.HasPrefix(html, fmt.Sprintf("[%s %d.%d ", address, m.Seq, m.Rev)) &&
		strings.Contains(html, ": "+m.Body) && showsReactions(html, m) &&
		strings.Contains(html, " gone]") == m.Deleted()
}

// showsReactions reports whether a row has the message's reactions and no others, under any names of those who reacted.
func showsReactions(html string, m Message) bool {
	n := 0
	for _, emoji := range reactionsOfNodes {
		n += strings.Count(html, emoji)
	}
	for _, r := range m.Reactions {
		if !strings.Contains(html, fmt.Sprintf(" %s%d,", r.Emoji, r.Count)) {
			return false
		}
	}
	return n == len(m.Reactions)
}

// simulatedPage is a page that moves from one node to the next.
type simulatedPage struct {
	dice    *rand.Rand
	feeds   [2]simulatedFeed // as simulated
	alone   bool             // it shows the channel without the thread
	sockets int
	renewed int
}

type simulatedFeed struct {
	rows map[int64]Row
	rev  int64
}

// renew is what replaces all rows.
func (f *simulatedFeed) renew(p *MessagePage) {
	clear(f.rows)
	f.rev = p.Channel.LastRev
	for _, row := range p.Rows {
		f.rows[row.Seq] = row
	}
}

// live subscribes on one node after the other until settle, then stays until stop.
func (p *simulatedPage) live(t *testing.T, nodes []*Chat, a Actor, settle *atomic.Bool, stop <-chan struct{}) {
	for {
		node := nodes[p.dice.IntN(len(nodes))]
		at := Cursor{Channel: "general-talk", Since: p.feeds[0].rev, Thread: 1, ThreadRev: p.feeds[1].rev,
			Epoch: node.Epoch()}
		if p.alone {
			at.Thread = 0
		}
		l, err := node.subscribeFake(context.Background(), a, at)
		if err != nil {
			t.Error(err)
			return
		}
		p.sockets++
		var away <-chan time.Time
		if p.dice.IntN(3) > 0 && !settle.Load() {
			away = time.After(time.Duration(p.dice.Int64N(int64(time.Second))))
		}
		more := p.hear(t, l, away, stop)
		l.Close()
		if !more {
			return
		}
		time.Sleep(time.Duration(p.dice.Int64N(int64(100 * time.Millisecond))))
	}
}

func (p *simulatedPage) hear(t *testing.T, l *fakeSubscriber, away <-chan time.Time, stop <-chan struct{}) (more bool) {
	// A node that lags behind the page's previous node sends again what the page has already.
	var last [2]int64
	for {
		select {
		case <-l.Ready():
		case <-l.Done():
			return true
		case <-away:
			return true
		case <-stop:
			return false
		}
		b, err := l.Take(context.Background())
		if err != nil {
			t.Error(err)
			return false
		}
		for n, whole := range []*MessagePage{b.Resync, b.Thread} {
			if whole != nil {
				p.renewed++
				p.feeds[n].renew(whole)
				last[n] = 0
			}
		}
		for _, row := range b.Rows {
			n := 0
			if row.Thread {
				n = 1
			}
			f := &p.feeds[n]
			if row.Rev <= last[n] {
				t.Errorf("rev %d of %s came after %d", row.Rev, simulated[n], last[n])
			}
			if f.rows[row.Seq].Rev < row.Rev {
				f.rows[row.Seq] = row
			}
			last[n] = row.Rev
			f.rev = max(f.rev, row.Rev)
		}
	}
}

// check tests that the page shows what the database has of a feed.
func (p *simulatedPage) check(t *testing.T, i, n int, want []Message, rev int64) {
	t.Helper()
	f := &p.feeds[n]
	if len(f.rows) != len(want) || f.rev != rev {
		t.Errorf("page %d shows %d of %d messages of %s, at rev %d of %d, after %d sockets", i, len(f.rows), len(want),
			simulated[n], f.rev, rev, p.sockets)
	}
	for _, m := range want {
		if row := f.rows[m.Seq]; row.Rev != m.Rev || !shows(row, m) {
			t.Errorf("page %d shows %s at rev %d for message %d at rev %d: %q", i, row.HTML, row.Rev, m.Seq, m.Rev, m.Body)
		}
	}
}
