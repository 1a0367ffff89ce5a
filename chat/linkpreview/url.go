package linkpreview

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxURLLen is the limit of the address of a link that gets a preview, in bytes.
const MaxURLLen = 2000

// Clean returns a link as previews know it: without the fragment, which names a part of the same page, and with the
// host as it is dialed. It reports whether the link may have a preview at all: http or https at their own ports, and
// without a user's name.
func Clean(link string) (string, bool) {
	if len(link) > MaxURLLen || strings.ContainsFunc(link, unicode.IsControl) {
		return "", false
	}
	u, err := url.Parse(link)
	if err != nil || !allowed(u) {
		return "", false
	}
	u.Fragment, u.RawFragment = "", ""
	host, _ := dialed(u)
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(host)
	return u.String(), true
}

// Href returns a link that Clean accepts as it is followed: as it was written, with its fragment, which some sites need
// to find the page. Only a host that is not ASCII becomes one, as browsers show names that may be mistaken for others.
func Href(link string) string {
	u, err := url.Parse(link)
	if err != nil || ascii(u.Host) {
		return link
	}
	if host, ok := dialed(u); ok {
		u.Host = host
	}
	return u.String()
}

// Host returns the name of a link's host: in ASCII for what Clean and Href return.
func Host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// dialed returns the host, with its port, that a client connects to: "chat。example" and other spellings lead to
// chat.example. It does as net/http does.
func dialed(u *url.URL) (string, bool) {
	if ascii(u.Host) {
		return u.Host, true
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	return host, err == nil
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// allowed reports whether a link, or where it redirects to, may be requested.
func allowed(u *url.URL) bool {
	if _, ok := dialed(u); !ok || u.Opaque != "" || u.User != nil || u.Hostname() == "" {
		return false
	}
	switch scheme, port := strings.ToLower(u.Scheme), u.Port(); scheme {
	case "http":
		return port == "" && !strings.HasSuffix(u.Host, ":") || port == "80"
	case "https":
		return port == "" && !strings.HasSuffix(u.Host, ":") || port == "443"
	}
	return false
}
