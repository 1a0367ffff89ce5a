package handlers

import (
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

// threadDraftIn returns the text and the draft that a thread's composer holds.
func threadDraftIn(a response) (text, saved string) {
	_, pane, _ := strings.Cut(a.body, `<form id="thread-composer"`)
	if _, after, found := strings.Cut(pane, `name="draft" value="`); found {
		saved, _, _ = strings.Cut(after, `"`)
	}
	_, text, _ = strings.Cut(pane, `<textarea id="thread-body"`)
	_, text, _ = strings.Cut(text, ">\n")
	text, _, _ = strings.Cut(text, "</textarea>")
	return text, saved
}

func (p *testClient) wantThreadDraft(path, text, saved string) {
	p.t.Helper()
	for _, headers := range [][]string{nil, nil, asHTMX} { // the second time from the cache
		if got, id := threadDraftIn(p.get(path, headers...).want(200)); got != text || id != saved {
			p.t.Errorf("the composer of %s holds %q of %q, want %q of %q", path, got, id, text, saved)
		}
	}
}

// One writes a reply on one device, and finds it in the thread's composer on another.
func TestDraftOfAThread(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.say("root")
	const thread = general + "/1/thread"
	save := func(body, form string) {
		t.Helper()
		ada.post(general+"/draft", url.Values{"body": {body}, "client_id": {form}, "thread": {"1"}}, asHTMX...).want(204)
	}
	ada.wantThreadDraft(thread, "", "")
	save("a rep", "laptop")
	save("a reply <b>", "laptop")
	ada.post(general+"/draft", url.Values{"body": {"of the channel"}, "client_id": {"c"}}, asHTMX...).want(204)
	ada.wantThreadDraft(thread, "a reply &lt;b&gt;", "laptop")
	ada.wantDraft(general, "of the channel", "c")
	if text, saved := draftIn(ada.get(thread).want(200)); text != "of the channel" || saved != "c" {
		t.Errorf("beside the thread the channel's composer holds %q of %q", text, saved)
	}
	bob.wantThreadDraft(thread, "", "")
	ada.get("/drafts").want(200, "Thread in ", `href="`+thread+`"`, "a reply &lt;b&gt;", `name="thread" value="1"`,
		`<span class="number" id="drafts">2</span>`)
	bob.get("/drafts").want(200).wantNot("a reply")

	if to := ada.post(general+"/draft", url.Values{"body": {"plain"}, "thread": {"1"}}).want(303).
		Header.Get("Location"); to != thread {
		t.Errorf("a plain save leads to %s", to)
	}
	save("a reply", "laptop")
	long := url.Values{"body": {strings.Repeat("é", chat.MaxBodyLen+1)}, "draft": {"laptop"}, "thread": {"1"}}
	refused := ada.post(general+"/draft", long).want(422, "too long")
	if text, saved := threadDraftIn(refused); saved != "laptop" || !strings.HasPrefix(text, "ééé") {
		t.Errorf("the refused form holds %.20q of %q", text, saved)
	}
	ada.post(general+"/messages", url.Values{"body": {"a reply, sent"}, "client_id": {"next"}, "draft": {"laptop"},
		"thread": {"1"}}).want(303)
	ada.wantThreadDraft(thread, "", "")
	ada.wantDraft(general, "of the channel", "c")
	save("/he", "phone")
	ada.post(general+"/messages", url.Values{"body": {"/help"}, "client_id": {"phone"}, "thread": {"1"}}, asHTMX...).
		want(200)
	ada.wantThreadDraft(thread, "", "")
	save("to delete", "last")
	if to := ada.post(general+"/draft", url.Values{"body": {""}, "thread": {"1"}}).want(303).
		Header.Get("Location"); to != "/drafts" {
		t.Errorf("a deletion leads to %s", to)
	}
	ada.get("/drafts").want(200, "of the channel").wantNot("to delete", "Thread in")
	for _, root := range []string{"x", "0", "9", "-1"} {
		ada.post(general+"/draft", url.Values{"body": {"x"}, "thread": {root}}, asHTMX...).want(404)
	}
}
