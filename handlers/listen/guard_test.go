package listen

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
)

// failing is a listener that fails with one error after the other, and then returns a connection.
type failing struct {
	net.Listener
	errs []error
}

func (l *failing) Accept() (net.Conn, error) {
	if len(l.errs) == 0 {
		client, server := net.Pipe()
		_ = client.Close()
		return server, nil
	}
	err := l.errs[0]
	l.errs = l.errs[1:]
	return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
}

func TestGuard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		g := &guard{log: slog.New(slog.NewTextHandler(&log, nil)), Listener: &failing{errs: []error{
			syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOBUFS, syscall.ENOMEM, syscall.EMFILE,
		}}}
		conn, err := g.Accept()
		if err != nil {
			t.Fatal("what passes ended it:", err)
		}
		_ = conn.Close()
		if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, "too many") {
			t.Errorf("it logged %q", said)
		}
		for _, last := range []error{net.ErrClosed, syscall.EINVAL} {
			g.Listener = &failing{errs: []error{syscall.EMFILE, last}}
			if conn, err := g.Accept(); !errors.Is(err, last) || conn != nil {
				t.Errorf("%v became %v", last, err)
			}
		}
	})
}
