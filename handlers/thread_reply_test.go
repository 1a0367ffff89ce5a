package handlers

import (
	"net/url"
	"strings"
	"testing"
)

// A reply to a message that is not there any more, or never was, is refused with the reason, and its text is kept: in
// the form, or without JavaScript in the channel's composer.
func TestReplyToNothingKeepsTheText(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("root")
	ada.post(general+"/1/delete", nil).want(303)
	const gone = "The message that you replied to is not there any more. Nothing was sent"
	for _, root := range []string{"1", "2", "0", "-1", "x", "1/1", "99999999999999999999"} {
		form := url.Values{"body": {"my <words>"}, "thread": {root}, "also": {"1"}, "client_id": {"a"}}
		bob.post(general+"/messages", form, asHTMX...).want(404, gone).wantNot("<textarea")
		a := bob.post(general+"/messages", form).want(422, gone)
		if text, _ := draftIn(a); text != "my &lt;words&gt;" {
			t.Errorf("of a reply to %q, %q is kept", root, text)
		}
		if strings.Contains(a.body, `name="thread"`) {
			t.Errorf("the form of a reply to %q would be refused again", root)
		}
	}
	a := bob.upload(general+"/messages", nil, part{"body", "", "with it"}, part{"thread", "", "1"},
		part{"file", "a.txt", "hello"}).want(422, gone, "a.txt")
	kept := keptPattern.FindStringSubmatch(a.body)
	if kept == nil {
		t.Fatal("the file is lost:", a.excerpt())
	}
	if n := len(rows(bob.get(general).want(200).body)); n != 1 {
		t.Errorf("%d rows are in the channel", n)
	}
	bob.post(general+"/messages", url.Values{"body": {"with it"}, "kept": {kept[1]}}).want(303)
	bob.get(general).want(200, "with it", "a.txt")
}
