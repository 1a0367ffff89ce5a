package handlers

import (
	"net/url"
	"testing"
)

func TestUsers(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	bob, eve := s.signedIn("Bob"), s.signedIn("Eve")
	path := "/admin/people/" + bob.actor().ID.String()
	ada.get("/admin/people").want(200, "Bob", "Role of Bob", "Deactivate Bob").wantNot("Role of Ada", "Deactivate Ada")
	ada.get("/admin/people?q=eve").want(200, "Role of Eve").wantNot("Role of Bob")
	bob.get("/admin/people").want(404)
	bob.get("/admin/roles").want(200, "You are a member", "Create channels")

	t.Run("a role changes the cookie, the pages, and what they hold", func(t *testing.T) {
		p, q := ada.in(t), bob.in(t)
		page := q.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
		before := cookies(q)
		p.post(path+"/role", url.Values{"role": {"guest"}}).to("/admin/people?done=1")
		if code := page.closed(); code == 0 {
			t.Error("the socket is open after a second")
		}
		eve.in(t).say("not for guests")
		q.get(general).want(404).wantNot("not for guests")
		q.get("/me").want(200)
		if cookies(q) == before {
			t.Error("the cookie is the same")
		}
		p.post(path+"/role", url.Values{"role": {"boss"}}).want(422, "no such role")
		p.post(path+"/role", url.Values{"role": {"owner"}}).want(403, "below your own")
		p.post("/admin/people/"+p.actor().ID.String()+"/deactivate", nil).want(403, "below your own")
		p.post(path+"/role", url.Values{"role": {"member"}}, "Sec-Fetch-Site", "cross-site").want(403)
		p.post(path+"/role", url.Values{"role": {"member"}}).to("/admin/people?done=1")
		q.get(general).want(200, "not for guests")
	})
	t.Run("deactivating is felt at once", func(t *testing.T) {
		p, q := ada.in(t), bob.in(t)
		page := q.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
		p.post(path+"/deactivate", nil).to("/admin/people?done=1")
		if code := page.closed(); code != closeSignedOut {
			t.Error(code)
		}
		q.get("/me").to("/signin?next=%2Fme")
		p.get("/admin/people?q=deactivated").want(200, "Reactivate Bob")
		p.post(path+"/role", url.Values{"role": {"guest"}}).want(403, "reactivate them first")
		s.newClient().in(t).post("/signin", url.Values{"name": {"Bob"}}).want(422)
		p.post(path+"/reactivate", nil).to("/admin/people?done=1")
	})
	t.Run("who never posted is removed at once", func(t *testing.T) {
		p, q := ada.in(t), s.signedIn("Quiet").in(t)
		quiet := "/admin/people/" + q.actor().ID.String()
		page := q.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
		p.get("/admin/people?q=quiet").want(200, "Never posted", "Remove Quiet")
		p.get("/admin/people?q=eve").want(200, "Eve").wantNot("Never posted", "Remove Eve")
		p.post("/admin/people/"+eve.actor().ID.String()+"/remove", nil).want(403, "Deactivate them instead")
		p.post(quiet+"/remove", nil).to("/admin/people?done=1")
		if code := page.closed(); code != closeSignedOut {
			t.Error(code)
		}
		q.get("/me").to("/signin?next=%2Fme")
		p.get("/admin/people?q=quiet").want(200, "Nothing was found")
		p.get("/admin/audit?action=user.removed").want(200, "Quiet")
		p.post(quiet+"/remove", nil).want(404)
	})
}
