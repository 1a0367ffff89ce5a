package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chitchat/chat"
)

var foundPattern = regexp.MustCompile(`(?s)<div class="found">.*?</div>`)

// The switcher is a page with a form and links, and a fragment for the dialog, both with the same results.
func TestSwitch(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Zoë")
	ch := ada.newChannel("Design crew", chat.Public)
	ada.post("/c/"+ch.Slug+"/messages", url.Values{"body": {"news"}}).want(303)
	page := bob.get("/switch?q=dsgn").want(200, "<!doctype", `value="dsgn"`, `href="/c/design-crew"`, "1 result",
		" unread", `method="get" action="/switch"`)
	fragment := bob.get("/switch?q=dsgn", asHTMX...).want(200).wantNot("<!doctype")
	if got := foundPattern.FindString(fragment.body); got == "" || got != foundPattern.FindString(page.body) {
		t.Errorf("the page has other results than the fragment:\n%s\n%s", page.body, fragment.body)
	}
	if found := foundPattern.FindString(bob.get("/switch").want(200).body); !strings.Contains(found, "/c/design-crew") ||
		strings.Contains(found, "/saved") {
		t.Error("without a query it finds", found)
	}
	bob.get("/switch?q=svd").want(200, `<a href="/saved"><svg`)
	bob.get("/switch?q=%3Cb%3E%00%ff").want(200, "Nothing that you see", "&lt;b&gt;").wantNot("<b>\ufffd")

	// A person is a form that starts the conversation, and then a link to it.
	ada.get("/switch?q=zoe").want(200, "Zoë", `action="/d"`, `name="with" value="`+bob.actor().ID.String()+`"`)
	to := ada.post("/d", url.Values{"with": {bob.actor().ID.String()}}).want(303).Header.Get("Location")
	ada.get("/switch?q=zoe").want(200, `href="`+to+`"`).wantNot(`name="with"`)
}

// Every page that the switcher offers is there for everyone to whom it is offered, and what is not is not offered.
func TestSwitchOffers(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	for _, w := range []viewer{guest, member, owner} {
		p := c.clients[w]
		for _, o := range offers {
			path, _, _ := strings.Cut(o.path, "#")
			found := foundPattern.FindString(p.get("/switch?q=" + url.QueryEscape(o.name)).want(200).body)
			offered := strings.Contains(found, `href="`+o.path+`">`)
			if may := o.may == "" || p.actor().Role.May(o.may); offered != may {
				t.Errorf("%s is offered to %s: %v", o.path, w, offered)
			}
			if offered {
				p.get(path).want(200)
			}
		}
	}
}

// What the sidebar leads to can be switched to as well.
func TestSwitchOffersTheSidebar(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	page := c.clients[member].get("/threads").want(200).body
	links := regexp.MustCompile(`class="sidebar-link[^"]*" href="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 8 {
		t.Fatalf("the sidebar has %q", links)
	}
	for _, l := range links {
		if !slices.ContainsFunc(offers, func(o offer) bool { return o.path == l[1] }) {
			t.Errorf("%s is not offered", l[1])
		}
	}
}
