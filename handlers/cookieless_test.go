package handlers

import (
	"net/url"
	"regexp"
	"testing"

	"chitchat/chat"
)

var proofPattern = regexp.MustCompile(`name="form" value="([A-Z2-7]{26})"`)

func proof(t *testing.T, a response) string {
	t.Helper()
	m := proofPattern.FindStringSubmatch(a.want(200).body)
	if m == nil {
		t.Fatal("no secret in the form", a.excerpt())
	}
	return m[1]
}

// TestNothingIsMadeForWhoKeepsNoCookie: over http:// a browser drops the cookies of an https:// address. Without the
// check the name was taken and its owner saw an empty form again; the next attempt was refused because the name was in
// use.
func TestNothingIsMadeForWhoKeepsNoCookie(t *testing.T) {
	const publicURL = "https://chat.example.com"
	s := newTestServer(t, func(o *Options) { o.PublicURL = publicURL })
	insecure := s.newClient() // its jar is a browser's: what is Secure does not go to http://
	form := url.Values{"name": {"Adalooped"}, "form": {proof(t, insecure.get("/signin"))}}
	for range 2 {
		insecure.post("/signin", form).want(422, "Nothing was done", "open "+publicURL, `value="Adalooped"`)
	}
	if id, err := s.Chat.Accounts.UserIDByName(t.Context(), "Adalooped"); err != nil || id != 0 {
		t.Errorf("the name is taken by %v: %v", id, err)
	}

	owner, err := s.Chat.Accounts.CreateSetupLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := ownership("name", "Olga")
	f.Set("form", proof(t, insecure.get("/owner/"+owner)))
	insecure.post("/owner/"+owner, f).want(422, "Nothing was done")
	boss, err := s.Chat.Accounts.ClaimWorkspace(t.Context(), chat.Actor{}, owner,
		chat.Workspace{Name: "Here", JoinPolicy: chat.JoinOpen}, "Olga", goodPassword)
	if err != nil {
		t.Fatal("the owner's link is used up:", err)
	}
	link, err := s.Chat.Accounts.CreateDeviceLink(t.Context(), boss)
	if err != nil {
		t.Fatal(err)
	}
	insecure.post("/link/"+link, url.Values{"form": {proof(t, insecure.get("/link/"+link))}}).want(422, "Nothing was done")
	insecure.get("/link/" + link).want(200)
	reset, err := s.Chat.Accounts.CreatePasswordResetFromServer(t.Context(), "Olga")
	if err != nil {
		t.Fatal(err)
	}
	insecure.post("/reset/"+reset,
		url.Values{"password": {"another good one"}, "form": {proof(t, insecure.get("/reset/"+reset))}}).
		want(422, "Nothing was done")
	insecure.get("/reset/" + reset).want(200)
	_, invitation, err := s.Chat.Admin.CreateInvitation(t.Context(), boss,
		chat.NewInvitation{Role: chat.RoleMember, Lifetime: chat.LinkLifetime, MaxUses: 1})
	if err != nil {
		t.Fatal(err)
	}
	insecure.post("/i/"+invitation, url.Values{"name": {"Invited"}, "form": {proof(t, insecure.get("/i/"+invitation))}}).
		want(422, "Nothing was done")
	insecure.get("/i/"+invitation).want(200, "Come in")
}

// TestFormsComeInWhereCookiesAreKept is the opposite case.
func TestFormsComeInWhereCookiesAreKept(t *testing.T) {
	s := newTestServer(t)
	p := s.newClient()
	p.post("/signin", url.Values{"name": {"Ada"}, "form": {proof(t, p.get("/signin"))}}).to(general)
	link := link(t, p.post("/me/link", nil))
	phone := s.newClient()
	phone.post(link, url.Values{"form": {proof(t, phone.get(link))}}).to(general)
}
