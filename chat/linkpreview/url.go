package linkpreview

import (
	"net/url"
	"strings"
	"unicode"
)

// MaxURLLen is the limit of the address of a link that gets a preview, in bytes.
const MaxURLLen = 2000

// Clean returns a link as previews know it: without the fragment, which names a part of the same page. It reports
// whether the link may have a preview at all: http or https at their own ports, and without a user's name.
func Clean(link string) (string, bool) {
	if len(link) > MaxURLLen || strings.ContainsFunc(link, unicode.IsControl) {
		return "", false
	}
	u, err := url.Parse(link)
	if err != nil || !allowed(u) {
		return "", false
	}
	u.Fragment, u.RawFragment = "", ""
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	return u.String(), true
}

// allowed reports whether a link, or where it redirects to, may be requested.
func allowed(u *url.URL) bool {
	if u.Opaque != "" || u.User != nil || u.Hostname() == "" {
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
