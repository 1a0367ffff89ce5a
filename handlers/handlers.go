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
	"chitchat/views"
)

// Options are what New needs. Chat and Files are required.
type Options struct {
	Chat      *chat.Chat
	Files     *uploads.Store
	Log       *slog.Logger // nil: discards
	MaxUpload int64        // bytes a file may have; the file store has the last word

	PublicURL      string         // scheme and host that people use, when a proxy hides them; or ""
	Hosts          []string       // names by which people reach it besides; see newHosts
	TLS            bool           // the listener speaks TLS
	Port           int            // that people use, unless PublicURL says it; 0: the scheme's own
	HSTS           time.Duration  // how long browsers shall insist on TLS; 0: they need not
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed

	Settled         func()        // called when many pages have come, and then nothing was said on any for a moment: each left more behind than it needs; or nil
	SessionLifetime time.Duration // how long a browser keeps the cookie after its last use; 0: 90 days

	// How much one may do in a minute; 0: as much as one likes.
	SignIns   int // of one network address
	Passwords int // that are tried for one name from one address; see guesses
	Posts     int // messages, edits and deletions of one person, and perAddressFactor times as many of one address
	Uploads   int // files, likewise
	// UploadBytes is how much one person may send in files in a day, in bytes; 0: as much as they like.
	UploadBytes int64
	Changes     int // new channels, likewise; as many changes of one's name, invitations, and reports; five times as many of all else
}

// Server is the web side of one chat.
type Server struct {
	Options

	app             *fiber.App
	crossOrigin     *http.CrossOriginProtection
	hosts           hosts
	cookieBase      string
	sessions        *session.Store
	sessionCache    sessionCache
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
	arrivals        *idempotencyCache[chat.Actor]   // by the nonce and the name of a sign-in form
	creations       *idempotencyCache[chat.Channel] // by the person and the channel's name
	sockets         *socket.Server
	updatePool      socket.WorkerPool
	admissions      connLimiter
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
		o.SessionLifetime = 90 * 24 * time.Hour
	}
	s := &Server{
		Options:     o,
		parts:       splice.Pieces{Cache: splice.Cache[*splice.Piece]{Most: keptParts}},
		frames:      splice.Cache[[]framePart]{Most: keptFrames},
		crossOrigin: http.NewCrossOriginProtection(),
		hosts:       newHosts(o.PublicURL, o.Hosts),
		cookieBase:  newCookieBase(o),
		stalled:     stalledAnswer,
		signIns:     newLimiter(o.SignIns),
		passwords:   newGuesses(o.Passwords, time.Minute, 20),
		seconds:     newGuesses(o.Passwords, 15*time.Minute, 5), // six digits are few: they get more time
		posts:       newUserAndIPLimiter(o.Posts),
		uploads:     newUserAndIPLimiter(o.Uploads),
		volume:      newQuota(o.UploadBytes),
		texts:       newQuota(maxTextOfDay),
		newChannels: newUserAndIPLimiter(o.Changes),
		renames:     newUserAndIPLimiter(o.Changes),
		reports:     newUserAndIPLimiter(o.Changes),
		searches:    newUserAndIPLimiter(5 * o.Changes), // some do as one types
		changes:     newUserAndIPLimiter(5 * o.Changes), // one tidies up, or lets a class in
		invites:     newUserAndIPLimiter(o.Changes),
		handshakes:  newUserAndIPLimiter(10 * o.Changes), // every page that is opened makes one
		creations:   newIdempotencyCache[chat.Channel](time.Minute),
		arrivals:    newIdempotencyCache[chat.Actor](2 * time.Minute),
	}
	if o.PublicURL != "" {
		if err := s.crossOrigin.AddTrustedOrigin(o.PublicURL); err != nil {
			return nil, err
		}
	}
	s.sessions = newSessions(s)
	var err error
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

// routes is everything that Chit-Chat answers. What is behind s.as is for people who are signed in, and so is what is
// behind s.own, or a change of something, which have limits of their own, and s.small.
func (s *Server) routes() {
	s.app.Use(s.logRequests, s.protect)

	s.app.Get("/healthz", s.healthz)
	s.app.Get("/readyz", s.readyz)
	s.app.Get("/assets/*", s.serveAsset)
	s.app.Get("/favicon.ico", s.serveFavicon)

	s.app.Get("/signin", s.showSignIn)
	s.app.Post("/signin", s.signIn)
	s.app.Get("/signin/second", s.showTwoFactorSignIn)
	s.app.Post("/signin/second", s.finishSignIn)
	s.app.Post("/signin/second/passkey", s.beginTwoFactorPasskey)
	s.app.Post("/signin/passkey", s.beginPasskeySignIn)
	s.app.Post("/signin/passkey/finish", s.finishPasskeySignIn)
	s.app.Get("/owner/:token", s.showSetup)
	s.app.Post("/owner/:token", s.claimWorkspace)
	s.app.Get("/link/:token", s.showDeviceLink)
	s.app.Post("/link/:token", s.useDeviceLink)
	s.app.Get("/recover/:token", s.showPasswordReset)
	s.app.Post("/recover/:token", s.resetPassword)
	s.app.Get("/i/:token", s.showInvitation)
	s.app.Post("/i/:token", s.acceptInvitation)
	s.app.Get("/signout", s.as(s.showSignOut))
	s.app.Post("/signout", s.signOut)
	s.app.Get("/me", s.as(s.showMe))
	s.app.Post("/me", s.own(s.updateName))
	s.app.Get("/me/:id.css", s.small(s.serveOwnCSS))
	s.app.Get("/me/password", s.as(s.showPassword))
	s.app.Post("/me/password", s.own(s.updatePassword))
	s.app.Get("/me/second", s.as(s.showTwoFactor))
	s.app.Post("/me/second/start", s.changesTwoFactor(s.startTwoFactor))
	s.app.Post("/me/second/confirm", s.changesTwoFactor(s.confirmTwoFactor))
	s.app.Post("/me/second/codes", s.changesTwoFactor(s.createRecoveryCodes))
	s.app.Post("/me/second/off", s.changesTwoFactor(s.disableTwoFactor))
	s.app.Get("/me/passkeys", s.as(s.showPasskeys))
	s.app.Post("/me/passkeys", s.changesPasskeys(s.createPasskey))
	s.app.Post("/me/passkeys/new", s.changesPasskeys(s.beginPasskey))
	s.app.Post("/me/passkeys/remove", s.changesPasskeys(s.deletePasskey))
	s.app.Post("/me/passkeys/require", s.changesPasskeys(s.requirePasskey))
	s.app.Get("/me/link", s.as(s.showDeviceLinks))
	s.app.Post("/me/link", s.own(s.createDeviceLink))
	s.app.Get("/admin/recovery", s.as(s.showResetAccess))
	s.app.Post("/admin/recovery", s.own(s.createPasswordReset))
	s.app.Get("/me/sessions", s.as(s.showSessions))
	s.app.Post("/me/sessions/end", s.as(s.endOtherSessions))
	s.app.Post("/me/sessions/:id/end", s.as(s.endSession))

	s.app.Get("/admin/invitations", s.as(s.showInvitations))
	s.app.Post("/admin/invitations", s.own(s.createInvitation))
	s.app.Post("/admin/invitations/:id/revoke", s.as(s.revokeInvitation))
	s.app.Get("/u/:id", s.as(s.showProfile))
	s.app.Get("/u/:id/avatar/:picture", s.small(s.serveAvatar))
	s.app.Get("/me/profile", s.as(s.showMyProfile))
	s.app.Post("/me/profile", s.own(s.updateProfile))
	s.app.Post("/me/status", s.own(s.updateStatus))
	s.app.Post("/me/avatar", s.own(s.updateAvatar))
	s.app.Post("/me/avatar/remove", s.own(s.deleteAvatar))
	s.app.Get("/admin/people", s.as(s.showUsers))
	s.app.Post("/admin/people/:id/role", s.as(s.updateRole))
	s.app.Post("/admin/people/:id/deactivate", s.as(s.deactivateUser))
	s.app.Post("/admin/people/:id/reactivate", s.as(s.reactivateUser))
	s.app.Get("/admin/roles", s.as(s.showRoles))
	s.app.Get("/admin/channels", s.as(s.showChannelTable))
	s.app.Get("/admin/sessions", s.as(s.showSessionTable))
	s.app.Post("/admin/sessions/:id/end", s.as(s.endUserSession))
	s.app.Post("/admin/people/:id/remove", s.as(s.deleteUser))
	s.app.Post("/admin/people/:id/signout", s.as(s.endUserSessions))
	s.app.Get("/admin/storage", s.as(s.showStorage))
	s.app.Get("/admin/storage/people", s.as(s.showStorageByUser))
	s.app.Post("/admin/storage/people/:id/waiting", s.as(s.deletePendingFiles))
	s.app.Get("/admin/bans", s.as(s.showBans))
	s.app.Post("/admin/bans", s.own(s.createBan))
	s.app.Post("/admin/bans/:id/lift", s.as(s.deleteBan))
	s.app.Get("/admin/reports", s.as(s.showReports(false)))
	s.app.Get("/admin/reports/closed", s.as(s.showReports(true)))
	s.app.Post("/admin/reports/:id/close", s.as(s.closeReport))
	s.app.Post("/admin/reports/:id/remove", s.as(s.deleteReported))
	s.app.Get("/admin/audit", s.as(s.showAudit))
	s.app.Get("/admin/audit.jsonl", s.as(s.exportAudit))
	s.app.Get("/admin/settings", s.as(s.showWorkspace))
	s.app.Post("/admin/settings", s.own(s.updateWorkspace))

	s.app.Get("/", s.showHome)
	s.app.Get("/c", s.as(s.showChannels))
	s.app.Post("/c", s.own(s.createChannel))
	s.app.Get("/c/:slug", s.as(s.moved(s.showChannel)))
	s.app.Post("/c/:slug/messages", s.own(s.createMessage))
	s.app.Get("/c/:slug/people", s.as(s.moved(s.showMembers)))
	s.app.Post("/c/:slug/people", s.own(s.addMember))
	s.app.Post("/c/:slug/people/:id/remove", s.as(s.removeMember))
	s.app.Post("/c/:slug/bans", s.own(s.banMember))
	s.app.Post("/c/:slug/bans/:id/lift", s.as(s.unbanMember))
	s.app.Post("/c/:slug/join", s.as(s.joinChannel))
	s.app.Post("/c/:slug/leave", s.as(s.leaveChannel))
	s.app.Post("/c/:slug/mine", s.as(s.updatePreferences))
	s.app.Post("/c/:slug/hide", s.as(s.hideChannel))
	s.app.Get("/c/:slug/settings", s.as(s.moved(s.showChannelSettings)))
	s.app.Post("/c/:slug/settings", s.own(s.updateChannel))
	s.app.Post("/c/:slug/archive", s.as(s.archiveChannel))
	s.app.Post("/c/:slug/restore", s.as(s.restoreChannel))
	s.app.Get("/c/:slug/delete", s.as(s.moved(s.showDeleteChannel)))
	s.app.Post("/c/:slug/delete", s.as(s.deleteChannel))
	s.app.Get("/c/:slug/:seq", s.as(s.moved(s.showMessage)))
	s.app.Get("/c/:slug/:seq/edit", s.as(s.showEdit))
	s.app.Post("/c/:slug/:seq/edit", s.own(s.updateMessage))
	s.app.Get("/c/:slug/:seq/delete", s.as(s.showDelete))
	s.app.Post("/c/:slug/:seq/delete", s.own(s.deleteMessage))
	s.app.Get("/c/:slug/:seq/report", s.as(s.showReport))
	s.app.Post("/c/:slug/:seq/report", s.own(s.createReport))

	s.app.Get("/d", s.as(s.showDirect))
	s.app.Post("/d", s.own(s.createDirect))
	s.app.Get("/me/blocks", s.as(s.showBlocks))
	s.app.Post("/me/blocks", s.own(s.createBlock))
	s.app.Post("/me/blocks/:id/remove", s.as(s.deleteBlock))

	s.app.Get("/f/:id/thumb", s.small(s.serveThumb))
	s.app.Get("/f/:id/:name", s.small(s.serveFile))

	s.app.Get(livePath, s.serveLive)
}

// Serve answers requests until Shutdown.
func (s *Server) Serve(ln net.Listener) error { return s.app.Listener(ln) }

// Shutdown ends the sockets with 1012, takes no new requests, and waits for those under way, until ctx ends. Forms
// and files that are still coming after a second are given up.
// The chat may be closed after it.
func (s *Server) Shutdown(ctx context.Context) error {
	s.Chat.Disconnect()
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

// RenderRow appends a message's row, the same for every reader: what chat.Options asks for.
func RenderRow(b []byte, m chat.Message) []byte { return views.AppendRow(b, m) }
