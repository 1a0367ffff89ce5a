package listen

import (
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"
)

// Files that connections may not take: the database, uploads and downloads need some.
const (
	reserveShare = 8 // of all that the process may have
	maxReserve   = 1024
	tellEvery    = time.Minute
	maxPause     = 100 * time.Millisecond // before another try, when the system has nothing to give
)

// guard accepts connections without end, whatever comes: the web server would stop at the first error. While the
// process has hardly any files left, whoever comes is closed at once. Accept is called by one goroutine.
type guard struct {
	net.Listener
	log  *slog.Logger
	told time.Time
}

// Accept waits for somebody whom there is room for. Its errors are those after which nobody comes any more.
func (g *guard) Accept() (net.Conn, error) {
	for pause := time.Millisecond; ; pause = min(2*pause, maxPause) {
		conn, err := g.Listener.Accept()
		switch {
		case err != nil && passing(err):
			g.tell("error", err)
			time.Sleep(pause)
		case err != nil:
			return nil, err
		case crowded(conn):
			g.tell()
			_ = conn.Close() // it was not let in
		default:
			return conn, nil
		}
	}
}

// tell tells once in a while that somebody was not let in.
func (g *guard) tell(why ...any) {
	if now := time.Now(); now.Sub(g.told) > tellEvery {
		g.told = now
		g.log.Warn("too many connections: not everyone is let in (the system's limit of open files bounds them)", why...)
	}
}

// passing reports whether an error of Accept is over when somebody leaves, or is the client's own.
func passing(err error) bool {
	for _, passes := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED,
		syscall.EINTR} {
		if errors.Is(err, passes) {
			return true
		}
	}
	return false
}

// crowded reports whether the process has so many files that the connection should not be one of them. A system gives a
// file the lowest number that is free: it says how many there are.
func crowded(conn net.Conn) bool {
	var limit syscall.Rlimit
	c, ok := conn.(syscall.Conn)
	if !ok || syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return false
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	crowded := false
	return raw.Control(func(fd uintptr) {
		most := uint64(limit.Cur) //nolint:unconvert // it is signed on some systems
		crowded = uint64(fd) >= most-min(most/reserveShare, maxReserve)
	}) == nil && crowded
}
