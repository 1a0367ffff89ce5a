package handlers

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/fasthttp/websocket"
	fiberws "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/chat/guard"
	"chitchat/handlers/socket"
	"chitchat/views"
)

// socketLimits are the limits of every page's socket.
var socketLimits = socket.Options{
	MaxMessage:   64 << 10,
	Opening:      10 * time.Second,
	PingEvery:    30 * time.Second,
	ReadTimeout:  75 * time.Second, // two pings unanswered
	WriteTimeout: 7 * time.Second,  // with a second for the sweep and the close handshake, closed within ten
	CloseTimeout: time.Second,
	Burst:        200,
	PerSecond:    50,
}

// lookUpTimeout bounds the queries of one page's update.
const lookUpTimeout = 10 * time.Second

// Our own close codes. The page does not reconnect after them; after closeNotFound it reconnects without its channel.
// The hub's are in chat.CloseReason.
const (
	closeSignedOut = int(chat.CloseSignedOut)
	closeNotFound  = int(chat.CloseNotFound)
	closeTooMany   = 4429
)

// socketActorLocal passes the actor through the upgrade: the wrapper copies locals with string keys.
const socketActorLocal = "actor"

// livePath is the path of pages' sockets.
const livePath = "/live"

// newUpgrade returns the handler that upgrades a request to a WebSocket. The wrapper does only the handshake, without
// compression, without buffers of its own, and without reusing a connection for the next client. checkOrigin has
// checked the origin: the wrapper's own list allows every origin when it is empty.
func newUpgrade(s liveHandlers) fiber.Handler {
	return fiberws.New(s.serveSocket,
		fiberws.Config{ReadBufferSize: 1, WriteBufferSize: 1, RecoverHandler: func(*fiberws.Conn) {
			if p := recover(); p != nil {
				s.Log.Error("a socket failed", "error", p)
			}
		}})
}

// serveLive opens a page's socket. It refuses by a close code after the handshake: browsers hide the status of a failed
// handshake from the page, which would retry for ever.
func (s liveHandlers) serveLive(c *fiber.Ctx) error {
	if !websocket.FastHTTPIsWebSocketUpgrade(c.Context()) {
		return fiber.ErrUpgradeRequired
	}
	a, known, err := s.visitor(c)
	if err == nil && known {
		err = s.rateLimit(c, s.handshakes, a)
	} else if err == nil {
		err = s.handshakes.ip.take(c, network(s.address(c)))
	}
	if err != nil {
		return err
	}
	c.Locals(socketActorLocal, a)
	if err := s.upgrade(c); err != nil {
		return fiber.ErrBadRequest
	}
	return nil
}

// serveSocket takes the connection from the web server, which keeps nothing for it from then on.
func (s liveHandlers) serveSocket(conn *fiberws.Conn) {
	a, _ := conn.Locals(socketActorLocal).(chat.Actor)
	line, early := release(conn.NetConn())
	counted, refusal := s.conns.acquire(a)
	k := &client{server: s.Server, actor: a, counted: counted}
	if refusal != 0 {
		early = nil // they would go unread
	}
	err := s.sockets.Serve(line, early, func(c *socket.Conn) socket.Handler {
		k.conn = c
		return k
	})
	if refusal != 0 {
		k.conn.Close(refusal)
	}
	if err != nil && !errors.Is(err, net.ErrClosed) {
		s.Log.Error("a socket failed", "error", err)
	}
}

// release returns the connection under a hijacked one, and the bytes that the client has already sent.
func release(conn net.Conn) (net.Conn, []byte) {
	hijacked, ok := conn.(interface{ UnsafeConn() net.Conn })
	if !ok {
		return conn, nil
	}
	line := hijacked.UnsafeConn()
	early := make([]byte, maxHeaders) // as much as the web server reads ahead
	_ = line.SetReadDeadline(time.Unix(1, 0))
	n, _ := conn.Read(early) // only bytes already buffered: the connection's deadline has passed
	_ = line.SetReadDeadline(time.Time{})
	return line, early[:n]
}

// client is one open page, at the server's end of its socket. Rules:
//
//   - subscription is set by the first message, before the first update, and never changed; list and outdated belong
//     to the goroutine that sends updates.
//   - news counts wake-ups not served yet. While it is not 0, one goroutine serves them: updates never go out of
//     order.
type client struct {
	server       *Server
	conn         *socket.Conn
	actor        chat.Actor
	subscription *chat.Subscription
	list         uint64 // the digest of the channel lists that it shows
	outdated     bool   // another version made it, and it has not been notified
	counted      bool   // counted in its session; else it is refused
	news         atomic.Int32
	owed         atomic.Int64 // bytes of this page in the server's waiting
	left         atomic.Bool  // closed: later sends must pay for themselves
}

// Flags for OnWritable.
const (
	rowsPending socket.Flags = 1 << iota
	newsWait
	largeWaits
)

var keepalive = socket.Text()

// Receive handles a message of the page.
func (k *client) Receive(message []byte) int {
	if k.subscription == nil {
		return k.subscribe(message)
	}
	if k.subscription.Reason() != 0 {
		return 0 // messages after the session's end are ignored
	}
	m, ok := parseLaterMessage(message)
	if !ok {
		return socket.ClosePolicy
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookUpTimeout)
	defer cancel()
	var err error
	switch {
	case m.Thread != nil && m.Read == 0:
		err = k.subscription.ShowThread(ctx, chat.Cursor{Thread: *m.Thread, ThreadRev: m.Since, Epoch: m.Epoch})
	case m.Thread != nil:
		err = k.subscription.MarkThreadRead(ctx, m.Read)
	case m.Read > 0:
		err = k.subscription.MarkRead(ctx, m.Read, m.mark())
	case m.Read == 0 && m.Typing:
		err = k.subscription.Typing(ctx)
	case m.Read == 0: // the page asks whether the connection is alive
		if !k.conn.Backlogged() { // a backlog answers it too
			k.conn.Send(keepalive, 0)
		}
	}
	code := k.code(err)
	if code == closeSignedOut || code == closeNotFound || m.Thread != nil && m.Read == 0 { // else that thread stays silent
		return code
	}
	return 0
}

// subscribe attaches the page to the hub.
func (k *client) subscribe(message []byte) int {
	r, ok := parseSubscribeRequest(message)
	if !ok {
		return socket.ClosePolicy
	}
	if !k.counted {
		return 0 // serveSocket is about to close it with the reason
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookUpTimeout)
	defer cancel()
	k.news.Store(1) // served below, once the subscription is set
	subscription, err := k.server.Chat.Live.Subscribe(ctx, k.actor, r.cursor(), k)
	if err != nil {
		return k.code(err)
	}
	k.subscription, k.list, k.outdated = subscription, views.ParseDigest(r.List), r.outdated()
	k.flushUpdates()
	return 0
}

// code returns the close code for an error of chat, 0 for none.
func (k *client) code(err error) int {
	switch chat.ErrorCode(err) {
	case chat.CodeSignedOut:
		return closeSignedOut
	case chat.CodeNotFound:
		return closeNotFound
	default:
	}
	if err == nil {
		return 0
	}
	k.server.Log.Error("a socket failed", "user", k.actor.ID, "error", err)
	return socket.CloseTryAgain
}

// Send sends rows: see chat.Subscriber.
func (k *client) Send(frame []byte) bool { return k.conn.Send(frame, rowsPending) }

// Notify schedules an update of everything but rows.
func (k *client) Notify() {
	if k.news.Add(1) == 1 {
		k.server.updatePool.Do(k.flushUpdates)
	}
}

// End closes the page for a reason of the hub.
func (k *client) End(why chat.CloseReason) { k.conn.Close(int(why)) }

// OnWritable resumes what waited for the connection to be writable.
func (k *client) OnWritable(marks socket.Flags) {
	if marks&largeWaits != 0 {
		k.pay()
	}
	if marks&rowsPending != 0 {
		k.subscription.Writable()
	}
	if marks&newsWait != 0 {
		k.server.updatePool.Do(k.flushUpdates)
	}
}

// flushUpdates calls tellNews, and closes the page when that panics: it reconnects with its cursor.
func (k *client) flushUpdates() {
	if guard.Run(k.server.Log, "telling a page", k.tellNews) != nil {
		k.conn.Close(socket.CloseFailed)
	}
}

// tellNews sends updates other than rows. While the connection is busy it waits for OnWritable: what it sends then is
// newer.
func (k *client) tellNews() {
	for served := k.news.Load(); ; served = k.news.Load() {
		if k.conn.Busy(newsWait) {
			return
		}
		if err := k.tell(); err != nil {
			k.conn.Close(k.code(err))
		}
		if k.news.Add(-served) == 0 {
			return
		}
	}
}

func (k *client) tell() error {
	ctx, cancel := context.WithTimeout(context.Background(), lookUpTimeout)
	defer cancel()
	batch, err := k.subscription.Poll(ctx)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := k.render(&b, batch); err != nil {
		return err
	}
	if !k.server.waiting.take(b.Len()) {
		k.conn.Close(socket.CloseTryAgain)
		return nil
	}
	mark := socket.Flags(0)
	if b.Len() >= largeAnswer {
		mark = largeWaits
		k.owed.Add(int64(b.Len()))
	}
	free := b.Len() == 0 || k.conn.Send(socket.Text(b.Bytes()), mark)
	if free || k.left.Load() {
		k.pay()
	}
	if batch.Begins {
		k.subscription.Begin()
	}
	return nil
}

// pay gives back the page's share of the server's waiting.
func (k *client) pay() {
	if owed := k.owed.Swap(0); owed > 0 {
		k.server.waiting.give(owed)
	}
}

// OnClose detaches the page from the hub.
func (k *client) OnClose() {
	k.left.Store(true)
	k.pay()
	if k.subscription != nil {
		k.subscription.Close()
	}
	if k.counted {
		k.server.conns.release(k.actor.Session)
	}
}
