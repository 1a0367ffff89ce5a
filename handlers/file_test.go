package handlers

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestFile(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	const content = "0123456789"
	row := p.upload(general+"/messages", asHTMX, part{"file", "näme \"x\".txt", content}).want(200).body
	path := filePattern.FindString(row)
	a := p.get(path).want(200, content)
	for header, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
		"Cache-Control": "private, no-cache", "Content-Length": "10",
		"Content-Disposition": `inline; filename="n_me _x_.txt"; filename*=UTF-8''n%C3%A4me%20%22x%22.txt`,
	} {
		if got := a.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") ||
		!strings.Contains(csp, "default-src 'none'") {
		t.Error("Content-Security-Policy:", csp)
	}
	etag := a.Header.Get("ETag")

	t.Run("ranges", func(t *testing.T) {
		for asked, want := range map[string]struct {
			status int
			body   string
			where  string
		}{
			"bytes=0-3":                  {206, "0123", "bytes 0-3/10"},
			"bytes=4-":                   {206, "456789", "bytes 4-9/10"},
			"bytes=-3":                   {206, "789", "bytes 7-9/10"},
			"bytes=-30":                  {206, content, "bytes 0-9/10"},
			"bytes=8-99":                 {206, "89", "bytes 8-9/10"},
			"bytes=10-":                  {416, "", "bytes */10"},
			"bytes=-0":                   {416, "", "bytes */10"},
			"bytes=5-3":                  {200, content, ""},
			"bytes=0-1,3-":               {200, content, ""},
			"bytes=x":                    {200, content, ""},
			"lines=0-1":                  {200, content, ""},
			"bytes=+1-2":                 {200, content, ""},
			"bytes=9223372036854775808-": {200, content, ""},
		} {
			a := p.get(path, "Range", asked).want(want.status)
			if a.body != want.body || a.Header.Get("Content-Range") != want.where {
				t.Errorf("%s: %q, %q", asked, a.body, a.Header.Get("Content-Range"))
			}
		}
		p.get(path, "Range", "bytes=0-3", "If-Range", etag).want(206)
		p.get(path, "Range", "bytes=0-3", "If-Range", `"other"`).want(200, content)
	})
	t.Run("a copy that is still good", func(t *testing.T) {
		if a := p.get(path, "If-None-Match", `"x", W/`+etag).want(304); a.body != "" {
			t.Error(a.body)
		}
		p.get(path, "If-None-Match", `"x"`).want(200)
	})
	t.Run("a copy that may be shown no more", func(t *testing.T) {
		bob, cleo := s.signedIn("Bob").in(t), s.signedIn("Cleo").in(t)
		room := p.in(t).createChannel("Side", "1")
		p.in(t).post(room+"/members", url.Values{"name": {"Bob"}}).want(303)
		row := p.in(t).upload(room+"/messages", asHTMX, part{"file", "large.png", picture(t, 1600, 900)}).want(200).body
		file := filePattern.FindString(row)
		for _, path := range []string{file, file[:strings.LastIndex(file, "/")] + "/thumb"} {
			kept := []string{"If-None-Match", bob.get(path).want(200).Header.Get("ETag")}
			bob.get(path, kept...).want(304)
			s.newClient().in(t).get(path, kept...).want(303)
			cleo.get(path, kept...).want(404)
		}
		_, seq, _ := strings.Cut(row, `data-seq="`)
		seq, _, _ = strings.Cut(seq, `"`)
		p.in(t).post(room+"/"+seq+"/delete", nil).want(303)
		bob.get(file, "If-None-Match", "*").want(404)
	})
	t.Run("the head alone", func(t *testing.T) {
		if a := p.send(http.MethodHead, path, nil).want(200); a.body != "" || a.Header.Get("Content-Length") != "10" {
			t.Errorf("%q, Content-Length %q", a.body, a.Header.Get("Content-Length"))
		}
	})
	t.Run("pictures and their thumbnails", func(t *testing.T) {
		row := p.upload(general+"/messages", asHTMX, part{"file", "large.png", picture(t, 1600, 900)}).want(200).body
		path := filePattern.FindString(row)
		if got := p.get(path).want(200).Header.Get("Content-Type"); got != "image/png" {
			t.Error(got)
		}
		thumb := path[:strings.LastIndex(path, "/")] + "/thumb"
		a := p.get(thumb).want(200)
		if !strings.HasPrefix(a.Header.Get("Content-Type"), "image/") ||
			!strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Error(a.Header)
		}
	})
	t.Run("texts say their encoding where it is known", func(t *testing.T) {
		for content, want := range map[string]string{
			"Gr\xc3\xbc\xc3\x9fe": "text/plain; charset=utf-8", "Gr\xfc\xdfe": "text/plain", "\x93\xfa\x96{": "text/plain",
			"\xff\xfea\x00": "text/plain; charset=utf-16le", "\xfe\xff\x00a": "text/plain; charset=utf-16be",
		} {
			row := p.in(t).upload(general+"/messages", asHTMX, part{"file", "a.txt", content}).want(200).body
			if got := p.in(t).get(filePattern.FindString(row)).want(200, content).Header.Get("Content-Type"); got != want {
				t.Errorf("%q: %q, want %q", content, got, want)
			}
		}
	})
	t.Run("a download that is broken off", func(t *testing.T) {
		row := p.in(t).upload(general+"/messages", asHTMX, part{"file", "large.txt", strings.Repeat("large ", 3<<20)}).
			want(200).body
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", filePattern.FindString(row), cookies(p))
		_, _ = conn.Read(make([]byte, 1000))
		_ = conn.Close()
		eventually(t, "no request seems to be under way", func() bool { return s.inFlight.Load() == 0 })
	})
	t.Run("nothing for strangers", func(t *testing.T) {
		if a := s.newClient().get(path).want(303); a.body != "" {
			t.Error(a.body)
		}
	})
}
