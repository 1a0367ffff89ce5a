package faulttest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"
)

// What replies in TestCrash: a channel of its own, whose pages no other part of the test counts.
const (
	repliers      = 4
	repliedTo     = 3 // roots
	repliesPause  = 5 * time.Millisecond
	repliesPath   = "/c/replies"
	broadcastEach = 7 // one of so many replies of a replier is shown in the channel too
)

// reply is an acknowledged reply.
type reply struct {
	root, seq int64
	broadcast bool
}

// replyLedger records what was acknowledged of replies.
type replyLedger struct {
	mu    sync.Mutex
	acked map[string]reply // by client_id
}

func newReplyLedger() *replyLedger { return &replyLedger{acked: make(map[string]reply)} }

// openReplies makes the channel and its roots.
func openReplies(t *testing.T, base string) {
	t.Helper()
	p := signIn(t, base, "starter")
	status, body, err := p.post(context.Background(), "/c", nil, "name", "Replies")
	for i := range repliedTo {
		if err == nil {
			id := fmt.Sprint("said-starter-", i+1)
			status, body, err = p.post(context.Background(), repliesPath+"/messages", nil, "client_id", id, "body", id)
		}
	}
	if err != nil || status != http.StatusOK {
		t.Fatalf("no channel for replies: %d, %v, %.300s", status, err, body)
	}
}

// reply replies until there is enough.
func (l *replyLedger) reply(ctx context.Context, t *testing.T, p *client, enough <-chan struct{}) {
	tick := time.NewTicker(repliesPause)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-enough:
			return
		case <-tick.C:
		}
		id := fmt.Sprintf("said-%s-%d", p.name, n)
		r := reply{root: int64(1 + n%repliedTo), broadcast: n%broadcastEach == 0}
		fields := []string{"thread", strconv.FormatInt(r.root, 10)}
		if r.broadcast {
			fields = append(fields, "also", "1")
		}
		got, err := p.sayIn(ctx, repliesPath, id, nil, fields...)
		if err != nil {
			t.Error(err)
			return
		}
		r.seq = got.seq
		l.mu.Lock()
		l.acked[id] = r
		l.mu.Unlock()
	}
}

// check compares the program's database with what was acknowledged.
func (l *replyLedger) check(t *testing.T, data string) {
	t.Helper()
	l.mu.Lock() // nothing is acknowledged meanwhile
	defer l.mu.Unlock()
	tx, end := snapshot(t, data)
	defer end()

	const threads = `threads t JOIN channels c ON c.id = t.channel_id AND c.slug = 'replies'`
	stored, count := make(map[string]reply), make(map[int64]int64)
	each(t, tx, `SELECT t.seq, m.seq, m.rev, m.client_id, m.body, m.broadcast_seq, t.last_rev
		FROM messages m JOIN `+threads+` WHERE m.channel_id = t.id ORDER BY t.seq, m.seq`,
		func(scan func(...any) error) error {
			var r reply
			var rev, shown, last int64
			var id, body string
			err := scan(&r.root, &r.seq, &rev, &id, &body, &shown, &last)
			if r.broadcast = shown != 0; err == nil {
				count[r.root]++
			}
			if r.seq != count[r.root] || rev > last || body != id || stored[id].seq != 0 {
				t.Errorf("reply %q to %d stands at %d, and is the %d., with rev %d of %d and the text %q", id, r.root, r.seq,
					count[r.root], rev, last, body)
			}
			stored[id] = r
			return err
		})
	for id, r := range l.acked {
		if stored[id] != r {
			t.Errorf("%s was acknowledged as %+v, and is %+v", id, r, stored[id])
		}
	}
	each(t, tx, `SELECT t.seq, t.last_seq FROM `+threads, func(scan func(...any) error) error {
		var root, last int64
		err := scan(&root, &last)
		if last != count[root] {
			t.Errorf("%d replies to %d, and the thread's counter is at %d", count[root], root, last)
		}
		return err
	})
	// A broadcast and its reply are one message: never one without the other.
	var lone int
	for _, query := range []string{`SELECT count(*) FROM messages m WHERE m.broadcast_seq > 0 AND NOT EXISTS (
		SELECT 1 FROM messages b JOIN threads t ON t.channel_id = b.channel_id
		WHERE t.id = m.channel_id AND b.seq = m.broadcast_seq AND b.thread_id = m.channel_id AND b.thread_seq = m.seq)`,
		`SELECT count(*) FROM messages b WHERE b.thread_id > 0 AND NOT EXISTS (
		SELECT 1 FROM messages m WHERE m.channel_id = b.thread_id AND m.seq = b.thread_seq AND m.broadcast_seq = b.seq)`,
		`SELECT c.last_seq - count(*) FROM channels c JOIN messages m ON m.channel_id = c.id WHERE c.slug = 'replies'`,
	} {
		if err := tx.QueryRow(query).Scan(&lone); err != nil || lone != 0 {
			t.Errorf("%d rows, want none: %v: %s", lone, err, query)
		}
	}
}

var repliesPattern = regexp.MustCompile(`data-replies="(\d+)"`)

// checkRoots tests that the roots show their replies, all of them. Nothing may be on its way.
func (l *replyLedger) checkRoots(t *testing.T, p *client) {
	t.Helper()
	want := make(map[int64]int)
	for _, r := range l.acked {
		want[r.root]++
	}
	for root := range int64(repliedTo) {
		eventually(t, fmt.Sprintf("message %d shows its replies", root+1), func() bool {
			status, body, err := p.get(context.Background(), fmt.Sprintf("%s/%d", repliesPath, root+1))
			if err != nil || status != http.StatusOK {
				t.Fatalf("no page: %d, %v", status, err)
			}
			for _, m := range rowPattern.FindAllStringSubmatch(body, -1) {
				if shown := repliesPattern.FindStringSubmatch(m[0]); m[1] == strconv.FormatInt(root+1, 10) && shown != nil {
					return shown[1] == strconv.Itoa(want[root+1])
				}
			}
			return false
		})
	}
}
