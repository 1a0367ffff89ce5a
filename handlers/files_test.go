package handlers

import (
	"strings"
	"testing"
)

// The files of a channel and its threads are on a page of it, and those of all channels on one of their own: with their
// pictures, by kind and by a part of their names.
func TestFilesPages(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.get("/files").want(200, "There are no files yet")
	ada.say("one")
	row := ada.upload(general+"/messages", asHTMX, part{name: "file", file: "Drawing.png", content: drawing}).want(200)
	picture := filePattern.FindString(row.body)
	row = ada.upload(general+"/messages", asHTMX, part{name: "thread", content: "1"},
		part{name: "file", file: "notes.txt", content: "words"}).want(200)
	text := filePattern.FindString(row.body)
	thumb := picture[:strings.LastIndex(picture, "/")] + "/thumb"
	for _, path := range []string{"/files", general + "/files"} {
		page := bob.get(path).want(200, `href="`+picture+`"`, `src="`+thumb+`"`, `href="`+text+`"`, "Ada", "5 B", "General Talk",
			`href="`+general+`/2"`, `href="`+general+`/1/thread/1"`, "In a thread of")
		if strings.Index(page.body, "notes.txt") > strings.Index(page.body, "Drawing.png") {
			t.Error("they are not the newest first")
		}
		bob.get(path+"?type=images").want(200, "Drawing.png").wantNot("notes.txt")
		bob.get(path+"?type=documents").want(200, "notes.txt").wantNot("Drawing.png")
		bob.get(path+"?type=other").want(200, "no files of this kind")
		bob.get(path+"?q=RAW").want(200, "Drawing.png", "<html", "q=RAW&amp;type=images", `value="RAW"`).wantNot("notes.txt")
		bob.get(path+"?q=raw", asHTMX...).want(200, "Drawing.png", `<section id="results"`).wantNot("<html", "notes.txt")
		bob.get(path+"?q=%3Cb%3E").want(200, "&lt;b&gt;").wantNot("<b>")
		for _, bad := range []string{"?type=x", "?before=x"} {
			bob.get(path + bad).want(404)
		}
	}
	bob.get(general+"/settings").want(200, `href="`+general+`/files"`)
	for _, path := range []string{"/c/nowhere/files", "/c/a%2Fb/files", "/c/%FF/files"} {
		bob.get(path).want(404)
	}
	ada.post(general+"/2/delete", nil).want(303)
	bob.get("/files").want(200, "notes.txt").wantNot("Drawing.png", picture)
}

// Who is removed from a channel finds none of its files.
func TestFilesEndWithAccess(t *testing.T) {
	c := openFixtures(t)
	slug := c.channels[private].slug
	p, boss := c.clients[member], c.clients[channelOwner].actor()
	for _, path := range []string{"/files", "/c/" + slug + "/files"} {
		p.get(path).want(200, "drawing.png", slug)
	}
	if err := c.Chat.Channels.RemoveMember(t.Context(), boss, slug, p.actor().ID); err != nil {
		t.Fatal(err)
	}
	p.get("/files").want(200).wantNot(slug)
	p.get("/c/" + slug + "/files").want(404)
	c.clients[guest].get("/files").want(200).wantNot(slug)
}
