package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// What a browser could run is downloaded, whatever name it bears; the rest is shown by what is in it.
func TestTypesOfFiles(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	brand := func(b string) string {
		return "\x00\x00\x00\x18ftyp" + b + "\x00\x00\x00\x00mp42isom" + strings.Repeat("\x00", 99)
	}
	const page = "<!doctype html><script>alert(1)</script>"
	for name, c := range map[string]struct{ content, kind, shown string }{
		"page.html":  {page, "application/octet-stream", "attachment"},
		"page.png":   {page, "application/octet-stream", "attachment"},
		"page.txt":   {page, "application/octet-stream", "attachment"},
		"page.mp4":   {page, "application/octet-stream", "attachment"},
		"words.html": {"only words", "application/octet-stream", "attachment"},
		"i.svg":      {`<svg xmlns="http://www.w3.org/2000/svg"/>`, "application/octet-stream", "attachment"},
		"a.xml":      {`<?xml version="1.0"?><a/>`, "application/octet-stream", "attachment"},
		"a.js":       {"alert(1)", "application/octet-stream", "attachment"},
		"x.exe":      {"MZ\x90\x00", "application/octet-stream", "attachment"},
		"bomb.png":   {bomb(50_000, 50_000), "application/octet-stream", "attachment"},
		"README":     {"words", "text/plain; charset=utf-8", "inline"},
		"main.go":    {"package main", "text/plain; charset=utf-8", "inline"},
		"p.txt":      {picture(t, 2, 2), "image/png", "inline"},
		"a.mp4":      {brand("mp42"), "video/mp4", "inline"},
		"a.mov":      {brand("qt  "), "video/mp4", "inline"},
		"a.m4a":      {brand("M4A "), "audio/mp4", "inline"},
		"a.avif":     {brand("avif"), "image/avif", "inline"},
	} {
		row := p.upload(general+"/messages", asHTMX, part{"file", name, c.content}).want(200).body
		a := p.get(filePattern.FindString(row)).want(200)
		for header, want := range map[string]string{
			"Content-Type": c.kind, "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
			"Content-Disposition": fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, c.shown, name, name),
		} {
			if got := a.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		if csp := a.Header.Get("Content-Security-Policy"); csp != filePolicy {
			t.Errorf("%s: %s", name, csp)
		}
		part := p.get(filePattern.FindString(row), "Range", "bytes=1-2").want(206)
		if part.body != a.body[1:3] || part.Header.Get("Content-Type") != c.kind {
			t.Errorf("%s: a part is %q, %s", name, part.body, part.Header.Get("Content-Type"))
		}
	}
}

// The owner may restrict the types, for the next file at once: the form says so before it is sent, and after.
func TestFilesThatMayBeSent(t *testing.T) {
	s := newTestServer(t)
	owner, p := s.own("Olga", "open"), s.signedIn("Ann")
	set := func(files, extensions string) response {
		return owner.post("/admin/settings", url.Values{"workspace": {"The Works"}, "access": {"open"}, "files": {files},
			"extensions": {extensions}})
	}
	send := func(name, content string) response {
		return p.upload(general+"/messages", asHTMX, part{"body", "", "the text"}, part{"file", name, content})
	}
	owner.get("/admin/settings").want(200, `value="all" checked`)
	page := p.get(general).want(200).wantNot("accept=")
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "media-src 'self';") {
		t.Error(csp)
	}
	send("a.zip", "PK\x03\x04 and more").want(200)

	set("seed", "").want(303)
	owner.get("/admin/settings").want(200, `value="seed" checked`, `value="txt, pdf, png, jpg, jpeg, gif"`)
	p.get(general).want(200, `accept=".txt,.text,.pdf,.png`)
	p.upload(general+"/files", asHTMX, part{"file", "a.heic", ""}).want(415, "a.heic", "Save it as JPEG") // as pages ask
	send("a.zip", "PK").want(415, "the text</textarea>", "Files that end in .zip are not taken")
	send("a.png", "words").want(415, "Its name promises a PNG picture, but inside it is plain text")
	send("a.txt", "words").want(200)

	set("some", ".CSV; md").want(303)
	owner.get("/admin/settings").want(200, `value="some" checked`, `value="csv, md"`)
	send("a.txt", "words").want(415, "Files can be csv or md.")
	send("a.csv", "a,b").want(200)
	set("some", "a/b").want(422, `value="some" checked`, `value="a/b"`, "letters and digits")
	set("some", "").want(422, "at least one extension")
	owner.post("/admin/settings", url.Values{"workspace": {"New"}, "access": {"open"}}).want(303)
	send("a.txt", "words").want(415) // a page from before the setting changes nothing of it
	owner.get("/admin/audit").want(200, "New open, only files of csv, md")
	p.post("/admin/settings", url.Values{"workspace": {"Mine"}, "access": {"open"}, "files": {"all"}}).want(404)
	set("all", "ignored").want(303)
	send("a.txt", "words").want(200)
}
