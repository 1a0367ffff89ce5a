//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// subject is a server to measure: the program, or the bare loop. Both get the same posts and send the same bytes.
type subject interface {
	name() string
	pid() int
	// openSubscribers opens each sockets in each of rooms rooms, and waits until they are quiet.
	openSubscribers(b *bench, rooms, each int, find search) (*subscribers, error)
	// posters returns n senders, each for one goroutine at a time.
	posters(n int) ([]sender, error)
	stop() error
}

// sender posts a message with a body into a room.
type sender interface {
	send(room int, body string) error
}

// Tokens of a row: its number in its channel, and what the generator wrote into its body.
var (
	seqToken  = []byte(`data-seq="`)
	planToken = []byte(`planned-`)
)

// body returns a message of the bench's size that contains a number.
func (b *bench) body(n int64) string {
	head := fmt.Sprintf("planned-%d ", n)
	return head + strings.Repeat("words of a message, ", 1+b.size/20)[:max(0, b.size-len(head))]
}

// program starts the program with a new data folder and the bench's flags.
func (b *bench) program() (*server, error) {
	p, _, err := b.programIn()
	return p, err
}

// programIn is program that also returns the folder.
func (b *bench) programIn(flags ...string) (*server, string, error) {
	b.servers++
	dir := filepath.Join(b.dir, "data-"+strconv.Itoa(b.servers))
	p, err := b.programAt(dir, "127.0.0.1:0", flags...)
	return p, dir, err
}

func (b *bench) programAt(dir, addr string, flags ...string) (*server, error) {
	args := append([]string{"--addr", addr, "--data", dir,
		"--limit-signins", "0", "--limit-passwords", "0", "--limit-posts", "0", "--limit-uploads", "0",
		"--limit-upload-bytes", "0", "--limit-changes", "0"}, b.flags...)
	p, err := serve(filepath.Join(b.dir, "program.log"), b.binary, append(args, flags...)...)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(p.addr)
	if err != nil {
		return nil, err
	}
	at := &server{process: p, origin: p.addr, secure: u.Scheme == "https"}
	p.addr = u.Host
	return at, nil
}

func (p *server) name() string { return "chit-chat" }

// openSubscribers signs users in, each with a few pages, opens their channels' pages as browsers do, and opens their
// sockets.
func (p *server) openSubscribers(b *bench, rooms, each int, find search) (*subscribers, error) {
	begun := time.Now()
	if err := p.found(rooms); err != nil {
		return nil, err
	}
	share := max(1, rooms*each/1000) // pages of one user, all in the same room
	perRoom := (each + share - 1) / share
	if err := p.invite(rooms * perRoom); err != nil {
		return nil, err
	}
	b.say("  %d people and %d channels after %v", len(p.people), rooms, time.Since(begun).Round(time.Millisecond))
	seen := make([]channel, rooms*perRoom)
	err := parallel(len(seen), 16, func(i int) (err error) {
		if err = p.join(p.people[i], p.channels[i/perRoom]); err == nil {
			seen[i], err = p.open(p.people[i], p.channels[i/perRoom])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, r := range seen {
		r.people = p.people[i/perRoom*perRoom:][:perRoom]
		*p.channels[i/perRoom] = r
	}
	b.say("  pages opened after %v", time.Since(begun).Round(time.Millisecond))
	return b.gather(rooms*each, find, func(i int) (*subscriber, []byte, error) {
		at, k := i/each, i%each
		who := at*perRoom + k/share
		fd, early, err := connect(p.addr, "/live", seen[who].hello(), "Cookie", p.people[who].cookie, "Origin", p.origin)
		return &subscriber{room: at, fd: fd, pos: seen[who].since}, early, err
	})
}

// gather opens sockets and waits until they are quiet.
func (b *bench) gather(n int, find search, open func(i int) (*subscriber, []byte, error)) (*subscribers, error) {
	begun := time.Now()
	c, err := newSubscribers(b.readers, find)
	if err != nil {
		return nil, err
	}
	c.members = make([]*subscriber, n)
	err = parallel(n, 32, func(i int) error {
		m, early, err := open(i)
		if err != nil {
			return err
		}
		c.members[i] = m
		return c.add(i, m, early)
	})
	b.say("  %d sockets opened within %v", n, time.Since(begun).Round(time.Millisecond))
	if err == nil {
		err = c.quiet(b.silence, 2*patience) // a large server is still busy with new connections
	}
	if err == nil {
		err = c.check()
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

type serverSender struct {
	*poster
	rooms []*channel
}

func (s serverSender) send(room int, body string) error {
	_, err := s.post(s.rooms[room], body)
	return err
}

func (p *server) posters(n int) ([]sender, error) {
	list, err := p.newPosters(n)
	senders := make([]sender, len(list))
	for i, q := range list {
		senders[i] = serverSender{q, p.channels}
	}
	return senders, err
}

func (p *server) stop() error {
	for _, v := range p.people {
		_ = v.wire.Close() // no answers come on it
	}
	return p.process.stop()
}

// bareSubject is the bare loop. Its rows are the program's, except for the numbers.
type bareSubject struct {
	*process
	row rowPattern

	mu  sync.Mutex
	fd  int
	seq []int64 // by room
}

func (b *bench) bareLoop(row rowPattern) (*bareSubject, error) {
	p, err := serve(filepath.Join(b.dir, "bare.log"), b.self, "bare", "-shards", strconv.Itoa(b.shards))
	if err != nil {
		return nil, err
	}
	s := &bareSubject{process: p, row: row}
	s.fd, _, err = connect(p.addr, "/live", nil)
	return s, err
}

func (s *bareSubject) name() string { return "bare" }

func (s *bareSubject) openSubscribers(b *bench, rooms, each int, find search) (*subscribers, error) {
	s.seq = make([]int64, rooms)
	return b.gather(rooms*each, find, func(i int) (*subscriber, []byte, error) {
		fd, early, err := connect(s.addr, "/live?room="+strconv.Itoa(i/each), nil)
		return &subscriber{room: i / each, fd: fd}, early, err
	})
}

func (s *bareSubject) posters(n int) ([]sender, error) {
	list := make([]sender, n)
	for i := range list {
		list[i] = s
	}
	return list, nil
}

// send posts. All senders share one connection, on which no answer comes.
func (s *bareSubject) send(room int, body string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq[room]++
	row := append(strconv.AppendInt(nil, int64(room), 10), '\n')
	return sendAll(s.fd, clientFrame(1, s.row.with(row, s.seq[room], body)))
}

// rowPattern is a row of the program, cut around its number and its body.
type rowPattern struct{ parts [3][]byte }

func newRowPattern(row []byte, body string) (rowPattern, error) {
	before, rest, ok := bytes.Cut(row, seqToken)
	_, width := digits(rest)
	middle, after, found := bytes.Cut(rest[width:], []byte(body))
	if !ok || width == 0 || !found {
		return rowPattern{}, fmt.Errorf("a row without its number or its body: %s", row)
	}
	return rowPattern{[3][]byte{bytes.Clone(append(before, seqToken...)), bytes.Clone(middle), bytes.Clone(after)}}, nil
}

func (r *rowPattern) with(b []byte, seq int64, body string) []byte {
	b = strconv.AppendInt(append(b, r.parts[0]...), seq, 10)
	b = append(append(b, r.parts[1]...), body...)
	return append(b, r.parts[2]...)
}

func (r *rowPattern) size(b *bench) int { return len(r.with(nil, 1000, b.body(1000))) }
