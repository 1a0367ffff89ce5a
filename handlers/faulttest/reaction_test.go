package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What reacts in TestCrash: a channel of its own, for the pages of the other one expect no change of a message.
const (
	reactors       = 4
	reactedTo      = 5 // messages
	reactionsPause = 5 * time.Millisecond
	reactionsPath  = "/c/reactions"
)

var emojiOfReactors = []string{"👍", "❤️", "🎉", "😂", "😮", "😢", "🙏", "🔥", "👀", "✅", "🚀", "💯"}

// reaction is one that a user may have to a message.
type reaction struct {
	user  string
	seq   int64
	emoji string
}

// reactionLedger records what was acknowledged of reactions, and what is on its way.
type reactionLedger struct {
	mu    sync.Mutex
	there map[reaction]bool // as it was acknowledged
	asked map[reaction]bool // what was asked for and not acknowledged yet: it may be so, or as before
	revs  map[int64]int64   // of messages by seq: the highest that was acknowledged
	acks  int
}

func newReactionLedger() *reactionLedger {
	return &reactionLedger{there: make(map[reaction]bool), asked: make(map[reaction]bool), revs: make(map[int64]int64)}
}

// openReactions makes the channel and its messages.
func openReactions(t *testing.T, base string) {
	t.Helper()
	p := signIn(t, base, "host")
	status, body, err := p.post(context.Background(), "/c", nil, "name", "Reactions")
	for i := range reactedTo {
		if err == nil {
			id := fmt.Sprint("said-host-", i+1)
			status, body, err = p.post(context.Background(), reactionsPath+"/messages", nil, "client_id", id, "body", id)
		}
	}
	if err != nil || status != http.StatusOK {
		t.Fatalf("no channel for reactions: %d, %v, %.300s", status, err, body)
	}
}

// react reacts until there is enough: it adds each reaction, adds it again, and takes it back.
func (l *reactionLedger) react(ctx context.Context, t *testing.T, p *client, enough <-chan struct{}) {
	tick := time.NewTicker(reactionsPause)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		kinds := len(emojiOfReactors)
		r := reaction{p.name, int64(1 + n%reactedTo), emojiOfReactors[n/reactedTo%kinds]}
		add := n/(reactedTo*kinds)%3 < 2
		l.mu.Lock()
		l.asked[r] = add
		l.mu.Unlock()
		got, err := p.reacts(ctx, r, add)
		if err != nil {
			t.Error(err)
			return
		}
		l.mu.Lock()
		delete(l.asked, r)
		l.there[r] = add
		l.revs[r.seq] = max(l.revs[r.seq], got.rev)
		l.acks++
		l.mu.Unlock()
	}
}

// reacts adds a reaction, or removes it, and tries again until that is acknowledged.
func (p *client) reacts(ctx context.Context, r reaction, add bool) (row, error) {
	path := fmt.Sprintf("%s/%d/reactions", reactionsPath, r.seq)
	if !add {
		path += "/remove"
	}
	for {
		status, body, err := p.post(ctx, path, nil, "emoji", r.emoji)
		switch {
		case ctx.Err() != nil:
			return row{}, ctx.Err()
		case err != nil || status >= 500: // cut off, or shutting down
			time.Sleep(20 * time.Millisecond)
		case status != http.StatusOK:
			return row{}, fmt.Errorf("%v was refused: %d %.300s", r, status, body)
		default:
			list, err := rows(body)
			if err != nil || len(list) != 1 || list[0].seq != r.seq {
				return row{}, fmt.Errorf("%v was answered with %v, %w", r, list, err)
			}
			return list[0], nil
		}
	}
}

// check compares the program's database with what was acknowledged.
func (l *reactionLedger) check(t *testing.T, data string) {
	t.Helper()
	l.mu.Lock() // nothing is acknowledged meanwhile; what is on its way may arrive
	defer l.mu.Unlock()
	tx, end := snapshot(t, data)
	defer end()

	stored := make(map[reaction]int)
	kinds := make(map[int64]map[string]bool)
	each(t, tx, `SELECT u.name, r.seq, r.emoji FROM reactions r JOIN users u ON u.id = r.user_id
		JOIN channels c ON c.id = r.channel_id WHERE c.slug = 'reactions'`, func(scan func(...any) error) error {
		var r reaction
		err := scan(&r.user, &r.seq, &r.emoji)
		stored[r]++
		if kinds[r.seq] == nil {
			kinds[r.seq] = make(map[string]bool)
		}
		kinds[r.seq][r.emoji] = true
		return err
	})
	for r, n := range stored {
		if asked, ok := l.asked[r]; n != 1 || !l.there[r] && !(ok && asked) {
			t.Errorf("%v is stored %d times; acknowledged: %v, on its way: %v", r, n, l.there[r], ok)
		}
	}
	for r, there := range l.there {
		if asked, ok := l.asked[r]; there && stored[r] == 0 && (!ok || asked) {
			t.Errorf("%v was acknowledged, and is lost", r)
		}
	}
	revs := make(map[int64]bool)
	each(t, tx, `SELECT m.seq, m.rev, m.reactions, c.last_rev FROM messages m JOIN channels c ON c.id = m.channel_id
		WHERE c.slug = 'reactions'`, func(scan func(...any) error) error {
		var seq, rev, counted, last int64
		err := scan(&seq, &rev, &counted, &last)
		if rev > last || revs[rev] || rev < l.revs[seq] {
			t.Errorf("message %d is at rev %d of %d, and was acknowledged at %d", seq, rev, last, l.revs[seq])
		}
		if counted != int64(len(kinds[seq])) {
			t.Errorf("message %d has %d kinds of reactions, and says %d", seq, len(kinds[seq]), counted)
		}
		revs[rev] = true
		return err
	})
}

var reactionPattern = regexp.MustCompile(`data-reaction="([^"]+)" data-count="(\d+)"`)

// checkPage tests that the channel's page shows what was acknowledged. Nothing may be on its way.
func (l *reactionLedger) checkPage(t *testing.T, p *client) {
	t.Helper()
	status, body, err := p.get(context.Background(), reactionsPath)
	if err != nil || status != http.StatusOK {
		t.Fatalf("no page: %d, %v", status, err)
	}
	want, got := make(map[reaction]int), make(map[reaction]int)
	for r, there := range l.there {
		if there {
			want[reaction{"", r.seq, strings.TrimSuffix(r.emoji, "\ufe0f")}]++
		}
	}
	for _, m := range rowPattern.FindAllStringSubmatch(body, -1) {
		seq, _ := strconv.ParseInt(m[1], 10, 64)
		for _, shown := range reactionPattern.FindAllStringSubmatch(m[0], -1) {
			got[reaction{"", seq, strings.TrimSuffix(shown[1], "\ufe0f")}], _ = strconv.Atoi(shown[2])
		}
	}
	if fmt.Sprint(want) != fmt.Sprint(got) {
		t.Errorf("the page shows %v, want %v", got, want)
	}
}
