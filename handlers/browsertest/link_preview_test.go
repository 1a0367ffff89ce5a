package browsertest

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"chitchat/chat"
	"chitchat/handlers"
	"chitchat/uploads"
)

// site stands for the web: it has a page at each address, with a picture unless the address ends with "plain".
type site struct{ files *uploads.Store }

func (s site) FetchLink(ctx context.Context, url string) (chat.FetchedLink, error) {
	p := chat.FetchedLink{Title: "What people say about the page at " + url, Site: "Example <News>",
		Description: strings.Repeat("What it is about, in a few words and then some more. ", 5)}
	if strings.HasSuffix(url, "plain") {
		return p, nil
	}
	drawing := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for i := range drawing.Pix {
		drawing.Pix[i] = uint8(i * i / 999)
	}
	drawing.Set(0, 0, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, drawing); err != nil {
		return p, err
	}
	f, err := s.files.ReceiveSquare(ctx, "links", "picture.png", &b, uploads.Square{Side: 144})
	if err != nil {
		return p, err
	}
	p.Picture = chat.NewID()
	return p, s.files.Keep(f, p.Picture.String())
}

// startHere starts the server within this process, so that it fetches the pages of a test.
func startHere(t *testing.T) *App {
	t.Helper()
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	files, err := uploads.Open(filepath.Join(dir, "uploads"), uploads.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	c, err := chat.Open(t.Context(), chat.Options{Path: filepath.Join(dir, "chat.db"), RenderRow: handlers.RenderRow,
		Frame: handlers.Frame, Log: log, Links: site{files}})
	if err != nil {
		t.Fatal(err)
	}
	server, err := handlers.New(handlers.Options{Chat: c, Files: files, Log: log, MaxUpload: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		for _, end := range []func() error{func() error { return server.Shutdown(context.Background()) },
			func() error { return <-served }, c.Close, files.Close} {
			if err := end(); err != nil {
				t.Error(err)
			}
		}
	})
	return At(t, "http://"+listener.Addr().String())
}

// Two people see what a page says of itself as soon as it is known; its author removes it for both.
func TestLinkPreviews(t *testing.T) {
	t.Parallel()
	app := startHere(t)
	_, ada := app.SignedIn("Ada")
	_, bob := app.SignedIn("Bob")
	const shown = `[...document.querySelectorAll('#messages .link-preview')]`
	app.Step("both see it, with its picture, and only the author can remove it", func() {
		ada.Say("look: https://news.example/a and https://news.example/plain")
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("two previews", shown+`.length === 2 && `+shown+`[0].innerText.includes('Example <News>')`)
			tab.Wait("the picture", shown+`[0].querySelector('img').naturalWidth === 144`)
		}
		ada.Accessible("a channel with link previews")
		bob.Wait("no button", shown+`.every(p => getComputedStyle(p.querySelector('.own')).display === 'none')`)
		ada.Wait("a button", shown+`.every(p => getComputedStyle(p.querySelector('.own')).display !== 'none')`)
	})
	app.Step("on a phone a title has two lines, and the button room for a finger", func() {
		ada.Phone()
		ada.Wait("two lines", `(a => a.clientHeight > 1.5 * parseFloat(getComputedStyle(a).lineHeight))(`+shown+
			`[0].querySelector('a'))`)
		ada.Wait("a large button", shown+`.every(p => p.querySelector('.own').offsetHeight >= 40)`)
		ada.Fits("link previews")
		ada.Desk()
		bob.Phone()
		bob.Wait("who has no button has its room", shown+`.every(p => p.getBoundingClientRect().right -
			p.lastElementChild.previousElementSibling.getBoundingClientRect().right < 13)`)
		bob.Desk()
	})
	app.Step("the author removes one, in place", func() {
		ada.Click("#messages .link-preview .own")
		for _, tab := range []*Tab{ada, bob} {
			tab.Wait("one is left", shown+`.length === 1 && `+shown+`[0].innerText.includes('plain')`)
		}
	})
	app.Step("and the other one without JavaScript", func() {
		ada.NoScript()
		ada.Open("/c/" + general + "/1")
		ada.Click("#messages .link-preview .own")
		bob.Wait("none is left", shown+`.length === 0`)
	})
}
