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
	"sync/atomic"
	"testing"
	"time"

	"chitchat/handlers/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// usual are limits measured by a clock that tests move.
var usual = Options{
	MaxMessage: testMost, Opening: 10 * time.Second, PingEvery: 20 * time.Second, ReadTimeout: 50 * time.Second,
	WriteTimeout: 30 * time.Second, CloseTimeout: 5 * time.Second, Burst: 200, PerSecond: 50,
}

// patience is how long anything may take that only a fault prevents.
const patience = time.Minute

// echo answers a message with the same one, and records the other events.
type echo struct {
	conn    *Conn
	drained chan Flags
	gone    chan struct{}
	serving sync.Mutex
	rash    atomic.Bool // it panics from now on
	t       testing.TB
}

func (e *echo) Receive(message []byte) int {
	if !e.serving.TryLock() {
		e.t.Error("two messages at a time")
	}
	defer e.serving.Unlock()
	if string(message) == "panic" {
		e.rash.Store(true)
		panic("as asked")
	}
	if code, err := strconv.Atoi(string(message)); err == nil {
		return code
	}
	e.conn.Send(Text(bytes.Clone(message)), 0)
	return 0
}

func (e *echo) OnWritable(marks Flags) {
	if e.rash.Load() {
		panic("as asked")
	}
	e.drained <- marks
}

func (e *echo) OnClose() {
	close(e.gone)
	if e.rash.Load() {
		panic("as asked")
	}
}

// testServer is a server of echoes over TCP, or over TLS. Only pass moves its clock.
type testServer struct {
	*Server
	t    testing.TB
	ln   net.Listener
	tls  bool
	made chan *echo
	time atomic.Int64
}

func openSite(t testing.TB, o Options, secure bool) *testServer {
	s := &testServer{t: t, tls: secure, made: make(chan *echo, 10000)}
	s.Server = prepare(o, func() time.Duration { return time.Duration(s.time.Load()) })
	var err error
	if s.poller, err = newPoller(s.Server); err != nil {
		t.Fatal(err)
	}
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
			var e *echo
			if err := s.Serve(line, nil, func(c *Conn) Handler {
				e = &echo{conn: c, drained: make(chan Flags, 10), gone: make(chan struct{}), t: t}
				return e
			}); err == nil {
				s.made <- e // registered by now
			}
		}
	})
	t.Cleanup(func() {
		_ = s.ln.Close()
		accepting.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
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

// pass advances the clock by so many seconds, with a lap each.
func (s *testServer) pass(d time.Duration) {
	for ; d > 0; d -= time.Second {
		s.time.Add(int64(time.Second))
		s.lap()
	}
}

// eventually waits for a condition without an event.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(100 * time.Microsecond) {
		if time.Now().After(deadline) {
			t.Fatal("never:", what)
		}
	}
}

// heardNow waits until the server has received something since the clock was moved.
func (s *testServer) heardNow(e *echo) {
	s.t.Helper()
	eventually(s.t, "what was sent is heard", func() bool {
		e.conn.mu.Lock()
		defer e.conn.mu.Unlock()
		return e.conn.heard == s.time.Load()
	})
}

// say writes a part of a client's stream, and waits until the server has read some of it.
func (s *testServer) say(line io.Writer, e *echo, piece []byte) {
	s.t.Helper()
	s.time.Add(1)
	must(s.t, line, piece)
	s.heardNow(e)
}

// dial connects, and also returns the server's side.
func (s *testServer) dial() (net.Conn, *echo) {
	s.t.Helper()
	line, err := net.Dial("tcp", s.ln.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = line.Close() })
	if s.tls {
		line = tls.Client(line, &tls.Config{InsecureSkipVerify: true})
		go func() { _ = line.(*tls.Conn).Handshake() }() // the server's side follows on its first read
	}
	_ = line.SetDeadline(time.Now().Add(10 * patience)) // for the whole test
	return line, <-s.made
}

// next reads one frame from the server.
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

// told reads up to a close frame and answers it. A code of 0 means that the stream ended without one.
func told(t testing.TB, line io.ReadWriter) (code int) {
	t.Helper()
	for {
		op, payload, err := next(line)
		if err != nil {
			checkOpen(t, err)
			return 0
		}
		if op == opClose {
			if code = closeNone; len(payload) > 1 {
				code = int(binary.BigEndian.Uint16(payload))
			}
			_, _ = line.Write(raw(0x80|opClose, string(payload))) // the connection may be closed already
			return code
		}
	}
}

// over reads to the end of the stream.
func over(t testing.TB, line io.Reader) {
	t.Helper()
	_, err := io.Copy(io.Discard, line)
	checkOpen(t, err)
}

func checkOpen(t testing.TB, err error) {
	t.Helper()
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		t.Error("the connection stays open")
	}
}

// closed reads up to a close frame, answers it, and reads on to the end of the stream.
func closed(t testing.TB, line io.ReadWriter) (code int) {
	t.Helper()
	code = told(t, line)
	over(t, line)
	return code
}

func must(t testing.TB, line io.Writer, frames ...[]byte) {
	t.Helper()
	if _, err := line.Write(join(frames...)); err != nil {
		t.Fatal(err)
	}
}

// both runs a test over TCP, where connections are polled, and over TLS, where each has a goroutine.
func both(t *testing.T, o Options, run func(t *testing.T, s *testServer)) {
	for name, secure := range map[string]bool{"polled": false, "over TLS": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, openSite(t, o, secure))
		})
	}
}
