package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
	"chitchat/handlers/splice"
)

// draftIn returns the text and the draft that a page's composer holds.
func draftIn(a response) (text, saved string) {
	_, text, _ = strings.Cut(a.body, "<textarea id=\"body\"")
	_, text, _ = strings.Cut(text, ">\n")
	text, _, _ = strings.Cut(text, "</textarea>")
	if _, after, found := strings.Cut(a.body, `name="draft" value="`); found {
		saved, _, _ = strings.Cut(after, `"`)
	}
	return text, saved
}

func (p *testClient) wantDraft(path, text, saved string) {
	p.t.Helper()
	for range 2 { // the second time from the cache
		if got, id := draftIn(p.get(path).want(200)); got != text || id != saved {
			p.t.Errorf("the composer of %s holds %q of %q, want %q of %q", path, got, id, text, saved)
		}
	}
}

// One writes on one device, finds the draft on another, and sends it there without JavaScript.
func TestDraft(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	other := ada.post("/c", url.Values{"name": {"Other"}}).want(303).Header.Get("Location")
	ada.get("/drafts").want(200, "There are no drafts")
	ada.wantDraft(general, "", "")
	save := func(path, body, form string) {
		t.Helper()
		a := ada.post(path+"/draft", url.Values{"body": {body}, "client_id": {form}}, asHTMX...).want(204)
		if a.body != "" {
			t.Errorf("a save while typing answers %s", a.excerpt())
		}
	}
	save(general, "hel", "laptop")
	save(general, "hello <b>\n", "laptop")
	if to := ada.post(other+"/draft", url.Values{"body": {"later"}, "client_id": {"plain"}}).want(303).
		Header.Get("Location"); to != other {
		t.Errorf("a plain save leads to %s", to)
	}
	ada.wantDraft(general, "hello &lt;b&gt;\n", "laptop")
	ada.wantDraft(general+"?before=1", "hello &lt;b&gt;\n", "laptop")
	ada.wantDraft(other, "later", "plain")
	bob.wantDraft(general, "", "")
	bob.get("/drafts").want(200, "There are no drafts").wantNot("hello", "later")
	page := ada.get("/drafts").want(200, "hello &lt;b&gt;", "later", "General Talk", "Other",
		`action="`+general+`/draft"`, `<span class="number" id="drafts">2</span>`, "has a draft")
	if strings.Index(page.body, "later") > strings.Index(page.body, "hello &lt;b&gt;") {
		t.Error("the newest draft is not the first")
	}

	ada.post(general+"/messages", url.Values{"body": {"yes"}, "client_id": {"phone"}}).want(303)
	ada.wantDraft(general, "hello &lt;b&gt;\n", "laptop") // an answer typed elsewhere meanwhile
	refused := ada.post(general+"/messages", url.Values{"body": {strings.Repeat("a", 9000)}, "client_id": {"next"},
		"draft": {"laptop"}}).want(422)
	if _, saved := draftIn(refused); saved != "laptop" {
		t.Errorf("the refused form is of the draft %q", saved)
	}
	ada.post(general+"/messages", url.Values{"body": {"hello there"}, "client_id": {"next"}, "draft": {"laptop"}}).
		want(303)
	ada.wantDraft(general, "", "")
	save(general, "hello", "laptop2")
	ada.post(general+"/messages", url.Values{"body": {"hello there"}, "client_id": {"laptop2"}}, asHTMX...).want(200)
	save(general, "hello th", "laptop2") // too late
	ada.wantDraft(general, "", "")

	if to := ada.post(other+"/draft", url.Values{"body": {""}}).want(303).Header.Get("Location"); to != "/drafts" {
		t.Errorf("a deletion leads to %s", to)
	}
	ada.get("/drafts").want(200, "There are no drafts", `id="drafts"></span>`).wantNot("later", "has a draft")
}

// A command is not a message, and its draft goes all the same; a refused one stays.
func TestDraftOfACommand(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	for i, c := range []struct{ typed, sent, left string }{
		{"/he", "/help", ""}, {"/hel", "/helx", "/hel"}, {"/me wav", "/me waves", ""},
	} {
		form := fmt.Sprint("form", i)
		ada.post(general+"/draft", url.Values{"body": {c.typed}, "client_id": {form}}, asHTMX...).want(204)
		ada.post(general+"/messages", url.Values{"body": {c.sent}, "client_id": {form}}, asHTMX...)
		if text, _ := draftIn(ada.get(general)); text != c.left {
			t.Errorf("after %s the draft is %q, want %q", c.sent, text, c.left)
		}
	}
}

// A draft that is not saved says why, with its text: beside the form, and to htmx as any problem.
func TestRefusedDraft(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	long := url.Values{"body": {strings.Repeat("é", chat.MaxBodyLen+1)}, "draft": {"older"}}
	a := ada.post(general+"/draft", long).want(422, "too long", "ééééé")
	if _, saved := draftIn(a); saved != "older" {
		t.Errorf("the form is of the draft %q", saved)
	}
	ada.post(general+"/draft", long, asHTMX...).want(422, "too long").wantNot("ééééé")
	ada.wantDraft(general, "", "")
}

// A draft does not break the cache of pages: readers without one share a frame with nobody's draft, and of those with
// one only the text is compressed.
func TestWarmPageWithADraft(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	ada.say("hello")
	warm := func() {
		for _, p := range []*testClient{ada, bob} {
			for range 4 {
				p.get(general, "Accept-Encoding", "gzip", "Sec-Fetch-Site", "same-origin").want(200)
			}
		}
	}
	warm()
	ada.post(general+"/draft", url.Values{"body": {"a saffron cake"}, "client_id": {"x"}}, asHTMX...).want(204)
	warm()
	packed := splice.Packs()
	for range 3 {
		bob.get(general, "Accept-Encoding", "gzip", "Sec-Fetch-Site", "same-origin").want(200)
	}
	if n := splice.Packs() - packed; n != 0 {
		t.Errorf("three pages without a draft compressed %d parts", n)
	}
	packed = splice.Packs()
	ada.get(general, "Accept-Encoding", "gzip", "Sec-Fetch-Site", "same-origin").want(200)
	if n := splice.Packs() - packed; n != 1 {
		t.Errorf("a page with a draft compressed %d parts, want the draft alone", n)
	}
	bob.get(general).want(200).wantNot("saffron")
}
