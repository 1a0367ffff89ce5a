//go:build linux

package main

import (
	"bufio"
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 6455 asks for it
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// bare is the smallest broadcaster possible in Go, and the baseline for the program: no HTTP except the handshake, no
// sessions, no storage. It sends each received frame, "ROOM
// ROW", to everyone in the room, wrapped as the program wraps rows. The frames that wait for a room are joined into
// one, once, and written to each socket by one non-blocking call. Rules:
//
//   - Each socket belongs to one shard, a thread with an epoll, and only it reads, writes and closes the socket.
//   - A row is passed to all shards, under each shard's lock, which is not held during system calls.
type bare struct {
	shards []*shard
}

type shard struct {
	bare  *bare
	epoll int
	wake  int // an eventfd

	clients map[int32]*bareClient
	rooms   map[string]*bareRoom
	dirty   []*bareRoom
	buf     []byte

	mu       sync.Mutex
	arriving []*bareClient
	incoming []bareRow
	asleep   atomic.Bool
}

type bareRow struct {
	room string
	row  []byte
}

type bareRoom struct {
	clients []*bareClient
	rows    [][]byte
	size    int
}

type bareClient struct {
	fd   int
	room string
	in   []byte // of an incomplete frame
	out  []byte // not taken by the kernel yet; at first the answer to the handshake
}

// maxWaiting is how many bytes may wait for one socket before it is closed.
const maxWaiting = 4 << 20

var (
	wrapStart = []byte(`<hx-partial hx-target="#messages" hx-swap="upsert-rows">`)
	wrapEnd   = []byte(`</hx-partial>`)
)

// serveBare serves until the process ends.
func serveBare(shards int) error {
	debug.SetGCPercent(400)
	if err := raiseFiles(); err != nil {
		return err
	}
	b := &bare{}
	for range shards {
		s := &shard{bare: b, clients: make(map[int32]*bareClient), rooms: make(map[string]*bareRoom),
			buf: make([]byte, 256<<10)}
		var err error
		if s.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
			return err
		}
		if s.wake, err = unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC); err != nil {
			return err
		}
		if err := s.watch(unix.EPOLL_CTL_ADD, s.wake, unix.EPOLLIN); err != nil {
			return err
		}
		b.shards = append(b.shards, s)
	}
	for _, s := range b.shards {
		go s.run()
	}
	ln, err := listenLoopback()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(os.Stdout, "bare is listening on %s\n", ln.Addr())
	for i := 0; ; i++ {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go b.welcome(conn, i)
	}
}

// welcome reads the handshake and passes the socket to a shard, which answers it: a client that has the answer is in
// the room, and misses no row sent from then on.
func (b *bare) welcome(conn net.Conn, i int) {
	defer func() { _ = conn.Close() }() // the shard has its own descriptor
	_ = conn.SetDeadline(time.Now().Add(patience))
	in := bufio.NewReader(conn)
	r, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // RFC 6455 asks for it
	early := make([]byte, in.Buffered())
	_, _ = io.ReadFull(in, early) // it has arrived
	file, err := conn.(*net.TCPConn).File()
	if err != nil {
		return
	}
	defer file.Close() // the shard has its own descriptor
	fd, err := unix.Dup(int(file.Fd()))
	if err != nil {
		return
	}
	if unix.SetNonblock(fd, true) != nil {
		return
	}
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
	s := b.shards[i%len(b.shards)]
	s.mu.Lock()
	s.arriving = append(s.arriving, &bareClient{fd: fd, room: r.URL.Query().Get("room"), in: early, out: []byte(answer)})
	s.mu.Unlock()
	s.rouse()
}

func (s *shard) watch(op, fd int, events uint32) error {
	return unix.EpollCtl(s.epoll, op, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)})
}

// rouse wakes the shard's thread if it sleeps.
func (s *shard) rouse() {
	if s.asleep.CompareAndSwap(true, false) {
		var one [8]byte
		binary.NativeEndian.PutUint64(one[:], 1)
		_, _ = rawWrite(s.wake, one[:])
	}
}

func (s *shard) run() {
	runtime.LockOSThread()
	events := make([]unix.EpollEvent, 512)
	for {
		s.asleep.Store(true)
		wait := -1
		s.mu.Lock()
		if len(s.incoming) > 0 || len(s.arriving) > 0 {
			wait = 0
		}
		s.mu.Unlock()
		n, err := unix.EpollWait(s.epoll, events, wait)
		s.asleep.Store(false)
		if err != nil && !errors.Is(err, unix.EINTR) {
			panic(err)
		}
		for _, e := range events[:max(n, 0)] {
			switch c := s.clients[e.Fd]; {
			case int(e.Fd) == s.wake:
				_, _ = rawRead(s.wake, s.buf[:8])
			case c == nil:
			case e.Events&unix.EPOLLOUT != 0:
				s.write(c, nil)
			default:
				s.read(c)
			}
		}
		s.take()
		s.flush()
	}
}

// take takes over what other threads left for this shard.
func (s *shard) take() {
	s.mu.Lock()
	arriving, incoming := s.arriving, s.incoming
	s.arriving, s.incoming = nil, nil
	s.mu.Unlock()
	for _, c := range arriving {
		s.clients[int32(c.fd)] = c
		if c.room != "" { // a client without a room only posts
			s.room(c.room).clients = append(s.room(c.room).clients, c)
		}
		if err := s.watch(unix.EPOLL_CTL_ADD, c.fd, unix.EPOLLIN|unix.EPOLLOUT); err != nil {
			s.shut(c)
			continue
		}
		s.frames(c)
	}
	for _, in := range incoming {
		r := s.room(in.room)
		if len(r.rows) == 0 {
			s.dirty = append(s.dirty, r)
		}
		r.rows = append(r.rows, in.row)
		r.size += len(in.row)
	}
}

func (s *shard) room(name string) *bareRoom {
	r := s.rooms[name]
	if r == nil {
		r = &bareRoom{}
		s.rooms[name] = r
	}
	return r
}

func (s *shard) read(c *bareClient) {
	n, errno := rawRead(c.fd, s.buf)
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
	case errno != 0 || n == 0:
		s.shut(c)
	default:
		c.in = append(c.in, s.buf[:n]...)
		s.frames(c)
	}
}

// frames parses the complete frames that a client sent. It trusts the generator: masks are zero.
func (s *shard) frames(c *bareClient) {
	b := c.in
	for len(b) >= 6 {
		size, n := int(b[1]&0x7f), 2
		if size == 126 {
			size, n = int(binary.BigEndian.Uint16(b[2:])), 4
		} else if size == 127 {
			if len(b) < 14 {
				break
			}
			size, n = int(binary.BigEndian.Uint64(b[2:])), 10
		}
		n += 4
		if len(b) < n+size {
			break
		}
		if room, row, ok := bytes.Cut(b[n:n+size], []byte("\n")); ok && b[0]&0x0f == 1 {
			s.bare.publish(string(room), bytes.Clone(row))
		}
		b = b[n+size:]
	}
	c.in = append(c.in[:0], b...)
}

func (b *bare) publish(room string, row []byte) {
	for _, s := range b.shards {
		s.mu.Lock()
		s.incoming = append(s.incoming, bareRow{room, row})
		s.mu.Unlock()
		s.rouse()
	}
}

// flush writes what waits, room by room.
func (s *shard) flush() {
	for _, r := range s.dirty {
		frame := frameHeader(make([]byte, 0, r.size+len(wrapStart)+len(wrapEnd)+10), 0x81, 0,
			r.size+len(wrapStart)+len(wrapEnd))
		frame = append(frame, wrapStart...)
		for _, row := range r.rows {
			frame = append(frame, row...)
		}
		frame = append(frame, wrapEnd...)
		clear(r.rows)
		r.rows, r.size = r.rows[:0], 0
		for _, c := range r.clients {
			s.write(c, frame)
		}
	}
	s.dirty = s.dirty[:0]
}

// write writes what waited for the client, then b; the rest waits.
func (s *shard) write(c *bareClient, b []byte) {
	if c.fd < 0 {
		return
	}
	waited := len(c.out) > 0
	if waited && b != nil {
		if c.out = append(c.out, b...); len(c.out) > maxWaiting {
			s.shut(c)
		}
		return // until the kernel reports space
	}
	if waited {
		b = c.out
	}
	n, errno := rawWrite(c.fd, b)
	if errno != 0 && errno != unix.EAGAIN && errno != unix.EINTR {
		s.shut(c)
		return
	}
	if errno != 0 {
		n = 0
	}
	switch left := b[n:]; {
	case waited:
		if c.out = append(c.out[:0], left...); len(c.out) == 0 {
			c.out = nil
			_ = s.watch(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLIN) // it was added before
		}
	case len(left) > 0:
		c.out = append(c.out, left...)
		_ = s.watch(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLIN|unix.EPOLLOUT)
	}
}

func (s *shard) shut(c *bareClient) {
	if c.fd < 0 {
		return
	}
	delete(s.clients, int32(c.fd))
	_ = unix.Close(c.fd)
	c.fd = -1
	if r := s.rooms[c.room]; r != nil {
		for i, other := range r.clients {
			if other == c {
				// flush may be iterating over the old one
				r.clients = append(append([]*bareClient(nil), r.clients[:i]...), r.clients[i+1:]...)
				break
			}
		}
	}
}
