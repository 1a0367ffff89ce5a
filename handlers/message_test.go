package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"chitchat/chat"
)

func TestPost(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")

	t.Run("sends a plain form on to the channel", func(t *testing.T) {
		p := p.in(t)
		p.post(general+"/messages", url.Values{"body": {"hello\r\nthere"}, "client_id": {"1"}}).to(general)
		p.get(general).want(200, "hello\nthere")
	})
	t.Run("gives htmx the row", func(t *testing.T) {
		row := p.say("a row")
		if len(rows(row)) != 1 || !strings.Contains(row, "a row") {
			t.Error(row)
		}
	})
	t.Run("takes both encodings", func(t *testing.T) {
		p := p.in(t)
		p.upload(general+"/messages", asHTMX, part{"client_id", "", "m1"}, part{"body", "", "by parts"}).want(200, "by parts")
	})
	t.Run("takes a retry for the same message", func(t *testing.T) {
		form := url.Values{"body": {"once"}, "client_id": {"same"}}
		first := p.post(general+"/messages", form, asHTMX...).want(200).body
		if again := p.post(general+"/messages", form, asHTMX...).want(200).body; again != first {
			t.Errorf("the retry got\n%s\nnot\n%s", again, first)
		}
		if n := strings.Count(p.get(general).body, ">once<"); n != 1 {
			t.Errorf("the message stands there %d times", n)
		}
	})
	t.Run("keeps the longest message exactly, and refuses a longer one with its text", func(t *testing.T) {
		p := p.in(t)
		long := strings.Repeat("😀", chat.MaxBodyLen)
		p.post(general+"/messages", url.Values{"body": {long}}, asHTMX...).want(200, long)
		form := url.Values{"body": {long + "x"}, "client_id": {"long"}}
		p.post(general+"/messages", form, asHTMX...).want(422, long+"x</textarea>", `value="long"`, "too long").
			wantNot("<html")
		p.post(general+"/messages", form).want(422, long+"x</textarea>", "<html", "too long")
	})
	t.Run("refuses what cannot be kept", func(t *testing.T) {
		p := p.in(t)
		for _, body := range []string{"", "  \n", "a\x00b", "\xff\xfe"} {
			p.post(general+"/messages", url.Values{"body": {body}}, asHTMX...).want(422, "<form").wantNot("\x00", "\xff")
		}
		p.post(general+"/messages", url.Values{"body": {"x"}, "client_id": {"a\x00"}}, asHTMX...).want(422)
		p.post("/c/none/messages", url.Values{"body": {"x"}}).want(404)
		p.post(general+"/messages", url.Values{"body": {strings.Repeat("x", 10<<20)}}).want(413)
		p.send("POST", general+"/messages", strings.NewReader("body=%zz"), "Content-Type",
			"application/x-www-form-urlencoded").want(400)
		p.send("POST", general+"/messages", strings.NewReader(`{"body":"x"}`), "Content-Type", "application/json").want(400)
		p.send("POST", general+"/messages", strings.NewReader("body=x"), "Content-Type", "multipart/form-data; boundary=x").
			want(400)
	})
}

func TestMarkupShowsAsText(t *testing.T) {
	s := newTestServer(t)
	evil := `<script>alert(1)</script><img src=x onerror=alert(1)><b data-hx-get="/me" hx-get="/me">"'&`
	p := s.signedIn("Ann")
	check := func(a response) {
		t.Helper()
		a.wantNot("<script>alert", "<img src=x", `<b data-hx`, `hx-get="/me"`)
	}
	check(p.post(general+"/messages", url.Values{"body": {evil}}, asHTMX...).want(200))
	check(p.get(general).want(200))
	check(p.post("/c", url.Values{"name": {evil}}))
	check(p.get("/c").want(200))
	check(p.post("/me", url.Values{"name": {evil}}).want(422))
	check(s.newClient().post("/signin", url.Values{"name": {evil}, "next": {"/" + evil}}).want(422))
	check(s.newClient().get("/signin?next=" + url.QueryEscape("/"+evil)).want(200))
	check(p.post(general+"/messages",
		url.Values{"body": {evil + strings.Repeat("x", 8000)}, "client_id": {evil}, "kept": {evil}}, asHTMX...).want(422))
	check(p.upload(general+"/messages", nil, part{"body", "", evil}, part{"file", evil + ".txt", "text"}).want(303))
	check(p.get(general).want(200))
	check(p.upload(general+"/messages", nil, part{"file", evil + ".exe", "MZ"}).want(303))
	check(p.get(general).want(200))
	s.own("Olga", "open").post("/admin/settings",
		url.Values{"workspace": {"W"}, "access": {"open"}, "files": {"seed"}}).want(303)
	check(p.upload(general+"/messages", nil, part{"file", evil + ".exe", "MZ"}).want(415))
	check(p.post(general+"/1/edit", url.Values{"body": {evil + strings.Repeat("x", 8000)}}).want(422))
	check(p.get("/" + url.PathEscape(evil)).want(404))
}

// A user who saves an edit first sees what it would replace, if that has changed since the edit began; and the typed
// text is shown again, whatever became of the message.
func TestEditOfWhatHasChanged(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	p.say("first")
	at := general + "/1/edit"
	writtenIn := func(a response) string {
		return regexp.MustCompile(`name="written" value="(\d+)"`).FindStringSubmatch(a.body)[1]
	}
	for _, header := range [][]string{nil, asHTMX} {
		written := writtenIn(p.get(at).want(200))
		p.post(at, url.Values{"written": {written}, "body": {"elsewhere"}}).want(303)
		p.post(at, url.Values{"written": {written}, "body": {"elsewhere"}}).want(303) // again, as by a double click
		answer := p.post(at, url.Values{"written": {written}, "body": {"mine"}}, header...).
			want(422, "was changed since", ">elsewhere<", "mine</textarea>")
		p.get(general).want(200, "elsewhere")
		p.post(at, url.Values{"written": {writtenIn(answer)}, "body": {"mine"}}).want(303)
		p.get(general).want(200, "mine").wantNot("elsewhere")

		// Another refusal shows it too: otherwise the next save would replace an unseen version.
		written = writtenIn(p.get(at).want(200))
		p.post(at, url.Values{"written": {written}, "body": {"elsewhere"}}).want(303)
		p.post(at, url.Values{"written": {written}, "body": {" "}}, header...).
			want(422, "Write something first", ">elsewhere<")
		p.post(at, url.Values{"written": {"x"}, "body": {"whatever it was"}}).want(303)
	}
	written := writtenIn(p.get(at).want(200))
	p.post(general+"/1/delete", nil).want(303)
	p.post(at, url.Values{"written": {written}, "body": {"mine"}}).want(404, "was deleted meanwhile", "mine</textarea>").
		wantNot("Save changes")
	p.post(at, url.Values{"written": {written}, "body": {"mine"}}, asHTMX...).
		want(404, "was deleted meanwhile", "mine</pre>", `data-seq="1"`).wantNot("<textarea")
}

func TestEditAndDelete(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	p.say("first")
	at := general + "/1"
	p.get(at+"/edit").want(200, "first</textarea>", "<html")
	p.get(at+"/edit", asHTMX...).want(200, "first</textarea>").wantNot("<html")
	p.post(at+"/edit", url.Values{"body": {"second"}}).to(at)
	row := p.post(at+"/edit", url.Values{"body": {"third"}}, asHTMX...).want(200, "third", "(edited)")
	if len(rows(row.body)) != 1 {
		t.Error(row.body)
	}
	p.post(at+"/edit", url.Values{"body": {" "}}, asHTMX...).want(422, "<form", "</textarea>").wantNot("<html")
	p.post(at+"/edit", url.Values{"body": {strings.Repeat("y", 8001)}}).want(422, "<html", "yyy</textarea>")
	p.post(general+"/9/edit", url.Values{"body": {"x"}}).want(404)

	for _, path := range []string{"/edit", "/delete"} {
		q.get(at + path).want(403)
		q.post(at+path, url.Values{"body": {"mine"}}).want(403)
		q.post(at+path, url.Values{"body": {"mine"}}, asHTMX...).want(403).wantNot("<html")
	}
	p.get(at+"/delete").want(200, "third", `action="`+at+`/delete"`)
	p.get(at+"/delete", asHTMX...).want(200, `action="`+at+`/delete"`).wantNot("<html")
	p.post(at+"/delete", nil, asHTMX...).want(200, "deleted").wantNot("third")
	p.post(at+"/delete", nil).to(at)
	p.get(at + "/edit").want(404)
	p.post(at+"/edit", url.Values{"body": {"back"}}).want(404)
	p.get(at).want(200, "deleted").wantNot("third")
}

// An archived channel gives the same reason to everyone for every change of what was said in it.
func TestArchivedChannelsKeepTheirMessages(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	loc := p.post("/c", url.Values{"name": {"Sea"}}).want(303).Header.Get("Location")
	p.post(loc+"/messages", url.Values{"body": {"first"}}).want(303)
	p.post(loc+"/archive", nil).want(303)
	for _, who := range []*testClient{p, q} {
		for _, path := range []string{"/1/edit", "/1/delete"} {
			who.get(loc+path).want(403, "This channel is archived: it can be read, and not changed.")
			who.post(loc+path, url.Values{"body": {"mine"}}).
				want(403, "This channel is archived: it can be read, and not changed.")
		}
	}
	p.get(loc).want(200, "first")
}

func TestRowIsTheSameEverywhere(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	live := q.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
	posted := p.upload(general+"/messages", asHTMX, part{"body", "", "see https://example.com <b>"},
		part{"file", "notes.txt", "some notes"}).want(200).body
	row := strings.TrimSpace(posted)
	late := q.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
	renewed := q.dial(subscribeRequest{Channel: "general-talk", Epoch: "another"})
	for range 120 { // pushes it out of the ring, so that history is read from the database
		p.say("more")
	}
	for where, html := range map[string]string{
		"socket":        live.until("notes.txt"),
		"catching up":   late.until("notes.txt"),
		"renewal":       renewed.until("notes.txt"),
		"history":       q.get(general + "?before=2").body,
		"older":         q.get(general+"?before=2", asHTMX...).body,
		"permalink":     q.get(general + "/1").body,
		"row of htmx":   q.get(general+"/1", asHTMX...).body,
		"author's page": p.get(general + "?before=2").body,
	} {
		if !strings.Contains(html, row) {
			t.Errorf("%s: the row is not\n%s\nin\n%s", where, row, html)
		}
	}
	fresh := strings.TrimSpace(p.say("the last"))
	if page := q.get(general).body; !strings.Contains(page, fresh) {
		t.Errorf("page: no\n%s\nin\n%s", fresh, page)
	}
}

func TestPostLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Posts = 3 })
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	limited := 0
	for i := range 8 {
		a := p.post(general+"/messages", url.Values{"body": {fmt.Sprint("post ", i)}}, asHTMX...)
		if a.StatusCode == 429 {
			limited++
			a.want(429, fmt.Sprintf("post %d</textarea>", i), "too often")
			if a.Header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	}
	if limited != 5 {
		t.Errorf("%d of 8 were refused", limited)
	}
	q.say("another person is not held up")
}

func TestEditsAndDeletionsCountAsPosts(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Posts = 3 })
	p := s.signedIn("Ann")
	for range 3 {
		p.say("words")
	}
	for _, headers := range [][]string{nil, asHTMX} {
		a := p.post(general+"/1/edit", url.Values{"body": {"still here"}}, headers...).
			want(429, "still here</textarea>", "too often")
		if a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		if a = p.post(general+"/1/delete", nil, headers...).want(429, "too often"); a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	p.get(general+"/1").want(200, "words").wantNot("still here", "was deleted")
}
