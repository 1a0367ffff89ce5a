package handlers

import (
	"net/url"
	"testing"
)

func TestPasskeysNeedAName(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get("/signin").to(general)
	s.newClient().get("/signin").want(200).wantNot("/signin/passkey") // the address is a number
	s.newClient().get("/signin", "Host", "localhost:8080").want(200, "/signin/passkey")
	s.newClient().get("/signin", "Host", "chat.localhost").want(200).wantNot("/signin/passkey")
	s.newClient().post("/signin/passkey", nil).want(403)
	ada.post("/me/passkeys/new", nil).want(403, `role="alert">Passkeys need HTTPS`)
	ada.get("/me/passkeys").want(200, "--url")

	s = newTestServer(t, func(o *Options) { o.PublicURL = "https://chat.example.com" })
	p := s.newClient()
	p.get("/signin").want(200, "/signin/passkey")
	p.post("/signin/passkey", url.Values{"next": {"/me"}}).
		want(200, `data-passkey="get"`, "chat.example.com", `value="/me"`)
	p.post("/signin/passkey/finish", url.Values{"state": {"x"}, "response": {"{}"}, "next": {"/me"}}).
		want(422, "did not work", `value="/me"`)
	p.post("/signin/two-factor/passkey", nil).to("/signin")
}
