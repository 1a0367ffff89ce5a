package views

import (
	"strings"
	"testing"

	"chitchat/chat"
)

// Several pictures are one grid of links, before the other files; audio and video play in place, loaded only on demand.
func TestGalleryAndPlayers(t *testing.T) {
	picture := func(name string) chat.Attachment { return chat.Attachment{ID: 36, Name: name, Width: 80, Height: 60} }
	html := render(t, attachments([]chat.Attachment{picture("a.png"),
		{ID: 37, Name: "song.mp3", Type: "audio/mpeg", Size: 3e6},
		picture("b.png"), {ID: 38, Name: "film.mov", Type: "video/quicktime"}, {ID: 39, Name: "x", Type: "application/x"}}))
	at := 0
	for _, want := range []string{`<div class="gallery">`, `href="/f/10/a.png"`, `href="/f/10/b.png"`, `</div>`,
		`<audio controls preload="none" src="/f/11/song.mp3" aria-label="song.mp3">`,
		`<a href="/f/11/song.mp3" download><bdi>song.mp3</bdi></a> <small>MP3 · 3.0 MB</small>`,
		`<video controls preload="metadata" src="/f/12/film.mov" aria-label="film.mov" width="400" height="225">`,
		`<small>File · 0 B</small>`} {
		i := strings.Index(html[at:], want)
		if i < 0 {
			t.Fatalf("no %s after %s", want, html[:at])
		}
		at += i
	}
	if strings.Contains(html, "style=") {
		t.Error("a style that the CSP forbids")
	}
	if one := render(t, attachments([]chat.Attachment{picture("a.png")})); strings.Contains(one, "gallery") {
		t.Error(one)
	}
}
