package handlers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func picture(t testing.TB, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bomb is the head of a picture of so many pixels, and nothing of them.
func bomb(w, h uint32) string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		b.WriteString(kind)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})
	chunk("IEND", nil)
	return b.String()
}

// stored counts the files on the disk.
func (s *site) stored() int {
	s.t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(s.dir, "uploads"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestUpload(t *testing.T) {
	s := openSite(t, func(o *Options) { o.MaxUpload = 1 << 20 })
	p := s.person("Ann")
	path := general + "/messages"

	t.Run("posts files with or without a text, in any order of fields", func(t *testing.T) {
		p.upload(path, nil, part{"file", "a.txt", "alpha"}, part{"body", "", "look"}, part{"file", "a.txt", "beta"}, part{"client_id", "", "f1"}).to(general)
		page := p.get(general).want(200, "look", "a.txt").body
		links := filePattern.FindAllString(page, -1)
		if len(links) != 2 || links[0] == links[1] {
			t.Fatal("two files of one name:", links)
		}
		p.get(links[0]).want(200, "alpha")
		p.get(links[1]).want(200, "beta")
		p.upload(path, asHTMX, part{"file", "dot.png", picture(t, 3, 2)}).want(200, "<img", `width="`, `height="`)
	})
	t.Run("takes a retry's files once", func(t *testing.T) {
		parts := []part{{"client_id", "", "retry"}, {"file", "r.txt", "once"}}
		p.upload(path, asHTMX, parts...).want(200)
		before := s.stored()
		p.upload(path, asHTMX, parts...).want(200)
		if after := s.stored(); after != before {
			t.Errorf("%d files became %d", before, after)
		}
	})
	t.Run("removes a deleted message's files", func(t *testing.T) {
		p := p.in(t)
		row := p.upload(path, asHTMX, part{"file", "gone.txt", "soon gone"}).want(200).body
		file := filePattern.FindString(row)
		_, seq, _ := strings.Cut(row, `data-seq="`)
		seq, _, _ = strings.Cut(seq, `"`)
		p.get(file).want(200, "soon gone")
		p.post(general+"/"+seq+"/delete", nil).want(303)
		p.get(file).want(404)
	})
	t.Run("says why a file is refused, and keeps text and other files", func(t *testing.T) {
		for name, c := range map[string]struct {
			file   part
			status int
		}{
			"too large":          {part{"file", "big.txt", strings.Repeat("x", 1<<20+1)}, 413},
			"HTML called .png":   {part{"file", "page.png", "<!doctype html><script>alert(1)</script>"}, 415},
			"SVG":                {part{"file", "i.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`}, 415},
			"SVG called .png":    {part{"file", "i.png", `<svg xmlns="http://www.w3.org/2000/svg"/>`}, 415},
			"no extension":       {part{"file", "README", "text"}, 415},
			"a program":          {part{"file", "x.exe", "MZ\x90\x00"}, 415},
			"a PNG bomb":         {part{"file", "bomb.png", bomb(50_000, 50_000)}, 413},
			"half a picture":     {part{"file", "half.png", picture(t, 300, 300)[:100]}, 422},
			"an empty file":      {part{"file", "empty.txt", ""}, 422},
			"PNG called .txt":    {part{"file", "p.txt", picture(t, 2, 2)}, 415},
			"a path for a name":  {part{"file", "../../etc/passwd", "root"}, 415},
			"markup in the name": {part{"file", "<img src=x>.exe", "MZ"}, 415},
		} {
			t.Run(name, func(t *testing.T) {
				good := part{"file", "good.txt", "good " + name}
				a := p.upload(path, asHTMX, part{"body", "", "the text"}, good, c.file, part{"client_id", "", name})
				a.want(c.status, "the text</textarea>", "good.txt", `class="refused"`, `value="`+name+`"`).wantNot("<html", "etc/", "<img src=x")
				kept := keptPattern.FindStringSubmatch(a.body)
				if kept == nil {
					t.Fatal("nothing was kept:", a.body)
				}
				again := p.upload(path, asHTMX, part{"kept", "", kept[1]}, part{"body", "", "the text"}, part{"client_id", "", name}).want(200, "good.txt")
				p.get(filePattern.FindString(again.body)).want(200, "good "+name)
			})
		}
	})
	t.Run("shows a plain form's faults in the whole page", func(t *testing.T) {
		p := p.in(t)
		p.upload(path, nil, part{"body", "", "plain text"}, part{"file", "x.exe", "MZ"}).want(415, "<html", "plain text</textarea>", `class="refused"`)
	})
	t.Run("keeps files of a message that is refused", func(t *testing.T) {
		a := p.upload(path, asHTMX, part{"body", "", strings.Repeat("x", 8001)}, part{"file", "stay.txt", "stays"}).want(422, "stay.txt")
		if keptPattern.FindString(a.body) == "" {
			t.Error("not kept")
		}
	})
	t.Run("takes ten files and no more", func(t *testing.T) {
		var parts []part
		for i := range 12 {
			parts = append(parts, part{"file", fmt.Sprintf("n%d.txt", i), "x"})
		}
		a := p.upload(path, asHTMX, parts...).want(422, "At most 10 files")
		if n := len(keptPattern.FindAllString(a.body, -1)); n != 10 {
			t.Error("kept", n)
		}
	})
	t.Run("gives nobody another's kept files", func(t *testing.T) {
		p := p.in(t)
		a := p.upload(path, asHTMX, part{"body", "", strings.Repeat("x", 8001)}, part{"file", "mine.txt", "mine"}).want(422)
		kept := keptPattern.FindStringSubmatch(a.body)[1]
		q := s.person("Mallory")
		q.upload(path, asHTMX, part{"kept", "", kept}, part{"body", "", "hers"}).wantNot("mine.txt")
		q.get("/f/" + kept + "/mine.txt").want(404)
	})
}

func TestUploadPastTheLimit(t *testing.T) {
	s := openSite(t, func(o *Options) { o.MaxUpload = 64 << 10 })
	p := s.person("Ann")
	body, kind := multipartForm(t, part{"body", "", "text first"}, part{"file", "endless.txt", strings.Repeat("endless ", 1<<20)})
	chunked := io.MultiReader(bytes.NewReader(body)) // of a type whose length net/http cannot tell
	p.send("POST", general+"/messages", chunked, append(asHTMX, "Content-Type", kind)...).want(413, "text first</textarea>")
	p.send("POST", general+"/messages", bytes.NewReader(body), append(asHTMX, "Content-Type", kind)...).want(413)
	p.send("POST", "/signin", io.MultiReader(strings.NewReader("name="+strings.Repeat("x", 1<<20))), "Content-Type", "application/x-www-form-urlencoded").want(413)
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
	p.get(general).want(200).wantNot("<article")
}

func TestCutUploadLeavesNothing(t *testing.T) {
	s := openSite(t)
	p := s.person("Ann")
	body, kind := multipartForm(t, part{"client_id", "", "cut"}, part{"body", "", "never to be seen"}, part{"file", "done.txt", "complete"}, part{"file", "cut.txt", strings.Repeat("cut ", 20_000)})
	for name, head := range map[string]string{
		"of known length": fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)),
		"chunked":         fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", len(body)),
	} {
		for _, cut := range []int{len(body) - 40_000, len(body) - 10, 300} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = fmt.Fprintf(conn, "POST %s/messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: %s\r\n%s", general, cookies(p), kind, head)
			_, _ = conn.Write(body[:cut])
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			answer, _ := io.ReadAll(conn)
			if bytes.HasPrefix(answer, []byte("HTTP/1.1 2")) || bytes.HasPrefix(answer, []byte("HTTP/1.1 3")) {
				t.Errorf("%s, cut after %d: %.100s", name, cut, answer)
			}
			_ = conn.Close()
		}
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(conn, "POST %s/messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nbody=half+a+mess", general, cookies(p))
	_ = conn.Close()
	time.Sleep(100 * time.Millisecond)
	p.get(general).want(200).wantNot("<article")
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
}

func TestShutdownGivesUpHalfSentUploads(t *testing.T) {
	s := openSite(t)
	body, kind := multipartForm(t, part{"body", "", "never to be seen"}, part{"file", "done.txt", "complete"}, part{"file", "cut.txt", strings.Repeat("cut ", 20_000)})
	cookie := cookies(s.person("Ann"))
	var conns []net.Conn
	for _, head := range []string{fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body)), fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", len(body))} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		_, _ = fmt.Fprintf(conn, "POST %s/messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\nContent-Type: %s\r\n%s", general, cookie, kind, head)
		_, _ = conn.Write(body[:len(body)-20_000])
		conns = append(conns, conn)
	}
	for deadline := time.Now().Add(5 * time.Second); s.stored() < 4; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the uploads did not begin:", s.stored())
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	start := time.Now()
	if err := s.Shutdown(ctx); err != nil || time.Since(start) > 3*time.Second {
		t.Errorf("down after %v: %v", time.Since(start), err)
	}
	if n := s.stored(); n != 0 {
		t.Error(n, "files stay")
	}
	for _, conn := range conns {
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		if got, _ := io.ReadAll(conn); !bytes.HasPrefix(got, []byte("HTTP/1.1 400")) {
			t.Errorf("%.100s", got)
		}
	}
	if log := s.log.String(); strings.Contains(log, "level=ERROR") {
		t.Error(log)
	}
}

func TestPostLimitNamesTheFilesThatWereNotTaken(t *testing.T) {
	s := openSite(t, func(o *Options) { o.Posts = 1 })
	p := s.person("Ann")
	startOfMinute(t)
	p.say("the only one")
	parts := []part{{"body", "", "with files"}, {"file", "one.txt", "1"}, {"file", "two.txt", "2"}}
	p.upload(general+"/messages", nil, parts...).want(429, "with files</textarea>", "too often", "one.txt", "two.txt", "not taken")
	// To htmx they are not named: its page would forget the files that it still has.
	p.upload(general+"/messages", asHTMX, parts...).want(429, "with files</textarea>", "too often").wantNot("one.txt")
	if n := s.stored(); n != 0 {
		t.Error(n, "files were stored")
	}
}

func TestUploadLimit(t *testing.T) {
	s := openSite(t, func(o *Options) { o.Uploads = 3 })
	p := s.person("Ann")
	refused := 0
	for i := range 8 {
		a := p.upload(general+"/messages", asHTMX, part{"body", "", "t"}, part{"file", fmt.Sprintf("%d.txt", i), "x"})
		if a.StatusCode == http.StatusTooManyRequests {
			refused++
			a.want(429, "t</textarea>", `class="refused"`)
		}
	}
	if refused == 0 || refused > 5 {
		t.Errorf("%d of 8 were refused", refused)
	}
	p.say("texts are not held up")
}

// TestUploadMemory holds that a large file passes through without standing in memory.
func TestUploadMemory(t *testing.T) {
	s := openSite(t)
	p := s.person("Ann")
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
	t.Logf("25 MB: heap in use +%.1f MB at most, %.1f MB allocated in all", float64(grown)/(1<<20), float64(after.TotalAlloc-before.TotalAlloc)/(1<<20))
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

// TestUnreadBodyIsNoRequest holds that the body of a refused form is not taken for the connection's next request.
func TestUnreadBodyIsNoRequest(t *testing.T) {
	s := openSite(t)
	inner := "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\nname=Smuggled"
	pad := strings.Repeat("x", 40_000) + "\r\n"
	for name, request := range map[string]string{
		"foreign, small":   fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nOrigin: http://evil\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"foreign, large":   fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nOrigin: http://evil\r\nContent-Length: %d\r\n\r\n%s%s", len(pad+inner), pad, inner),
		"foreign, chunked": fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nOrigin: http://evil\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(inner), inner),
		"signed out":       fmt.Sprintf("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"not there":        fmt.Sprintf("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"of a GET":         fmt.Sprintf("GET /signin HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner),
		"unfinished":       fmt.Sprintf("POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(inner), inner),
		"too large":        fmt.Sprintf("POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s%s", len(pad)*3+len(inner), pad+pad+pad, inner),
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, request)
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.SetReadDeadline(time.Now().Add(15 * time.Second))
			r := bufio.NewReader(conn)
			answers := 0
			for {
				res, err := http.ReadResponse(r, nil)
				if err != nil {
					break
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				answers++
				if strings.HasPrefix(res.Header.Get("Set-Cookie"), "chitchat=") {
					t.Error("somebody was signed in")
				}
			}
			if answers != 1 {
				t.Errorf("%d answers to one request", answers)
			}
		})
	}
	s.stranger().post("/signin", url.Values{"name": {"Smuggled"}}).want(303) // the name is free
}
