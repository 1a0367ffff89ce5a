// Package handlers is Chit-Chat over HTTP and WebSocket. A handler parses the request, calls one verb of chat,
// and renders what came of it; its error goes to one error handler.
package handlers

import (
	"bytes"
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
	"chitchat/uploads"
	"chitchat/views"
)

// Options are what New needs. Chat and Files are required.
type Options struct {
	Chat      *chat.Chat
	Files     *uploads.Store
	Log       *slog.Logger // nil: discards
	MaxUpload int64        // bytes a file may have; the file store has the last word

	PublicURL      string         // scheme and host that people use, when a proxy hides them; or ""
	TLS            bool           // the listener speaks TLS
	TrustedProxies []netip.Prefix // whose X-Forwarded-* headers are believed

	SessionLifetime time.Duration // how long a browser keeps the cookie after its last use; 0: 90 days

	// How much one may do in a minute; 0: as much as one likes.
	SignIns int // of one network address
	Posts   int // messages, edits and deletions of one person
	Uploads int // files of one person
	Changes int // new channels of one person, and as many changes of their name
}

// Server is the web side of one chat.
type Server struct {
	Options

	app         *fiber.App
	crossOrigin *http.CrossOriginProtection
	sessions    *session.Store
	signIns     *limiter
	posts       *limiter
	uploads     *limiter
	newChannels *limiter
	renames     *limiter
	arrivals    *recent[chat.Actor]   // by the nonce and the name of a sign-in form
	creations   *recent[chat.Channel] // by the person and the channel's name
	sockets     sockets
	upgrade     fiber.Handler
	readings    readings
	busy        atomic.Int64 // requests and downloads under way
	ready       readiness
}

// New makes the server. The error is about PublicURL.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.SessionLifetime <= 0 {
		o.SessionLifetime = 90 * 24 * time.Hour
	}
	s := &Server{
		Options:     o,
		crossOrigin: http.NewCrossOriginProtection(),
		signIns:     newLimiter(o.SignIns),
		posts:       newLimiter(o.Posts),
		uploads:     newLimiter(o.Uploads),
		newChannels: newLimiter(o.Changes),
		renames:     newLimiter(o.Changes),
		creations:   newRecent[chat.Channel](time.Minute),
		arrivals:    newRecent[chat.Actor](2 * time.Minute),
	}
	if o.PublicURL != "" {
		if err := s.crossOrigin.AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, err
		}
	}
	s.sessions = newSessions(s)
	s.upgrade = newUpgrade(s)
	s.app = fiber.New(s.config())
	s.routes()
	return s, nil
}

// routes is everything that Chit-Chat answers. What is behind s.as is for people who are signed in.
func (s *Server) routes() {
	s.app.Use(s.observe, s.protect)

	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/assets/*", s.asset)
	s.app.Get("/favicon.ico", s.favicon)

	s.app.Get("/signin", s.signInPage)
	s.app.Post("/signin", s.signIn)
	s.app.Get("/signout", s.as(s.signOutPage))
	s.app.Post("/signout", s.signOut)
	s.app.Get("/me", s.as(s.me))
	s.app.Post("/me", s.as(s.rename))
	s.app.Get("/me/:id.css", s.as(s.ownCSS))

	s.app.Get("/", s.home)
	s.app.Get("/c", s.as(s.channels))
	s.app.Post("/c", s.as(s.createChannel))
	s.app.Get("/c/:slug", s.as(s.channel))
	s.app.Post("/c/:slug/messages", s.as(s.post))
	s.app.Get("/c/:slug/:seq", s.as(s.permalink))
	s.app.Get("/c/:slug/:seq/edit", s.as(s.editForm))
	s.app.Post("/c/:slug/:seq/edit", s.as(s.edit))
	s.app.Get("/c/:slug/:seq/delete", s.as(s.deleteForm))
	s.app.Post("/c/:slug/:seq/delete", s.as(s.delete))

	s.app.Get("/f/:id/thumb", s.as(s.thumb))
	s.app.Get("/f/:id/:name", s.as(s.file))

	s.app.Get("/live", s.live)
}

// Serve answers requests until Shutdown.
func (s *Server) Serve(ln net.Listener) error { return s.app.Listener(ln) }

// Shutdown ends the sockets with 1012, takes no new requests, and waits for those under way, until ctx ends. Forms
// and files that are still coming after a second are given up.
// The chat may be closed after it.
func (s *Server) Shutdown(ctx context.Context) error {
	s.sockets.refuse()
	s.Chat.Disconnect()
	quiet, stop := context.WithCancel(ctx)
	defer stop()
	go s.whenQuiet(quiet, stop)
	go s.readings.end(quiet)
	err := s.app.ShutdownWithContext(quiet)
	if ctx.Err() == nil && errors.Is(err, context.Canceled) {
		err = nil // only connections on which nobody asked for anything were left
	}
	return errors.Join(err, s.sockets.wait(ctx))
}

// whenQuiet calls stop once no request has been under way for a moment. Browsers open connections ahead of their
// requests, and fasthttp would wait for those as if they were busy.
func (s *Server) whenQuiet(ctx context.Context, stop func()) {
	const step, moment = 20 * time.Millisecond, 200 * time.Millisecond
	for quiet := time.Duration(0); quiet < moment && ctx.Err() == nil; quiet += step {
		if s.busy.Load() > 0 {
			quiet = 0
		}
		time.Sleep(step)
	}
	stop()
}

// RenderRow renders a message's row, the same for every reader: what chat.Options asks for.
func RenderRow(m chat.Message) []byte {
	var b bytes.Buffer
	_ = views.Row(m).Render(context.Background(), &b) // a buffer takes everything, and a row asks for nothing else
	return b.Bytes()
}
