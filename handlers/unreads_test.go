package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"chitchat/handlers/splice"
)

// undoPattern finds what undoes that something was marked as read.
var undoPattern = regexp.MustCompile(`name="batch" value="(\w+)"`)

// What one has not read is on one page: each conversation can be answered there, marked as read, and that undone; all
// without JavaScript.
func TestUnreadsPage(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.get("/unreads").want(200, "You have read everything").wantNot("Mark all as read")
	bob.say("a root")
	ada.say("**one**")
	direct := ada.direct("Bob")
	ada.post(direct+"/messages", url.Values{"body": {"between us"}}).want(303)
	ada.post(general+"/messages", url.Values{"body": {"a reply"}, "thread": {"1"}}).want(303)
	page := bob.get("/unreads").want(200, "3 unread messages in 3 conversations", "<strong>one</strong>", "between us",
		"a reply", "Thread in ", `href="`+general+`/2"`, `href="`+general+`/1/thread/1"`, `href="`+direct+`/1"`,
		`name="channel" value="general-talk"`, `name="channel" value="general-talk/1"`, `name="seq" value="2"`,
		`action="`+direct+`/messages"`)
	if strings.Index(page.body, "between us") > strings.Index(page.body, "<strong>one") {
		t.Error("what is for one alone is not the first")
	}
	if len(rows(page.body)) != 3 {
		t.Error("it does not have the rows")
	}
	bob.get("/unreads").want(200, "3 unread messages") // nothing was read by that

	to := bob.post("/read", url.Values{"channel": {"general-talk"}, "seq": {"2"}}).want(303).Header.Get("Location")
	page = bob.get(to).want(200, "Marked as read", "Undo", "2 unread messages in 2 conversations").wantNot("<strong>one")
	batch := undoPattern.FindStringSubmatch(page.body)
	if batch == nil {
		t.Fatal("nothing to undo")
	}
	ada.post("/read/undo", url.Values{"batch": {batch[1]}}).want(404)
	if to := bob.post("/read/undo", url.Values{"batch": {batch[1]}}).want(303).Header.Get("Location"); to != "/unreads" {
		t.Error(to)
	}
	bob.get("/unreads").want(200, "3 unread messages in 3 conversations").wantNot("Undo")
	bob.post("/read/undo", url.Values{"batch": {batch[1]}}).want(404)

	to = bob.post(direct+"/messages", url.Values{"body": {"thanks"}, "back": {"/unreads"}}).want(303).
		Header.Get("Location")
	if !strings.HasPrefix(to, "/unreads#unread-") {
		t.Error(to)
	}
	to = bob.post(direct+"/messages", url.Values{"body": {"thanks"}, "back": {"/me"}}).want(303).Header.Get("Location")
	if to != direct {
		t.Error(to)
	}
	to = bob.post("/read", nil).want(303).Header.Get("Location")
	bob.get(to).want(200, "You have read everything", "Undo")
	if to := bob.post("/read", nil).want(303).Header.Get("Location"); to != "/unreads" {
		t.Error(to)
	}
	bob.post("/read", url.Values{"channel": {"nowhere"}}).want(404)
	bob.post("/read", url.Values{"channel": {"general-talk"}, "seq": {"x"}}).want(404)
	bob.get("/unreads?from=x").want(404)
}

// htmx takes the group away, and gets what is left and what undoes it; an answer is shown in place.
func TestUnreadsPiece(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.say("a root")
	ada.say("one")
	ada.post(general+"/messages", url.Values{"body": {"a reply"}, "thread": {"1"}}).want(303)
	a := bob.post("/read", url.Values{"channel": {"general-talk/1"}, "seq": {"1"}}, asHTMX...).want(200,
		`hx-target="#unread-total"`, "1 unread message in 1 conversation", `hx-target="#notice"`, "Undo").
		wantNot("<article", "<html")
	batch := undoPattern.FindStringSubmatch(a.body)[1]
	on := func(path string) []string { return append([]string{"HX-Current-URL", s.url + path}, asHTMX...) }
	if to := bob.post("/read/undo", url.Values{"batch": {batch}}, on("/unreads?from=x")...).want(204).
		Header.Get("HX-Redirect"); to != "/unreads" {
		t.Error(to)
	}
	a = bob.post("/read", url.Values{"channel": {"general-talk"}}, on(general)...).want(200, "Undo")
	batch = undoPattern.FindStringSubmatch(a.body)[1]
	a = bob.post("/read/undo", url.Values{"batch": {batch}}, on(general)...).want(200, "unread again")
	if to := a.Header.Get("HX-Redirect"); to != "" {
		t.Error("it leaves the page for", to)
	}
	back := url.Values{"body": {"an answer"}, "back": {"/unreads"}}
	a = bob.post(general+"/messages", back, asHTMX...).want(200, "an answer", `-0-answer"`, `name="back"`)
	if len(rows(a.body)) != 1 {
		t.Error("it is not the row")
	}
	back.Set("thread", "1")
	bob.post(general+"/messages", back, asHTMX...).want(200, "an answer", `-1-answer"`, `name="thread" value="1"`)
	back.Set("body", " ")
	bob.post(general+"/messages", back, asHTMX...).want(422, `class="answer"`, `class="error"`).wantNot("<article")
	bob.post("/read", nil, asHTMX...).want(200, "You have read everything")
	bob.post("/read", nil, asHTMX...).want(200, "was read already").wantNot("Undo")
}

// The page is made of parts like a channel's: in every encoding it has the same bytes, but for what tells one composer
// from another, and parts that did not change are not compressed again.
func TestUnreadsInParts(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	for i := range 30 {
		ada.say(fmt.Sprint("message ", i))
	}
	ada.post(ada.direct("Bob")+"/messages", url.Values{"body": {"between us"}}).want(303)
	clientIDs := regexp.MustCompile(`name="client_id" value="\w+"`)
	see := func(texts ...string) {
		t.Helper()
		want := ""
		for _, encoding := range pageEncodings {
			for range 3 {
				html, err := bob.pageIn(encoding, "/unreads")
				if err != nil {
					t.Fatal(err)
				}
				if html = clientIDs.ReplaceAllString(html, ""); want == "" {
					want = html
				}
				if html != want {
					t.Errorf("in %s it is\n%s\nand at first it was\n%s", encoding, html, want)
				}
			}
		}
		for _, text := range texts {
			if !strings.Contains(want, text) {
				t.Errorf("it lacks %q", text)
			}
		}
	}
	see("31 unread messages", "message 0<", "message 29<", "between us", "Show 26 more")
	packed := splice.Packs()
	see()
	if n := splice.Packs() - packed; n > 6 { // the pages that are compressed as one piece
		t.Errorf("the same page again compressed %d parts", n)
	}
	ada.post(general+"/30/edit", url.Values{"body": {"changed"}}, asHTMX...).want(200)
	ada.post("/me", url.Values{"name": {"Augusta"}})
	see("31 unread messages", "changed", "Augusta")
}

// What the page did not show stays unread: by an answer to a folded conversation, and by "Mark all as read" what has
// come since.
func TestUnreadsKeepsWhatItDidNotShow(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	direct := ada.direct("Bob")
	for i := range 20 {
		ada.say(fmt.Sprint("message ", i))
	}
	ada.post(direct+"/messages", url.Values{"body": {"between us"}}).want(303)
	field := func(page response, name string) string {
		t.Helper()
		found := regexp.MustCompile(`name="`+name+`"[^>]* value="(\d+)"`).FindAllStringSubmatch(page.body, -1)
		if len(found) != 1 {
			t.Fatalf("the page has %d fields %s", len(found), name)
		}
		return found[0][1]
	}
	page := bob.get("/unreads").want(200, "21 unread messages in 2 conversations", "Show 16 more", `form="read-all"`)
	answer := url.Values{"body": {"an answer"}, "back": {"/unreads"}}
	bob.post(general+"/messages", answer).want(303)
	bob.get("/unreads").want(200, "22 unread messages in 2 conversations")
	answer.Set("seen", field(page, "seen")) // of the other one
	bob.post(direct+"/messages", answer).want(303)
	page = bob.get("/unreads").want(200, "21 unread messages in 1 conversation").wantNot("between us")
	answer.Set("body", " ")
	bob.post(direct+"/messages", answer, asHTMX...).want(422, `name="seen" value="1"`)

	time.Sleep(2 * time.Millisecond) // that is how exact it is
	ada.say("the newest")
	until := url.Values{"until": {field(page, "until")}}
	to := bob.post("/read", until, asHTMX...).want(204).Header.Get("HX-Redirect")
	if !strings.HasPrefix(to, "/unreads?undo=") {
		t.Error("more has come, and htmx goes to", to)
	}
	bob.get(to).want(200, "1 unread message in 1 conversation", "the newest", "Undo")
	until.Set("until", field(bob.get("/unreads"), "until"))
	bob.post("/read", until, asHTMX...).want(200, "You have read everything", "Undo")
	bob.post("/read", url.Values{"until": {"x"}}).want(404)
	bob.post("/read", url.Values{"until": {"-1"}}).want(404)
}
