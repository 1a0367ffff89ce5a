package handlers

import (
	"bytes"
	"context"
	"errors"
	"image"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
	"chitchat/chat/linkpreview"
	"chitchat/uploads"
)

// A fetched picture is stored as a small square, made anew. One that is none, or too large to be decoded, is left out,
// and the texts stay.
func TestPicturesOfFetchedLinks(t *testing.T) {
	files, err := uploads.Open(t.TempDir(), uploads.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	log := slog.New(slog.NewTextHandler(&said, nil))
	of := func(data string) (chat.FetchedLink, error) {
		f := linkFetcher{func(context.Context, string) (linkpreview.Preview, error) {
			return linkpreview.Preview{Title: "T", Description: "D", Site: "S", Picture: []byte(data),
				PictureType: "image/png"}, nil
		}, files, log}
		return f.FetchLink(t.Context(), "https://example.org/")
	}
	link, err := of(picture(t, 300, 200))
	if err != nil || link.Title != "T" || link.Description != "D" || link.Site != "S" || link.Picture == 0 {
		t.Fatal(link, err)
	}
	kept, err := files.Open(link.Picture.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	shown, _, err := image.DecodeConfig(kept)
	info, statErr := kept.Stat()
	if err != nil || statErr != nil || shown.Width != previewSide || shown.Height != previewSide ||
		info.Size() != link.PictureSize {
		t.Error(shown, err, info.Size(), link.PictureSize)
	}
	bomb := []byte(picture(t, 1, 1))
	copy(bomb[16:], "\x00\x00\xff\xff\x00\x00\xff\xff") // the width and height of its header
	for name, data := range map[string]string{"words": "not a picture", "a bomb": string(bomb),
		"more than 4 megapixels": picture(t, 4100, 1000), "cut off": picture(t, 300, 200)[:60]} {
		if link, err := of(data); err != nil || link.Title != "T" || link.Picture != 0 {
			t.Errorf("%s: %+v, %v", name, link, err)
		}
	}
	if said.Len() > 0 {
		t.Errorf("pages fill the log: %s", said.String())
	}
	gone := linkFetcher{func(context.Context, string) (linkpreview.Preview, error) {
		return linkpreview.Preview{}, errors.New("gone")
	}, files, log}
	if link, err := gone.FetchLink(t.Context(), "https://example.org/"); err == nil || link != (chat.FetchedLink{}) {
		t.Error(link, err)
	}
	if err := files.Close(); err != nil { // so that nothing can be stored
		t.Fatal(err)
	}
	link, err = of(picture(t, 300, 200))
	if err != nil || link.Title != "T" || link.Picture != 0 || !strings.Contains(said.String(), "no picture") {
		t.Errorf("%+v, %v, and the log says %q", link, err, said.String())
	}
}

// The server fetches no page of its own, and none of this machine.
func TestOwnPagesAreNotFetched(t *testing.T) {
	files, err := uploads.Open(t.TempDir(), uploads.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := NewLinkFetcher(files, "https://chat.example.org", []string{"other.example.org"},
		slog.New(slog.DiscardHandler))
	for _, url := range []string{"https://chat.example.org/c/general", "http://other.example.org/", "http://127.0.0.1/",
		"http://localhost/", "http://[::1]/"} {
		if _, err := f.FetchLink(t.Context(), url); err == nil || !strings.Contains(err.Error(), "linkpreview:") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// The owner can turn previews off: the settings say so, and a row shows none until they are on again.
func TestLinkPreviewsCanBeHidden(t *testing.T) {
	s := newTestServer(t)
	owner, ada := s.own("Olga", "open"), s.signedIn("Ada")
	const link, off = "https://preview.example/", `name="link-previews" value="hidden" checked`
	ada.post(general+"/messages", url.Values{"body": {link}}).want(303)
	for _, insert := range []string{
		`INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture, picture_size)
			VALUES (1, $1, 0, 4000000000000, 'A tamarind', '', '', 0, 0)`,
		`INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
			SELECT channel_id, seq, $1, $1, 0, 1, 1 FROM messages`,
		`UPDATE messages SET link_previews = 1 WHERE body = $1`,
	} {
		if _, err := s.db.ExecContext(t.Context(), insert, link); err != nil {
			t.Fatal(err)
		}
	}
	ada.post(general+"/1/edit", url.Values{"body": {"see " + link}}).want(303) // so that the row is rendered anew
	set := func(choice ...string) {
		t.Helper()
		owner.post("/admin/settings", url.Values{"workspace": {"The Works"}, "access": {"open"},
			"link-previews": choice}).want(303)
	}
	owner.get("/admin/settings").want(200, `name="link-previews" value="shown" checked`).wantNot(off)
	ada.get(general).want(200, "A tamarind")
	set("hidden")
	owner.get("/admin/settings").want(200, off).wantNot(`name="link-previews" value="shown" checked`)
	ada.get(general).want(200, "see <a").wantNot("A tamarind")
	set() // a form from before the setting changes nothing of it
	ada.get(general).want(200, "see <a").wantNot("A tamarind")
	owner.post("/admin/settings", url.Values{"workspace": {""}, "link-previews": {"shown"}}).
		want(422, `name="link-previews" value="shown" checked`)
	ada.get(general).want(200).wantNot("A tamarind")
	set("shown")
	ada.get(general).want(200, "A tamarind")
	owner.get("/admin/audit").want(200, "link previews hidden", "link previews shown")
}
