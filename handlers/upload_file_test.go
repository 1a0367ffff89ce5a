package handlers

import (
	"strings"
	"testing"

	"chitchat/chat"
)

// A file may be sent before its message, which names it then; each has its own answer, rights, limits and quota.
func TestFilesBeforeTheirMessage(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.MaxUpload, o.UploadBytes = 64<<10, 400<<10 })
	p, q := s.signedIn("Ann"), s.signedIn("Mallory")
	room := p.createChannel("Side", "1")
	send := func(p *testClient, name, content string) response {
		return p.upload(room+"/files", asHTMX, part{"file", name, content})
	}
	kept := func(a response) part {
		t.Helper()
		a.want(200, "<li>", " checked").wantNot("<html", "refused")
		return part{"kept", "", keptPattern.FindStringSubmatch(a.body)[1]}
	}
	one, two := kept(send(p, "one.txt", "first")), kept(send(p, "two.html", "<html>"))
	send(p, "large.txt", strings.Repeat("x", 65<<10)).want(413, `class="refused"`, "large.txt", "64 kB").wantNot("kept")
	send(p, "empty.txt", "").want(422, "empty.txt", "It is empty.")
	p.upload(room+"/files", asHTMX, part{"file", "a.txt", "a"}, part{"file", "b.txt", "b"}).want(422, "Only one file")
	p.upload(room+"/files", asHTMX, part{"file", "huge.txt", strings.Repeat("x", 2<<20)}).want(413, "too large")
	p.upload(room+"/files", asHTMX, part{"body", "", "words"}).want(422, "Choose a file first")
	if n := s.stored(); n != 2 {
		t.Errorf("%d files are stored", n)
	}

	send(q, "x.txt", "x").want(404)
	q.get("/f/" + one.content + "/one.txt").want(404)
	q.upload(general+"/messages", asHTMX, one, part{"body", "", "mine"}).wantNot("one.txt")
	row := p.upload(room+"/messages", asHTMX, one, two, part{"body", "", "both"}).want(200, "one.txt", "two.html")
	p.get(filePattern.FindString(row.body)).want(200, "first")
	p.upload(room+"/messages", asHTMX, one, part{"body", "", "again"}).want(422, "attach it again")

	first := kept(p.upload(room+"/files", asHTMX, part{"file", "first.txt", "of a form"}))
	second := kept(p.upload(room+"/files", asHTMX, part{"file", "second.txt", "of a page beside it"}))
	for range chat.MaxPending { // each says which its form has: those stay, however many were taken out of it
		p.upload(room+"/files", asHTMX, first, part{"file", "out.txt", "taken out"}).want(200)
	}
	if n := s.stored() - 2; n != chat.MaxPending {
		t.Errorf("%d files wait", n)
	}
	p.upload(room+"/messages", asHTMX, first).want(200, "first.txt")
	p.upload(room+"/messages", asHTMX, second).want(422, "attach it again")

	for range 20 {
		if a := send(p, "more.txt", strings.Repeat("x", 50<<10)); a.StatusCode != 200 {
			a.want(429, "tomorrow", `class="refused"`)
			return
		}
	}
	t.Error("a day has no end")
}
