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
	closing       // a close frame was said; what comes is thrown away
	gone
)

// Conn is one connection. Rules:
//
//   - mu guards what is below it. Writes and reads of a polled connection are under it, for they do not wait.
//   - serving means that a goroutine answers for what comes from the client: Receive is called from there alone, and
//     OnClose when it is done. A polled connection has such a goroutine only after its descriptor said that there is
//     something; the poller is told to wait again when the goroutine ends.
//   - waiting holds whole frames that the line has not taken, but for the first, of which a part may be gone. Every
//     frame goes through it if it is not empty.
type Conn struct {
	server  *Server
	handler Handler
	conn    net.Conn // nil when polled

	// Of the goroutine that serves.
	parser parser
	failed bool // what came was no frame: nothing that follows makes sense
	tokens int32
	filled int64

	mu       sync.Mutex
	fd       int // -1 when not polled, or gone
	state    state
	serving  bool
	greeted  bool // the first message has come
	answered bool // both sides have said a close frame
	partly   bool // waiting[0] is not whole any more
	flushing bool // a goroutine writes, of a connection that is not polled
	marks    Flags
	waiting  [][]byte
	heard    int64 // by the server's now
	pinged   int64
	deadline int64 // of the first message, or of the farewell
	stalled  int64 // since when something waits
}

var errLeft = errors.New("the client has left")

// Send sends a frame, which must not be changed afterwards, and never waits. It reports whether the frame is on its
// way, or never will be; if neither, OnWritable is called with mark once it is.
func (c *Conn) Send(frame []byte, mark Flags) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != open || c.write(frame) {
		return true
	}
	c.marks |= mark
	return false
}

// Busy reports whether something waits to be sent. If so, OnWritable is called with mark once it is.
func (c *Conn) Busy(mark Flags) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != open || len(c.waiting) == 0 && !c.flushing {
		return false
	}
	c.marks |= mark
	return true
}

// Backlogged reports whether so much waits to be sent that what can be left out should be.
func (c *Conn) Backlogged() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting) >= 16
}

// write sends a frame, after what waits. It reports whether nothing waits any more. The caller holds mu.
func (c *Conn) write(frame []byte) bool {
	if len(c.waiting) > 0 {
		c.waiting = append(c.waiting, frame)
		return false
	}
	if !c.flushing { // or else since what is being written is
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

// writeLoop writes what waits, then ends: the way of connections that are not polled.
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
		for _, frame := range frames { // a client that does not read is cut off by the sweep, which ends the write
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

// readLoop reads until the connection ends: the way of connections that are not polled.
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

// guarded calls what may fail by a panic, which ends this connection and no other. No lock is held.
func (c *Conn) guarded(what string, fn func()) (ok bool) {
	if guard.Run(c.server.Log, what, fn) != nil {
		c.Close(CloseFailed)
		return false
	}
	return true
}

// take is received for the goroutine that reads. After a panic nothing that comes is heard any more.
func (c *Conn) take(data []byte) {
	if !c.guarded("receiving from a socket", func() { c.received(data) }) {
		c.parser, c.failed = parser{}, true
	}
}

// received takes what the client has sent.
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

// frame takes one frame of the client.
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
		if !c.Backlogged() { // whoever reads nothing would let pongs pile up
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

// allowed counts a frame, and reports whether the client may have sent so many.
func (c *Conn) allowed() bool {
	step := int64(time.Second) / int64(c.server.PerSecond)
	if earned := (c.server.now() - c.filled) / step; earned > 0 {
		c.tokens = int32(min(int64(c.server.Burst), int64(c.tokens)+earned))
		c.filled += earned * step
	}
	c.tokens--
	return c.tokens >= 0
}

// Close says why, and ends the connection when the client has answered, or has had its time. What waits is dropped.
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

// check is the sweep's look at a connection. It returns when something was said on it last, by either side.
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

// abort ends the connection at once.
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
			line = t.NetConn() // without a farewell of TLS, which would wait for a client that does not read
		}
		_ = line.Close() // nobody is left to tell
	}
	serving := c.serving
	c.serving = true // for good: over is called once
	c.mu.Unlock()
	if !serving {
		c.over()
	}
}

// over tells that the connection has ended. The goroutine that serves calls it, or else who ended it.
func (c *Conn) over() {
	defer c.server.leave(c)
	_ = guard.Run(c.server.Log, "ending a socket", c.handler.OnClose) // it is over all the same
}
