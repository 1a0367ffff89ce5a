package handlers

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestUploadPastTheLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.MaxUpload = 64 << 10 })
	p := s.signedIn("Ann")
	body, kind := multipartForm(t, part{"body", "", "text first"},
		part{"file", "endless.txt", strings.Repeat("endless ", 1<<20)})
	chunked := io.MultiReader(bytes.NewReader(body)) // a type whose length net/http does not know
	p.send("POST", general+"/messages", chunked, append(asHTMX, "Content-Type", kind)...).
		want(413, "text first</textarea>")
	p.send("POST", general+"/messages", bytes.NewReader(body), append(asHTMX, "Content-Type", kind)...).want(413)
	p.send("POST", "/signin", io.MultiReader(strings.NewReader("name="+strings.Repeat("x", 1<<20))), "Content-Type",
		"application/x-www-form-urlencoded").want(413)
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
	p.get(general).want(200).wantNot("<article")
}

func TestPostLimitNamesTheFilesThatWereNotTaken(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Posts = 1 })
	p := s.signedIn("Ann")
	p.say("the only one")
	parts := []part{{"body", "", "with files"}, {"file", "one.txt", "1"}, {"file", "two.txt", "2"}}
	p.upload(general+"/messages", nil, parts...).
		want(429, "with files</textarea>", "too often", "one.txt", "two.txt", "not taken")
	// htmx gets no names: its page would drop the files that it still has.
	p.upload(general+"/messages", asHTMX, parts...).want(429, "with files</textarea>", "too often").wantNot("one.txt")
	if n := s.stored(); n != 0 {
		t.Error(n, "files were stored")
	}
}

func TestUploadLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Uploads = 3 })
	p := s.signedIn("Ann")
	refused := 0
	for i := range 8 {
		a := p.upload(general+"/messages", asHTMX, part{"body", "", "t"}, part{"file", fmt.Sprintf("%d.txt", i), "x"})
		if a.StatusCode == http.StatusTooManyRequests {
			refused++
			a.want(429, "t</textarea>", `class="refused"`)
		}
	}
	if refused != 5 {
		t.Errorf("%d of 8 were refused", refused)
	}
	p.say("texts are not held up")
}

// TestUploadMemory tests that a large file is streamed, not held in memory.
func TestUploadMemory(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	p.upload(general+"/messages", nil, part{"file", "warm.txt", "warm up"}).want(303)

	const head = "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.txt\"\r\n\r\n"
	size := 25<<20 - 1
	content := io.LimitReader(repeat("All work and no play makes a large file.\n"), int64(size))
	body := io.MultiReader(strings.NewReader(head), content, strings.NewReader("\r\n--B--\r\n"))
	runtime.GC()
	var before, now, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			runtime.ReadMemStats(&now)
			peak.Store(max(peak.Load(), now.HeapInuse))
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	p.send("POST", general+"/messages", body, "Content-Type", "multipart/form-data; boundary=B").want(303)
	close(stop)
	<-stopped
	runtime.ReadMemStats(&after)
	grown := int64(peak.Load()) - int64(before.HeapInuse)
	t.Logf("25 MB: heap in use +%.1f MB at most, %.1f MB allocated in all", float64(grown)/(1<<20),
		float64(after.TotalAlloc-before.TotalAlloc)/(1<<20))
	if grown > 8<<20 || after.TotalAlloc-before.TotalAlloc > 8<<20 {
		t.Error("too much")
	}
}

type repeat string

func (r repeat) Read(p []byte) (int, error) {
	n := 0
	for n+len(r) <= len(p) {
		n += copy(p[n:], r)
	}
	if n == 0 {
		n = copy(p, r)
	}
	return n, nil
}
