// Package socket keeps WebSocket connections that cost next to nothing while nothing happens on them: no goroutine, no
// timer and no buffer, where the system has epoll and the connection is plain TCP. Over TLS, and elsewhere, a
// connection keeps one goroutine that waits for the client. The handshake is somebody else's.
package socket

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"chitchat/chat/guard"
)

// Options are the limits of a server's connections. All of them are required, but for Settled and Log.
type Options struct {
	MaxMessage   int           // bytes of a client's message
	Opening      time.Duration // for the client's first message
	PingEvery    time.Duration
	ReadTimeout  time.Duration // after which a client that says nothing, not even Pong, is gone
	WriteTimeout time.Duration // after which a client that does not read what waits for it is closed
	CloseTimeout time.Duration // for the answer to a close frame
	Burst        int           // frames that a client may send at once
	PerSecond    int           // frames that it may send for long
	// called in a goroutine when a crowd has come and then nothing happens for a moment: a time to tidy up
	Settled func()
	Log     *slog.Logger // what is told of panics; nil: slog's own
}

// Settled is called after so many connections have come, and nothing was said on any for so long.
const (
	settlesFrom = 500
	moment      = 2 * time.Second
)

// Handler is what a connection tells whom it was made for. A panic in it is in the log, and ends that connection with
// CloseFailed.
type Handler interface {
	// Receive takes a whole text message of valid UTF-8, which is the caller's again when it returns. It is called
	// by one goroutine at a time, may take its time, and returns the code to close with, or 0.
	Receive(message []byte) (code int)
	// OnWritable tells that all that was sent is on its way, after a Send that reported false; marks are those of such
	// Sends.
	OnWritable(marks Flags)
	// OnClose tells once that the connection has ended. Nothing is called after it but an OnWritable under way.
	OnClose()
}

// Flags is a set of things that OnWritable reminds of.
type Flags uint8

// Server serves connections until Close.
type Server struct {
	Options

	poller  *poller // nil: there is none on this system
	workers WorkerPool
	clock   func() time.Duration // since the start
	stop    chan struct{}
	running guard.Group // goroutines
	settled int         // of taken, when Settled was called last

	mu     sync.Mutex
	open   map[*Conn]struct{}
	taken  int // connections, since the start
	closed bool
	ended  chan struct{} // closed when closed and open is empty
	end    sync.Once
}

// New starts a server. It needs Close.
func New(o Options) (*Server, error) {
	began := time.Now()
	s := prepare(o, func() time.Duration { return time.Since(began) })
	var err error
	if s.poller, err = newPoller(s); err != nil {
		return nil, err
	}
	s.running.Go("sweeping", s.sweep)
	return s, nil
}

// prepare makes a server that has neither a poller nor a sweep yet.
func prepare(o Options, clock func() time.Duration) *Server {
	return &Server{
		Options: o, clock: clock, stop: make(chan struct{}), ended: make(chan struct{}),
		open: make(map[*Conn]struct{}), workers: WorkerPool{Most: 64, Log: o.Log}, running: guard.Group{Log: o.Log},
	}
}

// Serve takes over a connection after its handshake, with what the client sent already. It returns at once: what
// happens is told to the handler that of returns.
func (s *Server) Serve(conn net.Conn, buffered []byte, of func(*Conn) Handler) error {
	c := &Conn{server: s, fd: -1, tokens: int32(s.Burst)}
	now := s.now()
	c.heard, c.pinged, c.filled, c.deadline = now, now, now, now+int64(s.Opening)
	keepLittle(conn)
	c.handler = of(c)
	if taken, err := s.poll(c, conn, buffered); taken || err != nil {
		return err
	}
	c.mu.Lock()
	c.conn, c.serving = conn, true
	c.mu.Unlock()
	if err := s.enter(c, func() error {
		s.running.Go("reading a socket", func() { c.readLoop(buffered) })
		return nil
	}); err != nil {
		c.handler.OnClose()
		return errors.Join(err, conn.Close())
	}
	return nil
}

// kernelBuffer is how many bytes the kernel keeps for a client that does not read, or twice as many where it counts its
// own needs too. Left to itself it takes some megabytes for each before a write fails and anybody can tell that the
// client is stalled. With a tenth of a second to the other end it is enough for 2.5 MB/s.
const kernelBuffer = 256 << 10

// keepLittle bounds what waits in the kernel. Where that cannot be, more waits.
func keepLittle(conn net.Conn) {
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = t.NetConn()
	}
	if t, ok := conn.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = t.SetWriteBuffer(kernelBuffer)
	}
}

// now is the time since the start.
func (s *Server) now() int64 { return int64(s.clock()) }

// enter counts a connection in, which is whole by then: others may end it from now on. What start begins is begun
// before Close can wait for it, and only as long as nothing is closed: the poller's descriptor may be another file's
// afterwards.
func (s *Server) enter(c *Conn, start func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	if err := start(); err != nil {
		return err
	}
	s.open[c] = struct{}{}
	s.taken++
	return nil
}

func (s *Server) leave(c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
	if s.closed && len(s.open) == 0 {
		s.end.Do(func() { close(s.ended) })
	}
}

// Len is how many connections are open.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *Server) all() []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Conn, 0, len(s.open))
	for c := range s.open {
		list = append(list, c)
	}
	return list
}

// sweep makes a lap once a second: the only timer that all connections have.
func (s *Server) sweep() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = guard.Run(s.Log, "sweeping", s.lap) // again in a second
		case <-s.stop:
			return
		}
	}
}

// lap looks at every connection. One goroutine makes them.
func (s *Server) lap() {
	now, last := s.now(), int64(0)
	for _, c := range s.all() {
		last = max(last, c.check(now))
	}
	s.mu.Lock()
	taken := s.taken
	s.mu.Unlock()
	if taken-s.settled >= settlesFrom && now-last > int64(moment) && s.Settled != nil {
		s.settled = taken
		s.running.Go("tidying up", s.Settled)
	}
}

// Close says code to everyone, waits until they have gone or ctx ends, and lets nobody in any more.
func (s *Server) Close(ctx context.Context, code int) error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	if len(s.open) == 0 {
		s.end.Do(func() { close(s.ended) })
	}
	s.mu.Unlock()
	for _, c := range s.all() {
		c.Close(code)
	}
	var err error
	select {
	case <-s.ended:
	case <-ctx.Done():
		err = ctx.Err()
		for _, c := range s.all() {
			c.abort()
		}
	}
	if first {
		close(s.stop)
		s.poller.close() // first: it gives the workers work
	}
	s.workers.Wait()
	s.running.Wait()
	return err
}
