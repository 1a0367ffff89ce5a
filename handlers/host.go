package handlers

import (
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/idna"
)

// hostOf returns the request's Host header. X-Forwarded-Host is ignored: proxies pass on the client's.
func hostOf(c *fiber.Ctx) string { return strings.Clone(string(c.Request().Host())) }

// hostName returns a host without its port, in lower case: "[::1]:8080" becomes "::1".
func hostName(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if rest, ok := strings.CutPrefix(host, "["); ok {
		if number, port, ok := strings.Cut(rest, "]"); ok && (port == "" || port[0] == ':') {
			return number
		}
		return ""
	}
	if name, _, ok := strings.Cut(host, ":"); ok && strings.Count(host, ":") == 1 {
		return strings.TrimSuffix(name, ".")
	}
	return host
}

// hosts are the host names of the server. Under any other name a request is refused: an attacker's name can resolve to
// this address for a moment, and the attacker's page would then share our origin and read ours with the visitor's
// cookies (DNS rebinding).
type hosts struct {
	names   []string // in lower case, without ports
	numbers bool     // IP addresses too: no name resolves to them in a browser
}

// newHosts returns the names of a server: the host of its public URL, or else its names on the local network; and more.
func newHosts(publicURL string, more []string) hosts {
	h := hosts{}
	for _, name := range more {
		h.names = append(h.names, hostName(name))
	}
	if u, err := url.Parse(publicURL); err == nil && publicURL != "" {
		h.names = append(h.names, hostName(u.Host))
		return h
	}
	h.numbers, h.names = true, append(h.names, "localhost")
	if name, err := os.Hostname(); err == nil && name != "" {
		if ascii, err := idna.Lookup.ToASCII(name); err == nil { // as browsers send it
			name = ascii
		}
		name = strings.ToLower(name)
		short, _, _ := strings.Cut(name, ".")
		h.names = append(h.names, name, short, short+".local")
	}
	return h
}

// have reports whether a Host header names the server.
func (h hosts) have(host string) bool {
	if _, err := netip.ParseAddr(hostName(host)); err == nil && h.numbers {
		return true
	}
	return h.named(host)
}

// named is have, but of IP addresses only the public URL's: any other may be a server elsewhere.
func (h hosts) named(host string) bool {
	name := hostName(host)
	return slices.Contains(h.names, name) || h.numbers && strings.HasSuffix(name, ".localhost")
}

// misdirected reports whether the request was meant for another server. Health checks and public assets are allowed
// under any name.
func (s *Server) misdirected(c *fiber.Ctx) bool {
	switch path := c.Path(); {
	case s.hosts.have(hostOf(c)), path == "/healthz", path == "/readyz", path == "/favicon.ico",
		strings.HasPrefix(path, "/assets/"):
		return false
	}
	s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "refused: the request names another host than --url and --hosts")
	return true
}

// elsewhere returns the message for a request under another name: what to open instead.
func (s *Server) elsewhere(c *fiber.Ctx) string {
	if s.PublicURL != "" {
		return "This Chit-Chat is at " + s.PublicURL + ". Open it there."
	}
	return "This Chit-Chat does not know itself by the name “" + sanitizeEcho(cut(hostOf(c), 100)) +
		"”. Whoever runs it can add the name with --hosts, or say with --url which address people use."
}

// cut returns the beginning of a text, for a log or a page.
func cut(text string, bytes int) string {
	if len(text) > bytes {
		return text[:bytes] + "…"
	}
	return text
}
