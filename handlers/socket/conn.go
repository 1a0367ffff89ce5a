package socket

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"

	"chitchat/chat/guard"
)

type state uint8

const (
	open    state = iota
	closing       // a close frame was sent; received frames are discarded
	gone
)

// Conn is one connection. Rules:
//
//   - mu guards the fields below it. A polled connection is read and written under it, for those calls do not block.
//   - serving means that a goroutine handles what the client sends: only it calls Receive, and OnClose when it is
//     done. A polled connection has such a goroutine only while its descriptor is ready; when the goroutine ends, it
//     re-arms the descriptor.
//   - waiting holds frames not yet written; the first may be partly written. Unless it is empty, every frame is
//     appended to it.
type Conn struct {
	server  *Server
	handler Handler
	conn    net.Conn // nil when polled

	// Owned by the serving goroutine.
	parser parser
	failed bool // the client broke the protocol: the rest of its stream is ignored
	tokens int32
	filled int64

	mu       sync.Mutex
	fd       int // -1 when not polled, or closed
	state    state
	serving  bool
	greeted  bool // the first message was received
	answered bool // both sides have sent a close frame
	partly   bool // waiting[0] is partly written
	flushing bool // writeLoop is running; only if not polled
	marks    Flags
	waiting  [][]byte
	heard    int64 // as Server.now counts
	pinged   int64
	deadline int64 // of the first message, or of the close handshake
	stalled  int64 // last progress while frames wait
}

var errLeft = errors.New("the client has left")

// Send sends a frame without blocking; the frame must not be changed afterwards. It reports whether the frame was
// written or the connection is closing; otherwise OnWritable is called with mark once it is written.
func (c *Conn) Send(frame []byte, mark Flags) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != open || c.write(frame) {
		return true
	}
	c.marks |= mark
	return false
}

// Busy reports whether frames wait to be written. If so, OnWritable is called with mark once they are.
func (c *Conn) Busy(mark Flags) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != open || len(c.waiting) == 0 && !c.flushing {
		return false
	}
	c.marks |= mark
	return true
}

// Backlogged reports whether so many frames wait that optional ones should be dropped.
func (c *Conn) Backlogged() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting) >= 16
}

// write sends a frame, after those that wait. It reports whether all frames are written. The caller holds mu.
func (c *Conn) write(frame []byte) bool {
	if len(c.waiting) > 0 {
		c.waiting = append(c.waiting, frame)
		return false
	}
	if !c.flushing { // else stalled is when the running write began
		c.stalled = c.server.now()
	}
	if c.conn == nil {
		n := c.put(frame)
		if n == len(frame) {
			return true
		}
		c.waiting, c.partly = append(c.waiting, frame[n:]), n > 0
		if !c.serving {
			c.arm()
		}
		return false
	}
	c.waiting = append(c.waiting, frame)
	if !c.flushing {
		c.flushing = true
		c.server.running.Go("writing to a socket", c.writeLoop)
	}
	return false
}

// writeLoop writes the waiting frames, then ends. It is for connections that are not polled.
func (c *Conn) writeLoop() {
	for {
		c.mu.Lock()
		frames := c.waiting
		c.waiting = nil
		if len(frames) == 0 || c.state == gone {
			marks, answered := c.marks, c.answered
			c.flushing, c.marks = false, 0
			c.mu.Unlock()
			if answered {
				c.abort()
			}
			if marks != 0 {
				c.guarded("going on with a socket", func() { c.handler.OnWritable(marks) })
			}
			return
		}
		c.mu.Unlock()
		for _, frame := range frames { // if the client does not read, the sweep aborts the write
			if _, err := c.conn.Write(frame); err != nil {
				c.abort()
				break
			}
			c.mu.Lock()
			c.stalled = c.server.now()
			c.mu.Unlock()
		}
	}
}

// readLoop reads until the connection ends. It is for connections that are not polled.
func (c *Conn) readLoop(buffered []byte) {
	c.take(buffered)
	buffer := make([]byte, 512)
	for {
		n, err := c.conn.Read(buffer)
		c.take(buffer[:n])
		if err != nil {
			c.abort()
			break
		}
	}
	c.over()
}

// guarded calls fn; a panic closes this connection only. The caller holds no lock.
func (c *Conn) guarded(what string, fn func()) (ok bool) {
	if guard.Run(c.server.Log, what, fn) != nil {
		c.Close(CloseFailed)
		return false
	}
	return true
}

// take calls received for the reading goroutine. After a panic the rest of the stream is ignored.
func (c *Conn) take(data []byte) {
	if !c.guarded("receiving from a socket", func() { c.received(data) }) {
		c.parser, c.failed = parser{}, true
	}
}

// received handles bytes from the client.
func (c *Conn) received(data []byte) {
	if len(data) == 0 {
		return
	}
	c.mu.Lock()
	c.heard = c.server.now()
	dead := c.state == gone
	c.mu.Unlock()
	if dead || c.failed {
		return
	}
	c.parser.most = c.server.MaxMessage
	err := c.parser.take(data, c.frame)
	if code, ok := errors.AsType[failure](err); ok {
		c.Close(int(code))
		c.parser, c.failed = parser{}, true
	} else if err != nil {
		c.abort()
	}
}

func (c *Conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state != open
}

// frame handles one frame from the client.
func (c *Conn) frame(op byte, payload []byte) error {
	switch {
	case c.isClosing():
		if op == opClose {
			return errLeft
		}
		return nil
	case !c.allowed():
		c.Close(ClosePolicy)
		return nil
	}
	switch op {
	case opPing:
		if !c.Backlogged() { // otherwise pongs would pile up for a client that does not read
			c.Send(control(opPong, payload), 0)
		}
	case opClose:
		c.farewell(answer(payload), true)
	case opBinary:
		c.Close(CloseUnsupported)
	case opText:
		c.mu.Lock()
		c.greeted = true
		c.mu.Unlock()
		if code := c.handler.Receive(payload); code != 0 {
			c.Close(code)
		}
	}
	return nil
}

// allowed counts a frame, and reports whether it is within the client's rate limit.
func (c *Conn) allowed() bool {
	step := int64(time.Second) / int64(c.server.PerSecond)
	if earned := (c.server.now() - c.filled) / step; earned > 0 {
		c.tokens = int32(min(int64(c.server.Burst), int64(c.tokens)+earned))
		c.filled += earned * step
	}
	c.tokens--
	return c.tokens >= 0
}

// Close sends a close frame with code, and closes the connection when the client answers or CloseTimeout ends. Waiting
// frames are dropped, except for one that is partly written.
func (c *Conn) Close(code int) { c.farewell(code, false) }

func (c *Conn) farewell(code int, answered bool) {
	c.mu.Lock()
	if c.state != open {
		c.mu.Unlock()
		return
	}
	c.state, c.answered, c.marks = closing, answered, 0
	c.deadline = c.server.now() + int64(c.server.CloseTimeout)
	if c.partly {
		c.waiting = c.waiting[:1]
	} else {
		c.waiting = nil
	}
	frame := control(opClose, nil)
	if code != closeNone {
		frame = control(opClose, binary.BigEndian.AppendUint16(nil, uint16(code)))
	}
	said := c.write(frame)
	c.mu.Unlock()
	if said && answered {
		c.abort()
	}
}

// check enforces the timeouts of a connection for the sweep. It returns when the connection was last active.
func (c *Conn) check(now int64) (last int64) {
	o := &c.server.Options
	c.mu.Lock()
	last = max(c.heard, c.stalled)
	code, abort := 0, false
	switch {
	case c.state == closing:
		abort = now > c.deadline
	case c.state == gone:
	case (len(c.waiting) > 0 || c.flushing) && now-c.stalled > int64(o.WriteTimeout), !c.greeted && now > c.deadline:
		code = CloseTryAgain
	case now-c.heard > int64(o.ReadTimeout):
		abort = true
	case now-c.pinged > int64(o.PingEvery):
		c.pinged = now
		if len(c.waiting) == 0 {
			c.write(pingFrame)
		}
	}
	c.mu.Unlock()
	if abort {
		c.abort()
	} else if code != 0 {
		c.Close(code)
	}
	return last
}

var pingFrame = control(opPing, nil)

// abort closes the connection at once.
func (c *Conn) abort() {
	c.mu.Lock()
	if c.state == gone {
		c.mu.Unlock()
		return
	}
	c.state, c.waiting = gone, nil
	if c.conn == nil {
		c.server.poller.forget(c.fd)
		c.fd = -1
	} else {
		line := c.conn
		if t, ok := line.(*tls.Conn); ok {
			line = t.NetConn() // without TLS's close alert, which would block if the client does not read
		}
		_ = line.Close() // the error has no use
	}
	serving := c.serving
	c.serving = true // for good, so that over is called once
	c.mu.Unlock()
	if !serving {
		c.over()
	}
}

// over calls OnClose. The serving goroutine calls it, or else the one that aborted the connection.
func (c *Conn) over() {
	defer c.server.leave(c)
	_ = guard.Run(c.server.Log, "ending a socket", c.handler.OnClose) // a panic changes nothing: it has ended
}
