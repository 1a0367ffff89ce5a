package handlers

import (
	"net/http"
	"net/url"
	"testing"
)

// Addresses of earlier versions lead to those of today, on this server alone, and forms are sent again as they were.
func TestRenamedAddresses(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	for old, now := range map[string]string{
		"/signin/second?next=%2Fme":    "/signin/two-factor?next=%2Fme",
		"/me/second":                   "/me/two-factor",
		"/recover/" + token:            "/reset/" + token,
		"/admin/recovery":              "/admin/reset-access",
		"/c/people/people?q=a%26b":     "/c/people/members?q=a%26b",
		"/c/a%2Fb/mine":                "/c/a%2Fb/preferences",
		"/c/%2F%2Fevil.example/people": "/c/%2F%2Fevil.example/members",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if a := ada.send(method, old, nil); a.StatusCode != 308 || a.Header.Get("Location") != now {
				t.Errorf("%s %s: %d to %q, want %q", method, old, a.StatusCode, a.Header.Get("Location"), now)
			}
		}
	}
	ada.get("//signin/second").want(404)
	ada.post(general+"/preferences", url.Values{"notify": {"all"}}).want(303)
}
