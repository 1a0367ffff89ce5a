package handlers

import (
	"net/url"
	"testing"
)

// The list of keys is a page and a fragment; its form switches single letters off and on, for all of the user's
// devices.
func TestKeys(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.get("/me").want(200, `href="/keys"`)
	ada.get("/keys").want(200, "<!doctype", "<kbd>Ctrl</kbd>", "Mark unread from here", `data-letters="true"`,
		`name="letters" value="1" checked`)
	ada.post("/me/keys", nil).to("/keys?saved=1")
	ada.get("/keys?saved=1").want(200, "Saved", `data-letters="false"`).wantNot("checked")
	ada.get("/keys", asHTMX...).want(200, `data-letters="false"`, `class="off"`).wantNot("<!doctype")
	bob.get("/keys").want(200, `data-letters="true"`)
	ada.post("/me/keys", url.Values{"letters": {"1"}}).to("/keys?saved=1")
	ada.get("/keys").want(200, `data-letters="true"`)
}
