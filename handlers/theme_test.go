package handlers

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

// The theme belongs to the browser: its pages have it from their first byte, signed out too, and cached pages of other
// themes do not.
func TestThemeIsOfTheBrowser(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	choose := func(theme string) *http.Cookie {
		t.Helper()
		a := ada.post("/me/theme", url.Values{"theme": {theme}}).want(303)
		for _, c := range a.Cookies() {
			if c.Name == "chitchat-theme" {
				if a.Header.Get("Location") != "/me" || c.Path != "/" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
					t.Errorf("%q leads to %s with %v", theme, a.Header.Get("Location"), c)
				}
				return c
			}
		}
		t.Fatalf("no cookie for %q", theme)
		return nil
	}
	ada.get(general).want(200).wantNot("data-theme")
	for _, theme := range []string{"dark", "light"} {
		if c := choose(theme); c.Value != theme || c.MaxAge != int((365*24*time.Hour).Seconds()) {
			t.Errorf("%q is kept as %v", theme, c)
		}
		attribute := `data-theme="` + theme + `"`
		for range 2 { // rendered, and cached
			ada.get(general).want(200, attribute)
			bob.get(general).want(200).wantNot("data-theme")
		}
		ada.get("/me").want(200, attribute, `value="`+theme+`" checked`)
		ada.get("/c/none").want(404, attribute)
	}
	for _, theme := range []string{"", `dark"`, "blue"} {
		choose("dark")
		if c := choose(theme); c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("%q is kept as %v", theme, c)
		}
		ada.get(general).want(200).wantNot("data-theme")
	}
	s.newClient().get("/signin", "Cookie", "chitchat-theme=dark").want(200, `data-theme="dark"`)
	s.newClient().get("/signin", "Cookie", "chitchat-theme=blue").want(200).wantNot("data-theme")
}
