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

// hostOf is the Host header of the request. X-Forwarded-Host is not asked: a proxy passes on what a client says there.
func hostOf(c *fiber.Ctx) string { return strings.Clone(string(c.Request().Host())) }

// hostName is a host without its port, in lower case: "[::1]:8080" is "::1".
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

// hosts are the names under which people reach the server. Under any other a page of an attacker, whose name leads to
// this address for a moment, would be of one origin with ours, and read it with the eyes of whoever opened it (DNS
// rebinding).
type hosts struct {
	names   []string // in lower case, without ports
	numbers bool     // addresses that are numbers, too: no name leads to them
}

// newHosts makes the names of a server: the host of its public address, or else what names it on its own network; and
// more.
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
	name := hostName(host)
	if _, err := netip.ParseAddr(name); err == nil && h.numbers {
		return true
	}
	return slices.Contains(h.names, name) || h.numbers && strings.HasSuffix(name, ".localhost")
}

// misdirected reports whether the request was meant for another server. Those who ask after the program's health name
// it as they like, and what is the same for everyone may be read under any name.
func (s *Server) misdirected(c *fiber.Ctx) bool {
	switch path := c.Path(); {
	case s.hosts.have(hostOf(c)), path == "/healthz", path == "/readyz", strings.HasPrefix(path,
		"/assets/"), path == "/favicon.ico":
		return false
	}
	s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "refused: the request names another host than --url and --hosts")
	return true
}

// elsewhere says to someone who came under another name what to open instead.
func (s *Server) elsewhere(c *fiber.Ctx) string {
	if s.PublicURL != "" {
		return "This Chit-Chat is at " + s.PublicURL + ". Open it there."
	}
	return "This Chit-Chat does not know itself by the name “" + sanitizeEcho(cut(hostOf(c), 100)) +
		"”. Whoever runs it can add the name with --hosts, or say with --url which address people use."
}

// cut is the beginning of a text, for a log or a page.
func cut(text string, bytes int) string {
	if len(text) > bytes {
		return text[:bytes] + "…"
	}
	return text
}
