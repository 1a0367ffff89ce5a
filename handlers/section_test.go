package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// The sidebar's buttons lead back to the page that they were on, if it is one of this server.
func TestFoldReturns(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	for from, want := range map[string]string{
		s.url + "/c/general-talk?before=9":      "/c/general-talk?before=9",
		s.url + "/sidebar":                      "/sidebar",
		s.url + "//elsewhere.example/c":         "/",
		s.url + "/signout":                      "/",
		"mailto:someone@elsewhere.example":      "/",
		"https://elsewhere.example/c/elsewhere": "/c/elsewhere", // only its path counts
		"":                                      "/",
	} {
		ada.post("/sidebar", url.Values{"fold": {"2"}}, "Referer", from).to(want)
	}
	ada.get(general).want(200, `name="unfold" value="2" aria-expanded="false"`, "channels brief").wantNot("New channel")
	if a := ada.post("/sidebar", url.Values{"unfold": {"2"}}, asHTMX...).want(204); a.body != "" {
		t.Errorf("htmx gets %q", a.body)
	}
	ada.get(general).want(200, `name="fold" value="2" aria-expanded="true"`, "New channel").wantNot("channels brief")
}

// A form with the sections of all conversations changes those that its user has changed: others may have been moved
// since the page was made. A channel's own settings have its section too.
func TestPlaceConversations(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get("/c/general-talk/settings").want(200, `href="/sidebar"`).wantNot(`id="section"`)
	ada.post("/sections", url.Values{"name": {" Work <b> "}}).to("/sidebar?saved=1")
	ada.post("/sections", url.Values{"name": {"work <b>"}}).want(422, "You have a section called", "work &lt;b&gt;")
	sidebar, err := s.Chat.Channels.Sidebar(t.Context(), ada.actor())
	if err != nil {
		t.Fatal(err)
	}
	channel, work := sidebar.Channels[0].ID.String(), sidebar.Sections[1].ID.String()
	in := func(want string) {
		t.Helper()
		now, err := s.Chat.Channels.Sidebar(t.Context(), ada.actor())
		if err != nil {
			t.Fatal(err)
		}
		if got := now.SectionOf(&now.Channels[0]).String(); got != want {
			t.Errorf("it is in %s, want %s", got, want)
		}
	}
	place := func(was, to string) response {
		return ada.post("/sidebar/conversations", url.Values{channel + "." + was: {to}})
	}
	place("2", work).to("/sidebar?saved=1")
	in(work)
	place("2", "2").to("/sidebar?saved=1") // of an older page
	in(work)
	place("2", "4").want(404)
	place("2", "x-x").want(404)
	in(work)
	ada.get("/c/general-talk/settings").want(200, `<option value="`+work+`" selected>Work &lt;b&gt;</option>`)
	ada.post("/c/general-talk/preferences", url.Values{"notify": {"all"}, "section": {""}}).want(303)
	in("2")
	ada.post("/c/general-talk/preferences", url.Values{"notify": {"all"}, "section": {work}, "favourite": {"1"}}).want(303)
	in("1")
	ada.post("/c/general-talk/preferences", url.Values{"notify": {"all"}, "section": {work}}).want(303)
	in(work)
	ada.post("/c/general-talk/preferences", url.Values{"notify": {"all"}, "section": {"x-x"}}).want(404)

	at := "/sections/" + work
	ada.post(at, url.Values{"name": {" "}, "sort": {"name"}}).want(422, "Please give a name", `id="section-fault"`)
	ada.post(at, url.Values{"name": {"Play"}, "sort": {"age"}}).want(422, "Choose an order")
	ada.post(at, url.Values{"name": {"Play"}, "sort": {"unread"}, "folded": {"1"}}).to("/sidebar?saved=1")
	ada.post(at+"/move", url.Values{"before": {"0"}}).to("/sidebar?saved=1")
	page := ada.get("/sidebar").want(200, `<option value="unread" selected>`).body
	if strings.Index(page, `value="Play"`) < strings.Index(page, "<b>Direct messages</b>") {
		t.Error("it is not the last one")
	}
	ada.post(at+"/delete", nil).to("/sidebar?saved=1")
	in("2")
}
