// Package handlers serves Chit-Chat over HTTP and WebSocket. A handler parses the request, calls one verb of chat, and
// renders the result; one error handler answers its errors.
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
	MaxUpload int64        // maximum size of a file in bytes; the file store may refuse earlier

	PublicURL      string         // public scheme and host as browsers send them, when a proxy hides them; or ""
	Hosts          []string       // further host names as browsers send them; see newHosts
	TLS            bool           // the listener speaks TLS
	Port           int            // public port, unless PublicURL has it; 0: the scheme's default
	HSTS           time.Duration  // how long browsers must insist on TLS; 0: they need not
	TrustedProxies []netip.Prefix // trusted to set X-Forwarded-For

	// called once many sockets have connected and traffic has paused for a moment, to release the memory that they used;
	// or nil
	Settled         func()
	SessionLifetime time.Duration // of the cookie, since its last use; 0: chat.DefaultSessionLifetime

	// Limits per minute; 0: no limit.
	SignIns   int // per network address
	Passwords int // attempts per name and address; see guesses
	// messages, edits and deletions per user, and as many reactions; perAddressFactor times as many per address
	Posts   int
	Uploads int // files, likewise
	// UploadBytes is how many bytes of files a user may upload per day; 0: no limit.
	UploadBytes int64
	// per user, as Posts: new channels; as many name changes, invitations and reports; five times as many other changes
	Changes int
}

// Server is the web server of one chat. It has what all handlers share; nouns.go groups the handlers.
type Server struct {
	Options

	app             *fiber.App
	crossOrigin     *http.CrossOriginProtection
	hosts           hosts
	cookieBase      string
	sessions        *session.Store
	parts           splice.Pieces             // of pages
	groups          splice.Cache[[]framePart] // of what is unread: they must not push out what more readers share
	frames          splice.Cache[[]framePart]
	signIns         *limiter
	passwords       *guesses // by name key
	twoFactor       *guesses // by user
	posts           userAndIPLimiter
	uploads         userAndIPLimiter
	volume          userAndIPLimiter // in bytes
	texts           userAndIPLimiter // likewise, of messages
	newChannels     userAndIPLimiter // direct conversations included
	renames         userAndIPLimiter
	reports         userAndIPLimiter
	reactions       userAndIPLimiter
	drafts          userAndIPLimiter
	searches        userAndIPLimiter
	handshakes      userAndIPLimiter                // of sockets
	changes         userAndIPLimiter                // everything without a limit of its own
	invites         userAndIPLimiter                // created, or accepted while signed in; adding members too
	signUps         *idempotencyCache[chat.Actor]   // by the nonce and the name of a sign-in form
	createdChannels *idempotencyCache[chat.Channel] // by the user and the channel's name
	slashForms      *idempotencyCache[slashDone]    // by the user, the channel, the client_id and the text
	sockets         *socket.Server
	updatePool      socket.WorkerPool
	conns           connLimiter
	upgrade         fiber.Handler
	uploadDeadlines uploadDeadlines
	underWay        underWay
	waiting         waiting       // for all sockets
	stalled         time.Duration // stalledAnswer, except in tests
	inFlight        atomic.Int64  // requests and downloads under way
	ready           readiness
}

// New returns a server; the caller must call Shutdown. The error concerns PublicURL, or comes from the system.
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
		groups:          splice.Cache[[]framePart]{Most: keptGroups},
		frames:          splice.Cache[[]framePart]{Most: keptFrames},
		crossOrigin:     http.NewCrossOriginProtection(),
		hosts:           newHosts(o.PublicURL, o.Hosts),
		cookieBase:      newCookieBase(o),
		stalled:         stalledAnswer,
		signIns:         newLimiter(o.SignIns),
		passwords:       newGuesses(o.Passwords, time.Minute, 20),
		twoFactor:       newGuesses(o.Passwords, 15*time.Minute, 5), // six digits are few: the window is longer
		posts:           newUserAndIPLimiter(o.Posts),
		uploads:         newUserAndIPLimiter(o.Uploads),
		volume:          newQuota(o.UploadBytes),
		texts:           newQuota(maxTextOfDay),
		newChannels:     newUserAndIPLimiter(o.Changes),
		renames:         newUserAndIPLimiter(o.Changes),
		reports:         newUserAndIPLimiter(o.Changes),
		reactions:       newUserAndIPLimiter(o.Posts), // sent to all subscribers, as posts are
		drafts:          newUserAndIPLimiter(draftsPerMinute),
		searches:        newUserAndIPLimiter(5 * o.Changes), // some search on each key press
		changes:         newUserAndIPLimiter(5 * o.Changes), // users tidy up, or admit a class
		invites:         newUserAndIPLimiter(o.Changes),
		handshakes:      newUserAndIPLimiter(10 * o.Changes), // each opened page makes one
		createdChannels: newIdempotencyCache[chat.Channel](time.Minute),
		slashForms:      newIdempotencyCache[slashDone](time.Hour), // a page that was away tries again when it is back
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
	s.upgrade = newUpgrade(liveHandlers{s})
	s.app = fiber.New(s.config())
	s.app.Server().KeepHijackedConns = true // the socket server owns them
	s.routes()
	return s, nil
}

// Serve answers requests until Shutdown.
func (s *Server) Serve(ln net.Listener) error { return s.app.Listener(ln) }

// Shutdown closes the sockets with code 1012, accepts no new requests, and waits for running requests until ctx ends.
// Forms and files still arriving after a second are cut off. The chat may be closed afterwards.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Chat.Live.Disconnect()
	closed := make(chan error, 1)
	guard.Go(s.Log, "closing the sockets", func() {
		err := errors.New("closing the sockets failed")
		defer func() { closed <- err }()
		err = s.sockets.Close(ctx, socket.CloseRestart)
		s.updatePool.Wait() // updates under way use the chat, which may be closed after this
	})
	quiet, stop := context.WithCancel(ctx)
	defer stop()
	guard.Go(s.Log, "waiting for requests", func() { s.waitIdle(quiet, stop) })
	guard.Go(s.Log, "ending bodies", func() { s.uploadDeadlines.end(quiet) })
	err := s.app.ShutdownWithContext(quiet)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		err = nil // only idle connections were left
	}
	return errors.Join(err, <-closed)
}

// waitIdle calls stop once no request has been running for a moment. Browsers open connections ahead of their requests,
// and fasthttp would wait for them as if they were busy.
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
