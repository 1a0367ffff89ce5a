package socket

import (
	"errors"
	"net"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"

	"chitchat/chat/guard"
)

// poller waits for all polled connections in one goroutine. Descriptors are armed for one event (EPOLLONESHOT): then
// the Conn owns the descriptor until it re-arms it.
type poller struct {
	epoll  int
	wakeFD int // readable when the poller must end
	done   chan struct{}

	mu    sync.Mutex
	conns map[int]*Conn // by descriptor
}

// buffers are read buffers: one per reading goroutine, none for idle connections.
var buffers = sync.Pool{New: func() any { return new([8 << 10]byte) }}

// readsAtOnce bounds the reads of one connection before others get their turn.
const readsAtOnce = 16

func newPoller(s *Server) (*poller, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	wakeFD, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(os.NewSyscallError("eventfd", err), unix.Close(epoll))
	}
	p := &poller{epoll: epoll, wakeFD: wakeFD, done: make(chan struct{}), conns: make(map[int]*Conn)}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, wakeFD,
		&unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(wakeFD)}); err != nil {
		return nil, errors.Join(os.NewSyscallError("epoll_ctl", err), unix.Close(wakeFD), unix.Close(epoll))
	}
	s.running.Go("polling", func() {
		for guard.Run(s.Log, "polling", func() { p.wait(s) }) != nil {
			continue // otherwise no socket would be served any more
		}
	})
	return p, nil
}

func (p *poller) wait(s *Server) {
	events := make([]unix.EpollEvent, 256)
	for {
		n, err := unix.EpollWait(p.epoll, events, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return // only a closed descriptor causes that
		}
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == p.wakeFD {
				close(p.done)
				return
			}
			p.mu.Lock()
			c := p.conns[int(e.Fd)]
			p.mu.Unlock()
			if c != nil && c.claim() {
				s.workers.Do(c.serve)
			}
		}
	}
}

// close ends the poller. No connection may be open.
func (p *poller) close() {
	if _, err := unix.Write(p.wakeFD, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err == nil {
		<-p.done
	}
	_ = unix.Close(p.wakeFD)
	_ = unix.Close(p.epoll)
}

// forget closes a connection's descriptor.
func (p *poller) forget(fd int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, fd)
	_ = unix.Close(fd) // removes it from the epoll set too
}

// poll takes over a plain TCP connection. It duplicates the descriptor, to be free of the memory that the runtime's
// poller keeps for each. It reports false for other kinds of connections.
func (s *Server) poll(c *Conn, conn net.Conn, early []byte) (bool, error) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok || s.poller == nil {
		return false, nil
	}
	fd := -1
	raw, err := tcp.SyscallConn()
	if err == nil {
		var dupErr error
		err = raw.Control(func(old uintptr) { fd, dupErr = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) })
		err = errors.Join(err, os.NewSyscallError("dup", dupErr))
	}
	_ = tcp.Close() // the connection lives on in fd
	if err != nil {
		c.handler.OnClose()
		return false, err
	}
	c.mu.Lock()
	c.fd, c.serving = fd, true
	c.mu.Unlock()
	err = s.enter(c, func() error {
		s.poller.mu.Lock()
		s.poller.conns[fd] = c
		err := unix.EpollCtl(s.poller.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Fd: int32(fd)}) // not armed yet
		s.poller.mu.Unlock()
		if err != nil {
			return os.NewSyscallError("epoll_ctl", err)
		}
		s.workers.Do(func() {
			c.take(early)
			c.serve()
		})
		return nil
	})
	if err != nil {
		c.abort()
		c.handler.OnClose()
		return true, err
	}
	return true, nil
}

// claim starts serving after an event. It reports false if the connection is being served already, or gone.
func (c *Conn) claim() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.serving || c.state == gone {
		return false
	}
	c.serving = true
	return true
}

// serve writes waiting frames and reads until neither can make progress.
func (c *Conn) serve() {
	c.drain()
	buffer := buffers.Get().(*[8 << 10]byte)
	for range readsAtOnce {
		n, err := c.read(buffer[:])
		if n > 0 {
			c.take(buffer[:n])
		}
		if err != nil {
			if !errors.Is(err, unix.EAGAIN) {
				c.abort()
			}
			break
		}
		if n < len(buffer) {
			break // if more has arrived since, the poller reports it
		}
	}
	buffers.Put(buffer)

	c.mu.Lock()
	over := c.state == gone
	if !over {
		c.serving = false
		c.arm()
	}
	c.mu.Unlock()
	if over {
		c.over()
	}
}

// drain writes waiting frames, and calls OnWritable when none is left.
func (c *Conn) drain() {
	c.mu.Lock()
	marks, left := Flags(0), false
	if len(c.waiting) > 0 && c.flush() {
		marks, c.marks = c.marks, 0
		left = c.answered
	}
	c.mu.Unlock()
	if left {
		c.abort()
	}
	if marks != 0 {
		c.guarded("going on with a socket", func() { c.handler.OnWritable(marks) })
	}
}

// flush writes waiting frames until a write would block, and reports whether all are written. The caller holds mu.
func (c *Conn) flush() bool {
	for len(c.waiting) > 0 {
		frame := c.waiting[0]
		n := c.put(frame)
		if n < len(frame) {
			if n > 0 {
				c.waiting[0], c.partly = frame[n:], true
				c.stalled = c.server.now()
			}
			return false
		}
		c.waiting[0] = nil
		c.waiting, c.partly = c.waiting[1:], false
		c.stalled = c.server.now()
	}
	c.waiting = nil
	return true
}

// put writes as much of a frame as the connection takes, and returns how much. A broken connection takes all: the next
// read reports the error. The caller holds mu.
func (c *Conn) put(frame []byte) int {
	for c.fd >= 0 {
		n, errno := rawWrite(c.fd, frame)
		switch errno {
		case 0:
			return n
		case unix.EAGAIN:
			return 0
		case unix.EINTR:
		default:
			_ = unix.Shutdown(c.fd, unix.SHUT_RDWR) // wakes a reader
			return len(frame)
		}
	}
	return len(frame)
}

// rawWrite writes to a non-blocking descriptor without notifying the scheduler: the call takes some microseconds, of
// which giving up and regaining the processor would be a good part.
func rawWrite(fd int, b []byte) (int, unix.Errno) {
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))) //nolint:gosec // the slice lives through the call
	return int(n), errno
}

// arm waits for the descriptor's next event. The caller holds mu.
func (c *Conn) arm() {
	events := uint32(unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLONESHOT)
	if len(c.waiting) > 0 {
		events |= unix.EPOLLOUT
	}
	// both descriptors are open
	_ = unix.EpollCtl(c.server.poller.epoll, unix.EPOLL_CTL_MOD, c.fd, &unix.EpollEvent{Events: events, Fd: int32(c.fd)})
}

// read reads what has arrived. At the end of the stream it returns errLeft.
func (c *Conn) read(buffer []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fd < 0 {
		return 0, net.ErrClosed
	}
	for {
		n, err := unix.Read(c.fd, buffer)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case n == 0:
			return 0, errLeft
		default:
			return n, nil
		}
	}
}
