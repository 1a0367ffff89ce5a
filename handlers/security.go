package handlers

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// Limits of a request. The read timeout covers headers and small bodies; uploads and downloads extend their own
// deadlines while bytes move.
const (
	maxHeaders   = 8 << 10
	writeBuffer  = 12 << 10 // a compressed channel page fits one write
	readTimeout  = 30 * time.Second
	writeTimeout = 60 * time.Second // for a piece of a file
	idleTimeout  = 2 * time.Minute
)

// contentPolicy lets pages load from this server only, run no inline script or style, and be shown in no frame.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"media-src 'self'; connect-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *Server) config() fiber.Config {
	trusted := make([]string, len(s.TrustedProxies))
	for i, p := range s.TrustedProxies {
		trusted[i] = p.String()
	}
	return fiber.Config{
		DisableStartupMessage: true,
		CaseSensitive:         true,
		ErrorHandler:          s.handleError,

		// Uploads are read as a stream. This disables Fiber's own limit: readForm has ours, and drainBody keeps unread bytes
		// from being parsed as the next request.
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,

		ReadBufferSize:  maxHeaders,
		WriteBufferSize: writeBuffer,
		ReadTimeout:     readTimeout,
		WriteTimeout:    stalledAnswer,
		IdleTimeout:     idleTimeout,

		EnableTrustedProxyCheck: true,
		TrustedProxies:          trusted,
	}
}

// secure reports whether clients reach the server over TLS, its own or a proxy's.
func (s *Server) secure() bool { return s.TLS || strings.HasPrefix(s.PublicURL, "https://") }

// hardening are the headers of every answer.
var hardening = [...][2][]byte{
	{[]byte(fiber.HeaderContentSecurityPolicy), []byte(contentPolicy)},
	{[]byte(fiber.HeaderXContentTypeOptions), []byte("nosniff")},
	{[]byte(fiber.HeaderXFrameOptions), []byte("DENY")},
	{[]byte(fiber.HeaderReferrerPolicy), []byte("same-origin")},
	{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
	{[]byte("Cross-Origin-Resource-Policy"), []byte("same-origin")},
	{[]byte(fiber.HeaderCacheControl), []byte("no-store")}, // pages belong to one user, at one moment
}

// setSecurityHeaders sets the headers of every answer. Handlers loosen them where their content needs it.
func (s *Server) setSecurityHeaders(c *fiber.Ctx) {
	for _, h := range hardening {
		c.Response().Header.SetCanonical(h[0], h[1])
	}
	if s.secure() && s.HSTS > 0 { // it applies to every port of the host
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age="+strconv.Itoa(int(s.HSTS.Seconds())))
	}
}

// checkOrigin prepares every request, and refuses those that another site's page sent: every method except GET and
// HEAD, and the socket. It also refuses requests with two lengths, or for another host. Browsers send the origin of a
// request; other programs, which send none, are not tricked into sending a user's cookie.
func (s *Server) checkOrigin(c *fiber.Ctx) error {
	s.setSecurityHeaders(c)
	s.readTheme(c)
	s.adopt(c)
	if hasConflictingLength(c.Request().Header.RawHeaders()) {
		c.Context().SetConnectionClose()
		return fiber.ErrBadRequest
	}
	if s.misdirected(c) {
		return fiber.ErrMisdirectedRequest
	}
	if s.isCrossOrigin(c) {
		reason := "refused: the page that sent it is of another host"
		if u, err := url.Parse(c.Get(fiber.HeaderOrigin)); err == nil && hostName(u.Host) == hostName(hostOf(c)) {
			reason = "refused: the page that sent it is of another port or scheme. Does the proxy pass on Host with its port?"
		}
		s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, reason)
		return chat.Errorf(chat.CodeForbidden, "Another site tried to do this in your name. Nothing was changed.")
	}
	return c.Next()
}

// hasConflictingLength reports whether a request gives its length in two ways. A proxy that uses the other one would
// take part of the body for the next request, which may be another user's (request smuggling). fasthttp prefers
// Transfer-Encoding and hides Content-Length: only the raw headers show both.
func hasConflictingLength(headers []byte) bool {
	length, encoding := false, false
	for line := range bytes.Lines(headers) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		length = length || bytes.EqualFold(name, []byte(fiber.HeaderContentLength))
		encoding = encoding || bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding))
	}
	return length && encoding
}

func (s *Server) isCrossOrigin(c *fiber.Ctx) bool {
	method := c.Method()
	socket := c.Path() == livePath || websocket.FastHTTPIsWebSocketUpgrade(c.Context())
	if !socket && (method == fiber.MethodGet || method == fiber.MethodHead) {
		return false // they change nothing
	}
	if socket {
		method = fiber.MethodPost // a handshake is a GET, but opens a channel in both directions
	}
	origin := strings.Clone(c.Get(fiber.HeaderOrigin))
	r := http.Request{Method: method, Host: hostOf(c), Header: http.Header{}}
	r.Header.Set("Sec-Fetch-Site", strings.Clone(c.Get("Sec-Fetch-Site")))
	r.Header.Set(fiber.HeaderOrigin, origin)
	if s.crossOrigin.Check(&r) != nil {
		return true
	}
	if socket && origin != "" && origin != s.PublicURL {
		u, err := url.Parse(origin)
		// the browser is more reliable than a proxy that drops the port
		if err == nil && c.Get("Sec-Fetch-Site") == "same-origin" {
			return hostName(u.Host) != hostName(r.Host)
		}
		return err != nil || u.Host != r.Host
	}
	return false
}

// prefetched reports whether the user may never see the answer: the browser prefetches, or another page requests a
// subresource.
func prefetched(c *fiber.Ctx) bool {
	if strings.Contains(c.Get("Sec-Purpose"), "prefetch") || c.Get("Purpose") == "prefetch" ||
		c.Get("X-Moz") == "prefetch" {
		return true
	}
	site, mode := c.Get("Sec-Fetch-Site"), c.Get("Sec-Fetch-Mode")
	return (site == "cross-site" || site == "same-site") && mode != "navigate" || c.Method() == fiber.MethodHead
}

// address returns the client's address: the right-most entry of X-Forwarded-For that is no trusted proxy's. Entries to
// its left are the client's own claim.
func (s *Server) address(c *fiber.Ctx) netip.Addr {
	addr, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.Addr{}
	}
	addr = addr.Unmap()
	var forwarded []string
	for _, header := range c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		forwarded = append(forwarded, strings.Split(string(header), ",")...)
	}
	for i := len(forwarded) - 1; i >= 0 && s.trusted(addr); i-- {
		if strings.TrimSpace(forwarded[i]) == "" { // RFC 9110, 5.6.1.2: empty elements are ignored
			continue
		}
		next, ok := forwardedAddr(forwarded[i])
		if !ok {
			break
		}
		addr = next
	}
	return addr
}

// forwardedAddr parses an entry of X-Forwarded-For as proxies write it: an address, or one with a port, in brackets or
// in quotes.
func forwardedAddr(text string) (netip.Addr, bool) {
	text = strings.TrimSuffix(strings.Trim(strings.TrimSpace(text), `"`), ":") // a port may be empty
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		if inner, ok = strings.CutSuffix(inner, "]"); !ok || !strings.Contains(inner, ":") {
			return netip.Addr{}, false
		}
		text = inner
	}
	addr, err := netip.ParseAddr(text)
	return addr.Unmap().WithZone(""), err == nil
}

func (s *Server) trusted(addr netip.Addr) bool {
	for _, p := range s.TrustedProxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// localPath returns next if it is a path on this server, and "/" if a browser could read it as anything else.
func localPath(next string) string {
	for _, r := range next {
		if r < ' ' || r == 0x7f || r == '\\' { // browsers drop tabs and line breaks, and read \ as /
			return "/"
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Opaque != "" || u.Host != "" || u.User != nil ||
		!strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	if path, _, _ := strings.Cut(u.Path[1:], "/"); path == "signin" || path == "signout" || path == "live" ||
		path == "owner" || path == "link" || path == "reset" || path == "recover" {
		return "/"
	}
	return u.String()
}
