package linkpreview

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFetch(t *testing.T) {
	drawing := picture(t)
	f := fetcher(t, func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "Chit-Chat link preview" {
			t.Error(r.UserAgent())
		}
		switch r.URL.Path {
		case "/a.png":
			w.Header().Set("Content-Type", "text/plain") // the bytes count
			_, _ = w.Write(drawing)
		case "/large.png":
			_, _ = w.Write(append(drawing, make([]byte, maxBody)...))
		case "/a.svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			_, _ = w.Write([]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"))
		case "/text", "/json", "/nothing", "/xhtml":
			kinds := map[string]string{"/text": "text/plain", "/json": "application/json", "/xhtml": "application/xhtml+xml"}
			w.Header().Set("Content-Type", kinds[r.URL.Path])
			_, _ = w.Write([]byte("<title>T</title>"))
		case "/gone":
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte("<title>T</title>"))
		case "/untitled":
			says("<p>words")(w, r)
		default:
			says(`<title>T</title><meta property="og:image" content="`+r.URL.Path[2:]+`">`)(w, r)
		}
	})
	for path, want := range map[string]bool{"/-/a.png": true, "/-/large.png": false, "/-/a.svg": false, "/-/gone": false,
		"/-http://chat.example/a.png": false, "/-http://www.example:8080/a.png": false} {
		p, err := f.Fetch(t.Context(), "http://www.example"+path)
		if err != nil || p.Title != "T" || p.Site != "example" || (p.Picture != nil) != want ||
			want && (!bytes.Equal(p.Picture, drawing) || p.PictureType != "image/png") {
			t.Errorf("%s: %v, %+v", path, err, p)
		}
	}
	for path, want := range map[string]error{"/text": errAnswer, "/json": errAnswer, "/nothing": errAnswer,
		"/gone": errAnswer, "/untitled": errNoTitle, "/xhtml": nil} {
		if _, err := f.Fetch(t.Context(), "http://www.example"+path); !errors.Is(err, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, link := range []string{"http://chat.example/c/general-talk", "file:///etc/passwd", "", ":", "/x"} {
		if _, err := f.Fetch(t.Context(), link); err == nil {
			t.Errorf("%q is fetched", link)
		}
	}
}

// A server that never answers, or never ends its answer, costs three seconds; so does one whose picture never comes,
// and then there is a preview without it.
func TestSlowServers(t *testing.T) {
	for name, web := range map[string]http.HandlerFunc{
		"no answer": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"no end": func(w http.ResponseWriter, r *http.Request) {
			says("<title>T</title>")(w, r)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
		"drops": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("<"))
				_ = http.NewResponseController(w).Flush()
				select {
				case <-time.After(time.Second):
				case <-r.Context().Done():
				}
			}
		},
		"no picture": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/a.png" {
				<-r.Context().Done()
			}
			says(`<title>T</title><meta property=og:image content=/a.png><body>`)(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := fetcher(t, web)
				begun := time.Now()
				p, err := f.Fetch(t.Context(), "http://www.example/")
				took := time.Since(begun)
				if name == "no picture" {
					if err != nil || p.Title != "T" || p.Picture != nil || took != fetchTime {
						t.Errorf("%+v, %v, after %v", p, err, took)
					}
				} else if name == "no end" && (err != nil || p.Title != "T" || took != fetchTime) {
					t.Errorf("what was read is lost: %+v, %v", p, err)
				} else if took != fetchTime || name == "no answer" && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, after %v", err, took)
				}
			})
		})
	}
}

// What is read of an answer is bounded, whatever it would unfold to.
func TestEndlessAnswers(t *testing.T) {
	const beginning, far = `<title>T</title>`, `<meta name=description content=far>`
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for _, piece := range []string{beginning, strings.Repeat(" ", 2*maxBody), far} {
		if _, err := z.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var sent atomic.Int64
	f := fetcher(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/header":
			w.Header().Set("X", strings.Repeat("x", 2*maxHeader))
		case "/endless":
			n, err := w.Write([]byte(beginning))
			for piece := bytes.Repeat([]byte(" "), 1<<10); err == nil; n, err = w.Write(piece) {
				sent.Add(int64(n))
			}
		case "/one":
			_, _ = w.Write([]byte("<title>" + strings.Repeat("x", 2*maxBody)))
		}
	})
	for _, path := range []string{"/bomb", "/endless"} {
		p, err := f.Fetch(t.Context(), "http://www.example"+path)
		if err != nil || p.Title != "T" || p.Description != "" {
			t.Errorf("%s: %+v, %v", path, p, err)
		}
	}
	if n := sent.Load(); n > 2*maxBody {
		t.Errorf("%d bytes were read", n)
	}
	if p, err := f.Fetch(t.Context(), "http://www.example/one"); len(p.Title) > MaxTitleLen+len("…") {
		t.Errorf("a title of %d bytes: %v", len(p.Title), err)
	}
	if _, err := f.Fetch(t.Context(), "http://www.example/header"); err == nil {
		t.Error("the header is read without end")
	}
}
