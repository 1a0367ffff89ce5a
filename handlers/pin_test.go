package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// What is pinned is on a page of the channel, to which its bar leads with their number, and a line in the channel says
// so; all without JavaScript.
func TestPinsPage(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("**one**")
	at, pins := general+"/1", general+"/pins"
	bob.get(general).want(200).wantNot(pins)
	bob.get(pins).want(200, "Nothing is pinned here").wantNot(`class="message`)
	bob.get(at).want(200, `formaction="`+at+`/pin"`)
	if to := bob.post(at+"/pin", nil).want(303).Header.Get("Location"); to != at {
		t.Error(to)
	}
	bob.post(at+"/pin", nil, asHTMX...).want(200, `<hx-partial hx-target="#notice"`, pins).wantNot("<article")
	for _, p := range []*testClient{ada, bob} {
		p.get(general).want(200, `href="`+pins+`"`, `1<span class="unit"> pinned</span>`,
			`pinned <a href="`+at+`">a message</a>.`)
		p.get(pins).want(200, "<strong>one</strong>", "Pinned by", ">Bob</bdi>", `href="`+at+`"`,
			`action="`+at+`/unpin"`)
	}
	line := rows(ada.get(general).want(200).body)[1]
	if !strings.Contains(line, `class="message line"`) || strings.Contains(line, "Ada") || !strings.Contains(line, "Bob") {
		t.Error(line)
	}
	ada.get(general+"/2").want(200).wantNot(`formaction="`+general+`/2/`, `action="`+general+`/2/`, general+"/2/report")
	for _, path := range []string{"/edit", "/delete", "/report"} {
		bob.get(general+"/2"+path).want(403, "says what was done")
		bob.post(general+"/2"+path, url.Values{"body": {"x"}, "reason": {"x"}}).want(403)
	}
	for back, want := range map[string]string{pins: pins, general + "x/pins": at, "/saved": "/saved", "": at} {
		if to := ada.post(at+"/unpin", url.Values{"back": {back}}).want(303).Header.Get("Location"); to != want {
			t.Errorf("%q leads to %q, want %q", back, to, want)
		}
	}
	ada.get(general).want(200).wantNot(`href="` + pins + `"`)
	ada.get(pins).want(200, "Nothing is pinned here")
	ada.get(pins + "?before=x").want(404)

	bob.post(at+"/pin", nil).want(303)
	ada.post(at+"/delete", nil).want(303)
	ada.get(general).want(200, "pinned a message that was deleted since.").wantNot(`href="`+pins+`"`, "a message</a>")
}

// A warm channel's page asks nothing about its pins.
func TestPinsCostNoQuery(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.say("one")
	ada.post(general+"/1/pin", nil).want(303)
	ada.get(general).want(200)
	s.queries.cut()
	ada.get(general).want(200, `1<span class="unit"> pinned`)
	for _, query := range s.queries.cut() {
		if strings.Contains(query, "FROM pins") || strings.Contains(query, "FROM messages") {
			t.Error(query)
		}
	}
	ada.get(general+"/pins").want(200, "one")
	if asked := strings.Join(s.queries.cut(), "\n"); !strings.Contains(asked, "FROM pins") {
		t.Error("a test that finds nothing proves nothing:", asked)
	}
}
