package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/fasthttp/websocket"
	fiberws "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// Limits of a socket.
const (
	helloTimeout  = 10 * time.Second
	pingEvery     = 30 * time.Second
	silentTimeout = 75 * time.Second // two pings unanswered
	frameTimeout  = 10 * time.Second // to write one frame
	farewell      = time.Second      // for the client to answer a close frame
	maxFrame      = 64 << 10         // from the client
	framesASecond = 50               // from the client, for long; and at most
	framesAtOnce  = 200
)

// Close codes of our own: the page does not come back after them. The hub's are in chat.Closing.
const (
	closeSignedOut = int(chat.CloseSignedOut)
	closeNotFound  = 4404
	closeTooMany   = 4429
)

// socketActorLocal hands the actor over the upgrade: the wrapper copies locals whose keys are strings.
const socketActorLocal = "actor"

// newUpgrade makes the handler that turns a request into a socket. It has no compression, which would get around
// the read limit. The origin was checked in protect: the wrapper's own list lets everyone in when it is empty.
func newUpgrade(s *Server) fiber.Handler {
	return fiberws.New(s.serveSocket, fiberws.Config{
		ReadBufferSize: 1024, WriteBufferSize: 1024,
		WriteBufferPool: &sync.Pool{},
		RecoverHandler: func(*fiberws.Conn) {
			if p := recover(); p != nil {
				s.Log.Error("a socket failed", "error", p)
			}
		},
	})
}

// live opens a page's socket. A refusal is told by a close code, after the handshake: a browser shows no page the
// status of a handshake that failed, and it would try again for ever.
func (s *Server) live(c *fiber.Ctx) error {
	if !websocket.FastHTTPIsWebSocketUpgrade(c.Context()) {
		return fiber.ErrUpgradeRequired
	}
	a, err := s.actor(c)
	if err != nil && chat.ErrorCode(err) != chat.CodeSignedOut {
		return err
	}
	c.Locals(socketActorLocal, a)
	if err := s.upgrade(c); err != nil {
		return fiber.ErrBadRequest
	}
	return nil
}

// serveSocket serves one page until its socket closes. The connection is kept only inside: the wrapper gives what
// is around it to the next client.
func (s *Server) serveSocket(conn *fiberws.Conn) {
	a, _ := conn.Locals(socketActorLocal).(chat.Actor)
	k := &socket{Server: s, conn: conn.Conn, actor: a, asked: make(chan struct{}, 1), tokens: framesAtOnce, filled: time.Now()}
	k.conn.SetReadLimit(maxFrame)
	k.conn.SetPingHandler(k.ping)
	if a.Session == 0 {
		k.end(closeSignedOut)
		return
	}
	k.expect(helloTimeout) // before it is counted in: a shutdown shortens it from then on
	if code := s.sockets.enter(k); code != 0 {
		k.end(code)
		return
	}
	defer s.sockets.leave(k)
	k.serve()
}

// socket is one open page. Rules:
//
//   - serve runs in the connection's goroutine, and is the only one to read. It returns after write has ended, for
//     the connection belongs to the next client from then on.
//   - write is the only one to write messages; control frames may come from both.
type socket struct {
	*Server
	conn     *websocket.Conn
	actor    chat.Actor
	channel  chat.Channel // zero outside every channel
	listener *chat.Listener
	asked    chan struct{} // the page wants to know whether it is still heard; has room for one

	tokens int // frames that the client may send at once; one more every 20 ms
	filled time.Time
}

// hello is the first frame: where the page stands.
type hello struct {
	Channel string `json:"channel"`
	Since   int64  `json:"since"`
	Epoch   string `json:"epoch"`
	Names   int64  `json:"names"`
}

func (k *socket) serve() {
	var at hello
	if code := k.read(&at); code != 0 {
		k.end(code)
		return
	}
	if code := k.listen(at); code != 0 {
		k.end(code)
		return
	}
	k.sockets.listens(k)
	k.conn.SetPongHandler(func(string) error {
		k.expect(silentTimeout)
		return nil
	})

	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() { k.write(stop) })
	code := k.listenToClient()
	close(stop)
	_ = k.conn.NetConn().SetWriteDeadline(time.Now().Add(farewell)) // so that the writer does not sit in a write
	writer.Wait()
	k.listener.Close() // not before: the writer would take it for the hub's wish, and say so
	if code != 0 {
		k.end(code)
	}
}

// listen attaches the socket to the hub. It returns the code to close with, 0 when all is well.
func (k *socket) listen(at hello) int {
	ctx, cancel := context.WithTimeout(context.Background(), frameTimeout)
	defer cancel()
	var err error
	if at.Channel != "" {
		if k.channel, err = k.Chat.Channel(ctx, k.actor, at.Channel); err != nil {
			return k.code(err)
		}
	}
	k.listener, err = k.Chat.Listen(ctx, k.actor, chat.Position{Channel: at.Channel, Since: at.Since, Epoch: at.Epoch, Names: at.Names})
	return k.code(err)
}

// code is the close code for an error of chat.
func (k *socket) code(err error) int {
	switch chat.ErrorCode(err) {
	case chat.CodeSignedOut:
		return closeSignedOut
	case chat.CodeNotFound:
		return closeNotFound
	}
	if err == nil {
		return 0
	}
	k.Log.Error("a socket failed", "user", k.actor.ID.String(), "error", err)
	return int(chat.CloseSlow) // what it means is: try again later
}

// listenToClient reads frames until the connection or the listener ends. It returns the code to close with, 0 when
// nobody is left to read it or the writer has said it.
func (k *socket) listenToClient() int {
	for {
		k.expect(silentTimeout)
		select {
		case <-k.listener.Done(): // the writer says why
			k.expect(farewell)
		default:
		}
		var frame struct {
			Read int64 `json:"read"`
		}
		code := k.read(&frame)
		if code != 0 {
			return code
		}
		select {
		case <-k.listener.Done():
			continue // what comes after the end of a session is nobody's wish
		default:
		}
		if frame.Read == 0 {
			select {
			case k.asked <- struct{}{}:
			default: // the answer to the last one counts for this one too
			}
		}
		if frame.Read > 0 && k.channel.ID != 0 {
			err := k.Chat.MarkRead(context.Background(), k.actor, k.channel.Slug, frame.Read)
			if code := k.code(err); code == closeSignedOut || code == closeNotFound {
				return code
			}
		}
	}
}

// gone means that the connection has ended, by a close frame or without.
const gone = -1

// read reads one frame into v. It returns the code to close with, 0 when all is well.
func (k *socket) read(v any) int {
	kind, frame, err := k.conn.ReadMessage()
	switch {
	case errors.Is(err, errFlood):
		return websocket.ClosePolicyViolation
	case err != nil:
		return gone
	case !k.allowed():
		return websocket.ClosePolicyViolation
	case kind != websocket.TextMessage:
		return websocket.CloseUnsupportedData
	case !utf8.Valid(frame):
		return websocket.CloseInvalidFramePayloadData
	case json.Unmarshal(frame, v) != nil:
		return websocket.ClosePolicyViolation
	}
	return 0
}

var errFlood = errors.New("more frames than a page would ever send")

// ping answers a client's ping, which counts as a frame.
func (k *socket) ping(data string) error {
	if !k.allowed() {
		return errFlood
	}
	_ = k.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(farewell)) // a broken line shows in the next read
	return nil
}

// allowed counts a frame of the client, and reports whether it may have sent so many.
func (k *socket) allowed() bool {
	earned := int(time.Since(k.filled) / (time.Second / framesASecond))
	if earned > 0 {
		k.tokens = min(framesAtOnce, k.tokens+earned)
		k.filled = time.Now()
	}
	k.tokens--
	return k.tokens >= 0
}

// expect gives the client so long for its next frame.
func (k *socket) expect(within time.Duration) {
	_ = k.conn.SetReadDeadline(time.Now().Add(within)) // if it fails, so does the read
}

// write sends what the listener has, joined into one frame each time, until stop is closed or the listener ends.
func (k *socket) write(stop <-chan struct{}) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-stop:
			return
		case <-k.listener.Done():
			k.sayClose(int(k.listener.Reason()))
			k.expect(farewell)
			return
		case <-ping.C:
			_ = k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(frameTimeout)) // silence ends the reader
		case <-k.asked:
			_ = k.conn.SetWriteDeadline(time.Now().Add(frameTimeout))
			_ = k.conn.WriteMessage(websocket.TextMessage, nil) // if it fails, so does what comes next
		case <-k.listener.Ready():
			if err := k.deliver(); err != nil {
				_ = k.conn.NetConn().SetReadDeadline(time.Now()) // ends the reader
				return
			}
		}
	}
}

// sayClose writes a close frame. A client that does not read misses it.
func (k *socket) sayClose(code int) {
	_ = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(farewell))
}

// end closes the connection with a code, from the reader, when no writer runs. It reads on for a moment: closing
// with bytes unread would reset the connection, and the code could be lost on the way.
func (k *socket) end(code int) {
	if code == gone {
		return
	}
	k.sayClose(code)
	k.expect(farewell)
	for range framesAtOnce {
		if _, _, err := k.conn.ReadMessage(); err != nil {
			return
		}
	}
}
