// Package handlers is Chit-Chat over HTTP and WebSocket. A handler parses the request, calls one verb of chat,
// and renders what came of it; its error goes to one error handler.
package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/session"

	"chitchat/chat"
	"chitchat/chat/guard"
	"chitchat/handlers/socket"
	"chitchat/handlers/splice"
	"chitchat/uploads"
)

// Options are what New needs. Chat and Files are required.
type Options struct {
	Chat      *chat.Chat
	Files     *uploads.Store
	Log       *slog.Logger // nil: discards
	MaxUpload int64        // bytes a file may have; the file store has the last word

	PublicURL      string         // scheme and host that people use, when a proxy hides them, as browsers send them; or ""
	Hosts          []string       // names by which people reach it besides, as browsers send them; see newHosts
	TLS            bool           // the listener speaks TLS
	Port           int            // that people use, unless PublicURL says it; 0: the scheme's own
	HSTS           time.Duration  // how long browsers shall insist on TLS; 0: they need not
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed

	// called when many pages have come, and then nothing was said on any for a moment: each left more behind than it
	// needs; or nil
	Settled         func()
	SessionLifetime time.Duration // how long a browser keeps the cookie after its last use; 0: chat.DefaultSessionLifetime

	// How much one may do in a minute; 0: as much as one likes.
	SignIns   int // of one network address
	Passwords int // that are tried for one name from one address; see guesses
	Posts     int // messages, edits and deletions of one person, and perAddressFactor times as many of one address
	Uploads   int // files, likewise
	// UploadBytes is how much one person may send in files in a day, in bytes; 0: as much as they like.
	UploadBytes int64
	// new channels, likewise; as many changes of one's name, invitations, and reports; five times as many of all else
	Changes int
}

// Server is the web side of one chat.
type Server struct {
	Options

	app             *fiber.App
	crossOrigin     *http.CrossOriginProtection
	hosts           hosts
	cookieBase      string
	sessions        *session.Store
	parts           splice.Pieces // of pages
	frames          splice.Cache[[]framePart]
	signIns         *limiter
	passwords       *guesses // by the name's key
	seconds         *guesses // by the person
	posts           userAndIPLimiter
	uploads         userAndIPLimiter
	volume          userAndIPLimiter // in bytes
	texts           userAndIPLimiter // likewise, of messages
	newChannels     userAndIPLimiter // direct conversations among them
	renames         userAndIPLimiter
	reports         userAndIPLimiter
	searches        userAndIPLimiter
	handshakes      userAndIPLimiter                // of sockets
	changes         userAndIPLimiter                // of everything that has no limit of its own
	invites         userAndIPLimiter                // made, and accepted by those who are signed in; into a channel too
	signUps         *idempotencyCache[chat.Actor]   // by the nonce and the name of a sign-in form
	createdChannels *idempotencyCache[chat.Channel] // by the person and the channel's name
	sockets         *socket.Server
	updatePool      socket.WorkerPool
	conns           connLimiter
	upgrade         fiber.Handler
	uploadDeadlines uploadDeadlines
	underWay        underWay
	waiting         waiting       // for all sockets
	stalled         time.Duration // stalledAnswer, but in a test
	inFlight        atomic.Int64  // requests and downloads under way
	ready           readiness
}

// New makes the server, which needs Shutdown. The error is about PublicURL, or the system's.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.SessionLifetime <= 0 {
		o.SessionLifetime = chat.DefaultSessionLifetime
	}
	s := &Server{
		Options:         o,
		parts:           splice.Pieces{Cache: splice.Cache[*splice.Piece]{Most: keptParts}},
		frames:          splice.Cache[[]framePart]{Most: keptFrames},
		crossOrigin:     http.NewCrossOriginProtection(),
		hosts:           newHosts(o.PublicURL, o.Hosts),
		cookieBase:      newCookieBase(o),
		stalled:         stalledAnswer,
		signIns:         newLimiter(o.SignIns),
		passwords:       newGuesses(o.Passwords, time.Minute, 20),
		seconds:         newGuesses(o.Passwords, 15*time.Minute, 5), // six digits are few: they get more time
		posts:           newUserAndIPLimiter(o.Posts),
		uploads:         newUserAndIPLimiter(o.Uploads),
		volume:          newQuota(o.UploadBytes),
		texts:           newQuota(maxTextOfDay),
		newChannels:     newUserAndIPLimiter(o.Changes),
		renames:         newUserAndIPLimiter(o.Changes),
		reports:         newUserAndIPLimiter(o.Changes),
		searches:        newUserAndIPLimiter(5 * o.Changes), // some do as one types
		changes:         newUserAndIPLimiter(5 * o.Changes), // one tidies up, or lets a class in
		invites:         newUserAndIPLimiter(o.Changes),
		handshakes:      newUserAndIPLimiter(10 * o.Changes), // every page that is opened makes one
		createdChannels: newIdempotencyCache[chat.Channel](time.Minute),
		signUps:         newIdempotencyCache[chat.Actor](2 * time.Minute),
	}
	if o.PublicURL != "" {
		if err := s.crossOrigin.AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, err
		}
	}
	var err error
	if s.sessions, err = newSessions(s); err != nil {
		return nil, err
	}
	limits := socketLimits
	limits.Settled, limits.Log = o.Settled, o.Log
	if s.sockets, err = socket.New(limits); err != nil {
		return nil, err
	}
	s.updatePool.Most, s.updatePool.Log = 32, o.Log
	s.upgrade = newUpgrade(s)
	s.app = fiber.New(s.config())
	s.app.Server().KeepHijackedConns = true // they are the socket server's
	s.routes()
	return s, nil
}

// Serve answers requests until Shutdown.
func (s *Server) Serve(ln net.Listener) error { return s.app.Listener(ln) }

// Shutdown ends the sockets with 1012, takes no new requests, and waits for those under way, until ctx ends. Forms
// and files that are still coming after a second are given up.
// The chat may be closed after it.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Chat.Live.Disconnect()
	closed := make(chan error, 1)
	guard.Go(s.Log, "closing the sockets", func() {
		err := errors.New("closing the sockets failed")
		defer func() { closed <- err }()
		err = s.sockets.Close(ctx, socket.CloseRestart)
		s.updatePool.Wait() // what was being told asks the chat, which may be closed after this
	})
	quiet, stop := context.WithCancel(ctx)
	defer stop()
	guard.Go(s.Log, "waiting for requests", func() { s.waitIdle(quiet, stop) })
	guard.Go(s.Log, "ending bodies", func() { s.uploadDeadlines.end(quiet) })
	err := s.app.ShutdownWithContext(quiet)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		err = nil // only connections on which nobody asked for anything were left
	}
	return errors.Join(err, <-closed)
}

// waitIdle calls stop once no request has been under way for a moment. Browsers open connections ahead of their
// requests, and fasthttp would wait for those as if they were busy.
func (s *Server) waitIdle(ctx context.Context, stop func()) {
	const step, moment = 20 * time.Millisecond, 200 * time.Millisecond
	for quiet := time.Duration(0); quiet < moment && ctx.Err() == nil; quiet += step {
		if s.inFlight.Load() > 0 {
			quiet = 0
		}
		time.Sleep(step)
	}
	stop()
}
