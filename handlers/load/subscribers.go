//go:build linux

package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sys/unix"
)

// subscribers are many open sockets that receive. Rules:
//
//   - Each socket belongs to one reader, a thread with an epoll of its own, and only it uses the socket. There is no
//     goroutine and no timer per socket.
//   - Counters belong to the readers. They are read while the readers are paused (pause), or are atomics.
//   - A tally interprets the marks: see closedTally and openTally.
type subscribers struct {
	readers []*reader
	members []*subscriber
	find    search
	stopped chan struct{}
	reading sync.WaitGroup
}

// subscriber is one socket.
type subscriber struct {
	scanner
	room    int   // index of its channel
	pos     int64 // the last mark it received
	fd      int
	reader  *reader
	code    int // close code; -1 if closed without one; 0: open
	stalled bool
}

// tally counts marks for one reader.
type tally interface {
	mark(m *subscriber, n int64, now time.Time)
	flush() // after a round of reads
}

// reader reads the sockets of its epoll.
type reader struct {
	subscribers *subscribers
	epoll       int
	buf         []byte
	member      *subscriber
	now         time.Time
	pings       int // bytes of pings in the data being scanned
	tally       tally

	mu       sync.Mutex // held during a round; pause takes it
	bytes    atomic.Int64
	marks    atomic.Int64
	closed   atomic.Int64
	lastRead atomic.Int64 // when more than pings was read, in Unix nanoseconds: with 10,000 sockets pings never pause
}

const readBuffer = 256 << 10

func newSubscribers(readers int, find search) (*subscribers, error) {
	c := &subscribers{find: find, stopped: make(chan struct{})}
	for range readers {
		fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
		if err != nil {
			return nil, err
		}
		r := &reader{subscribers: c, epoll: fd, buf: make([]byte, maxCarry+readBuffer)}
		c.readers = append(c.readers, r)
		c.reading.Go(r.run)
	}
	return c, nil
}

// add takes over an open socket. early is what was received after the answer to the handshake.
func (c *subscribers) add(index int, m *subscriber, early []byte) error {
	m.reader = c.readers[index%len(c.readers)]
	if err := unix.SetNonblock(m.fd, true); err != nil {
		return err
	}
	r := m.reader
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(early) > 0 {
		n := copy(r.buf[maxCarry:], early)
		r.took(m, n)
	}
	return r.watch(m, unix.EPOLL_CTL_ADD, index)
}

func (r *reader) watch(m *subscriber, op, index int) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(index)}
	return unix.EpollCtl(r.epoll, op, m.fd, &event)
}

func (r *reader) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	events := make([]unix.EpollEvent, 256)
	for {
		select {
		case <-r.subscribers.stopped:
			return
		default:
		}
		n, err := unix.EpollWait(r.epoll, events, 100)
		if err != nil && !errors.Is(err, unix.EINTR) {
			panic(err) // the epoll is ours and open
		}
		if n <= 0 {
			continue
		}
		r.mu.Lock()
		for _, e := range events[:n] {
			r.read(r.subscribers.members[e.Fd])
		}
		if r.tally != nil {
			r.tally.flush()
		}
		r.mu.Unlock()
	}
}

func (r *reader) read(m *subscriber) {
	if m.fd < 0 {
		return
	}
	n, errno := rawRead(m.fd, r.buf[maxCarry:])
	switch {
	case errno == unix.EAGAIN || errno == unix.EINTR:
	case errno != 0 || n == 0:
		r.shut(m, -1)
	default:
		r.took(m, n)
	}
}

func (r *reader) took(m *subscriber, n int) {
	r.now, r.member, r.pings = time.Now(), m, 0
	r.bytes.Add(int64(n))
	m.scan(r.buf, maxCarry+n, &r.subscribers.find, r)
	if n > r.pings {
		r.lastRead.Store(r.now.UnixNano())
	}
	if m.bad {
		r.shut(m, -2)
	}
}

func (r *reader) mark(n int64) {
	r.marks.Add(1)
	if r.tally != nil {
		r.tally.mark(r.member, n, r.now)
	}
}

func (r *reader) control(op byte, payload []byte) {
	switch op {
	case 9: // a ping needs a pong; one that does not fit counts as lost
		r.pings += 2 + len(payload)
		_, _ = rawWrite(r.member.fd, clientFrame(10, payload))
	case 8:
		code := 1005
		if len(payload) >= 2 {
			code = int(payload[0])<<8 | int(payload[1])
		}
		r.shut(r.member, code)
	}
}

func (r *reader) shut(m *subscriber, code int) {
	if m.fd < 0 {
		return
	}
	_ = unix.Close(m.fd) // removes it from the epoll too
	m.fd, m.code = -1, code
	r.closed.Add(1)
}

// pause calls fn while no reader reads.
func (c *subscribers) pause(fn func()) {
	for _, r := range c.readers {
		r.mu.Lock()
	}
	fn()
	for _, r := range c.readers {
		r.mu.Unlock()
	}
}

// count sums one counter of the readers.
func (c *subscribers) count(of func(*reader) *atomic.Int64) (n int64) {
	for _, r := range c.readers {
		n += of(r).Load()
	}
	return n
}

func deliveries(r *reader) *atomic.Int64 { return &r.marks }
func received(r *reader) *atomic.Int64   { return &r.bytes }
func lost(r *reader) *atomic.Int64       { return &r.closed }

// quiet blocks until nothing was received for a while.
func (c *subscribers) quiet(silence, patience time.Duration) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		last := int64(0)
		for _, r := range c.readers {
			last = max(last, r.lastRead.Load())
		}
		if time.Since(time.Unix(0, last)) > silence {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.New("the sockets do not come to rest")
		}
	}
}

// until blocks until done returns true; it calls done while no reader reads. After patience it returns too: its caller
// then finds what is missing.
func (c *subscribers) until(patience time.Duration, done func() bool) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		ready := false
		c.pause(func() { ready = done() })
		if ready {
			return
		}
	}
}

// stall stops reading every nth socket.
func (c *subscribers) stall(nth int) {
	c.pause(func() {
		for i := 0; i < len(c.members); i += nth {
			m := c.members[i]
			m.stalled = true
			event := unix.EpollEvent{Fd: int32(i)}
			_ = unix.EpollCtl(m.reader.epoll, unix.EPOLL_CTL_DEL, m.fd, &event) // it was added once
		}
	})
}

// shortBuffers gives the sockets that will be stalled small kernel buffers, as a bad network would.
func (c *subscribers) shortBuffers(nth int) error {
	for i := 0; i < len(c.members); i += nth {
		if err := unix.SetsockoptInt(c.members[i].fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4096); err != nil {
			return err
		}
	}
	return nil
}

// close closes the sockets.
func (c *subscribers) close() {
	close(c.stopped)
	c.reading.Wait()
	for _, m := range c.members {
		if m.fd >= 0 {
			_ = unix.Close(m.fd)
		}
	}
	for _, r := range c.readers {
		_ = unix.Close(r.epoll)
	}
}

// check returns an error if a socket was closed unexpectedly.
func (c *subscribers) check() error {
	if n := c.count(lost); n > 0 {
		codes := make(map[int]int)
		c.pause(func() {
			for _, m := range c.members {
				codes[m.code]++
			}
		})
		delete(codes, 0)
		return fmt.Errorf("%d sockets were closed, by code: %v", n, codes)
	}
	return nil
}

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, 60_000_000, 3) } // µs
