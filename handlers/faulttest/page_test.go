package faulttest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fasthttp/websocket"
)

// page is an open page of the channel, reduced to its socket: it reconnects with its position whenever it is cut off,
// and tests that messages arrive in order, without a gap. Nothing may be edited meanwhile.
type page struct {
	of    *client
	epoch string

	rev     atomic.Int64 // up to which it is complete
	repeats atomic.Int64 // rows received again
	renewed atomic.Int64 // times that it got the newest messages in place of a gap
	sockets atomic.Int64 // that it has opened

	mu   sync.Mutex
	said map[int64]string // client_id by seq
}

var epochPattern = regexp.MustCompile(`data-rev="(\d+)" data-epoch="([^"]+)"`)

// open fetches the page and its position. The channel must be empty.
func open(of *client) (*page, error) {
	status, body, err := of.get(context.Background(), general)
	if err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("no page: %d, %w", status, err)
	}
	m := epochPattern.FindStringSubmatch(body)
	if m == nil || m[1] != "0" {
		return nil, errors.New("the channel is not empty")
	}
	return &page{of: of, epoch: m[2], said: make(map[int64]string)}, nil
}

var dialer = websocket.Dialer{ReadBufferSize: 1024, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
	HandshakeTimeout: patience}

// behind returns how many pages are incomplete up to a seq.
func behind(pages []*page, rev int) (n int) {
	for _, p := range pages {
		if p.rev.Load() < int64(rev) {
			n++
		}
	}
	return n
}

// follow keeps the page up to date until ctx ends. An error is a broken guarantee.
func (p *page) follow(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := p.listen(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(50*time.Millisecond + rand.N(200*time.Millisecond)): // at random, as pages do
		}
	}
	return nil
}

// listen serves one socket until it breaks.
func (p *page) listen(ctx context.Context) error {
	conn, _, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(p.of.base, "http")+"/live",
		http.Header{"Origin": {p.of.base}, "Cookie": {p.of.cookie()}})
	if err != nil {
		return nil // the program is down
	}
	p.sockets.Add(1)
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	hello := map[string]any{"channel": "general-talk", "since": p.rev.Load(), "epoch": p.epoch, "names": 0}
	if conn.WriteJSON(hello) != nil {
		return nil
	}
	for {
		_, frame, err := conn.ReadMessage()
		if closed, ok := errors.AsType[*websocket.CloseError](err); ok && closed.Code >= 4400 {
			return fmt.Errorf("the socket was closed with %w", closed)
		}
		if err != nil {
			return nil
		}
		if err := p.take(string(frame)); err != nil {
			return err
		}
	}
}

func (p *page) take(frame string) error {
	list, err := rows(frame)
	if err != nil {
		return err
	}
	renew := strings.Contains(frame, `hx-swap="replace-all"`)
	if renew {
		p.renewed.Add(1)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range list {
		if r.rev <= p.rev.Load() {
			if said, ok := p.said[r.seq]; ok && said != r.id {
				return fmt.Errorf("message %d was %s, and is %s", r.seq, said, r.id)
			}
			p.repeats.Add(1)
			continue
		}
		if r.seq != p.rev.Load()+1 && !renew {
			return fmt.Errorf("message %d came after %d", r.seq, p.rev.Load())
		}
		p.said[r.seq] = r.id
		p.rev.Store(r.rev)
	}
	return nil
}
