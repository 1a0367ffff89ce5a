// Package socket serves WebSocket connections that cost next to nothing while idle: no goroutine, no timer and no
// buffer, if the system has epoll and the connection is plain TCP. Over TLS, and elsewhere, a connection keeps one
// goroutine that reads. The handshake is done elsewhere.
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

// Options are the limits of a server's connections. All are required, except Settled and Log.
type Options struct {
	MaxMessage   int           // bytes of a client's message
	Opening      time.Duration // for the client's first message
	PingEvery    time.Duration
	ReadTimeout  time.Duration // a client that sends nothing, not even Pong, is closed after it
	WriteTimeout time.Duration // a client that does not read what waits for it is closed after it
	CloseTimeout time.Duration // for the answer to a close frame
	Burst        int           // frames that a client may send at once
	PerSecond    int           // frames that it may send in the long run
	// called in a goroutine once many connections have been opened and traffic has paused: a time to free memory
	Settled func()
	Log     *slog.Logger // logs panics; nil: slog's default
}

// Settled is called after settlesFrom new connections, once none was active for moment.
const (
	settlesFrom = 500
	moment      = 2 * time.Second
)

// Handler receives the events of a connection. A panic in it is logged, and closes that connection with CloseFailed.
type Handler interface {
	// Receive handles a whole text message of valid UTF-8, which it must not keep. It is called by one goroutine at a
	// time, may block, and returns the code to close with, or 0.
	Receive(message []byte) (code int)
	// OnWritable is called when all frames are written, after a Send that reported false; marks are those of such Sends.
	OnWritable(marks Flags)
	// OnClose is called once, when the connection has ended. Nothing is called after it, except that an OnWritable may
	// still be running.
	OnClose()
}

// Flags is a set of marks that OnWritable passes back.
type Flags uint8

// Server serves connections until Close.
type Server struct {
	Options

	poller  *poller // nil: not supported on this system
	workers WorkerPool
	clock   func() time.Duration // since the start
	stop    chan struct{}
	running guard.Group // goroutines
	settled int         // value of taken when Settled was last called

	mu     sync.Mutex
	open   map[*Conn]struct{}
	taken  int // connections, since the start
	closed bool
	ended  chan struct{} // closed when closed and open is empty
	end    sync.Once
}

// New starts a server. The caller must call Close.
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

// prepare returns a server without a poller and a sweep.
func prepare(o Options, clock func() time.Duration) *Server {
	return &Server{
		Options: o, clock: clock, stop: make(chan struct{}), ended: make(chan struct{}),
		open: make(map[*Conn]struct{}), workers: WorkerPool{Most: 64, Log: o.Log}, running: guard.Group{Log: o.Log},
	}
}

// Serve takes over a connection after its handshake, with the bytes that the client has sent already. It returns at
// once; the handler that of returns receives the events.
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

// kernelBuffer is how many bytes the kernel buffers for a client that does not read, or twice as many where it doubles
// the value for its overhead. By default it buffers some megabytes per client before a write fails and shows that the
// client is stalled. With a round trip of a tenth of a second it is enough for 2.5 MB/s.
const kernelBuffer = 256 << 10

// keepLittle bounds the kernel's send buffer, where that is possible.
func keepLittle(conn net.Conn) {
	if t, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		conn = t.NetConn()
	}
	if t, ok := conn.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = t.SetWriteBuffer(kernelBuffer)
	}
}

// now returns the time since the start, in nanoseconds.
func (s *Server) now() int64 { return int64(s.clock()) }

// enter registers a connection, which must be complete: other goroutines may end it from now on. It calls start before
// Close can wait for the connection, and only while the server is open: afterwards the poller's descriptor may be
// another file's.
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

// Len returns the number of open connections.
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

// sweep makes a lap once a second: the only timer for all connections.
func (s *Server) sweep() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = guard.Run(s.Log, "sweeping", s.lap) // it runs again in a second
		case <-s.stop:
			return
		}
	}
}

// lap checks every connection. One goroutine calls it.
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

// Close closes all connections with code, blocks until they have ended or ctx ends, and refuses new ones.
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
		s.poller.close() // first, since it gives the workers work
	}
	s.workers.Wait()
	s.running.Wait()
	return err
}
