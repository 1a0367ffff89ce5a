package listen

import (
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"
)

// Bounds of the file descriptors kept from connections: the database, uploads and downloads need some.
const (
	reserveShare = 8 // of all that the process may have
	maxReserve   = 1024
	tellEvery    = time.Minute
	maxPause     = 100 * time.Millisecond // before the next try, when the system has no resources
)

// guard accepts connections despite temporary errors, at the first of which the web server would stop. While the
// process has hardly any file descriptors left, it closes new connections at once. Accept is called by one goroutine.
type guard struct {
	net.Listener
	log  *slog.Logger
	told time.Time
}

// Accept blocks until there is a connection that the process has room for. Its errors are permanent.
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
			_ = conn.Close() // refused anyway
		default:
			return conn, nil
		}
	}
}

// tell logs, at most once per tellEvery, that connections are refused.
func (g *guard) tell(why ...any) {
	if now := time.Now(); now.Sub(g.told) > tellEvery {
		g.told = now
		g.log.Warn("too many connections: not everyone is let in (the system's limit of open files bounds them)", why...)
	}
}

// passing reports whether an error of Accept is temporary or only the client's.
func passing(err error) bool {
	for _, passes := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED,
		syscall.EINTR} {
		if errors.Is(err, passes) {
			return true
		}
	}
	return false
}

// crowded reports whether the process has too many open files for this connection. A system gives a new file the lowest
// free number, which therefore approximates their count.
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
