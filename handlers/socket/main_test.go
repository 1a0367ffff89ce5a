package socket

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick are limits that a test can wait for.
var quick = Options{
	MaxMessage: testMost, Opening: 1500 * time.Millisecond, PingEvery: 2 * time.Second, Silent: 5 * time.Second,
	Stalled: 2 * time.Second, Farewell: time.Second, Burst: 200, PerSecond: 50,
}

// echo answers a message with the same one, and notes what else it is told.
type echo struct {
	conn    *Conn
	drained chan Mark
	gone    chan struct{}
	serving sync.Mutex
	t       testing.TB
}

func (e *echo) Receive(message []byte) int {
	if !e.serving.TryLock() {
		e.t.Error("two messages at a time")
	}
	defer e.serving.Unlock()
	if code, err := strconv.Atoi(string(message)); err == nil {
		return code
	}
	e.conn.Send(Text(bytes.Clone(message)), 0)
	return 0
}

func (e *echo) Drained(marks Mark) { e.drained <- marks }

func (e *echo) Gone() { close(e.gone) }

// site is a server of echoes over TCP, or over TLS.
type site struct {
	*Server
	t    testing.TB
	ln   net.Listener
	tls  bool
	made chan *echo
}

func openSite(t testing.TB, o Options, secure bool) *site {
	server, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Server: server, t: t, tls: secure, made: make(chan *echo, 10000)}
	if s.ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if secure {
		tmp := httptest.NewUnstartedServer(nil)
		tmp.StartTLS()
		s.ln = tls.NewListener(s.ln, &tls.Config{Certificates: tmp.TLS.Certificates})
		tmp.Close()
	}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			line, err := s.ln.Accept()
			if err != nil {
				return
			}
			_ = s.Serve(line, nil, func(c *Conn) Handler {
				e := &echo{conn: c, drained: make(chan Mark, 10), gone: make(chan struct{}), t: t}
				s.made <- e
				return e
			})
		}
	})
	t.Cleanup(func() {
		_ = s.ln.Close()
		accepting.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Close(ctx, CloseRestart); err != nil {
			t.Error(err)
		}
		if n := s.Len(); n != 0 {
			t.Error(n, "connections are left")
		}
	})
	return s
}

// dial connects, and returns the server's side too.
func (s *site) dial() (net.Conn, *echo) {
	s.t.Helper()
	line, err := net.Dial("tcp", s.ln.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = line.Close() })
	if s.tls {
		line = tls.Client(line, &tls.Config{InsecureSkipVerify: true})
		go func() { _ = line.(*tls.Conn).Handshake() }() // the server's side comes with its first read
	}
	_ = line.SetDeadline(time.Now().Add(20 * time.Second))
	return line, <-s.made
}

// next reads one frame of the server.
func next(line io.Reader) (op byte, payload []byte, err error) {
	head := make([]byte, 2, 10)
	if _, err := io.ReadFull(line, head); err != nil {
		return 0, nil, err
	}
	n := uint64(head[1])
	if more := map[byte]int{126: 2, 127: 8}[head[1]]; more > 0 {
		length := make([]byte, 8)
		if _, err := io.ReadFull(line, length[8-more:]); err != nil {
			return 0, nil, err
		}
		n = binary.BigEndian.Uint64(length)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(line, payload)
	return head[0] & 0xF, payload, err
}

// closed reads up to a close frame, and on to the end of the stream. A code of 0 means that there was none.
func closed(t testing.TB, line io.Reader) (code int) {
	t.Helper()
	for {
		op, payload, err := next(line)
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				t.Error("the connection stays open")
			}
			return code
		}
		if op == opClose {
			if code = closeNone; len(payload) > 1 {
				code = int(binary.BigEndian.Uint16(payload))
			}
			if w, ok := line.(io.Writer); ok {
				_, _ = w.Write(raw(0x80|opClose, string(payload))) // it may be gone already
			}
		}
	}
}

func must(t testing.TB, line io.Writer, frames ...[]byte) {
	t.Helper()
	if _, err := line.Write(join(frames...)); err != nil {
		t.Fatal(err)
	}
}

// both runs a test over TCP, where connections are polled, and over TLS, where each has a goroutine.
func both(t *testing.T, o Options, run func(t *testing.T, s *site)) {
	for name, secure := range map[string]bool{"polled": false, "over TLS": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, openSite(t, o, secure))
		})
	}
}
