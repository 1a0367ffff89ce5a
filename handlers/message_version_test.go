package handlers

import (
	"maps"
	"net/url"
	"strings"
	"testing"
)

// What a message said before is a page, and a card for the dialog; "(edited)" in the row leads there.
func TestMessageHistory(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.post(general+"/messages", url.Values{"body": {"**one** <i>"}}).want(303)
	at := general + "/1"
	ada.get(at).want(200).wantNot("(edited)")
	bob.get(at+"/history").want(200, "was never changed")
	ada.post(at+"/edit", url.Values{"body": {"two"}}, asHTMX...).
		want(200, `<small><a href="`+at+`/history">(edited)</a></small>`)
	ada.post(at+"/edit", url.Values{"body": {"- three"}}, asHTMX...).
		want(200, `<small><a href="`+at+`/history">(edited)</a></small></div>`)
	page := bob.get(at+"/history").want(200, "<html", "<strong>one</strong> &lt;i&gt;", "two", "three", "Ada")
	bob.get(at+"/history", asHTMX...).want(200, "<strong>one</strong>", "two", `method="dialog"`).
		wantNot("<html", "three")
	if newest, oldest := strings.Index(page.body, "two"), strings.Index(page.body, "<strong>one"); newest > oldest {
		t.Error("not newest first:", newest, oldest)
	}
	bob.get(at + "/history?before=x").want(404)
	bob.get(general + "/2/history").want(404)
	ada.post(at+"/delete", nil).want(303)
	bob.get(at + "/history").want(404)
}

// The owner can hide all earlier versions: the settings say so, and their pages are not found. Rows stay as they are.
func TestMessageHistoryCanBeHidden(t *testing.T) {
	s := newTestServer(t)
	owner, ada := s.own("Olga", "open"), s.signedIn("Ada")
	set := func(more url.Values) {
		t.Helper()
		form := url.Values{"workspace": {"The Works"}, "access": {"open"}}
		maps.Copy(form, more)
		owner.post("/admin/settings", form).want(303)
	}
	owner.get("/admin/settings").want(200, `value="everyone" checked`)
	ada.post(general+"/messages", url.Values{"body": {"one"}}).want(303)
	ada.post(general+"/1/edit", url.Values{"body": {"two"}}).want(303)
	set(url.Values{"versions": {"nobody"}})
	owner.get("/admin/settings").want(200, `value="nobody" checked`)
	ada.get(general+"/1/history").want(404, "Earlier versions of messages are not shown").wantNot(">one<")
	ada.get(general+"/1").want(200, "(edited)")
	set(nil) // a form from before the setting changes nothing of it
	ada.get(general + "/1/history").want(404)
	set(url.Values{"versions": {"everyone"}})
	ada.get(general+"/1/history").want(200, "one")
	owner.get("/admin/audit").want(200, "earlier versions for nobody", "earlier versions for everyone")
}
