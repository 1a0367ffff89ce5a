package handlers

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// Benchmarks over HTTP: the client runs on the same cores as the server, with sessions, a log written like the
// program's, and no limits. Figures to compare belong in one benchmark, because those of one machine vary by a third
// from one minute to the next.

// wire is a client that costs next to nothing: requests are bytes made beforehand, and of an answer it reads only the
// length.
type wire struct {
	conn net.Conn
	r    *bufio.Reader
}

func dial(b *testing.B, address string) *wire {
	b.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return &wire{conn, bufio.NewReaderSize(conn, 64<<10)}
}

// send makes one request, and returns the status and the length of the body.
func (w *wire) send(request []byte) (status, length int, err error) {
	if _, err := w.conn.Write(request); err != nil {
		return 0, 0, err
	}
	for first := true; ; first = false {
		line, err := w.r.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		switch {
		case first:
			status, err = strconv.Atoi(string(line[9:12]))
		case len(line) <= 2:
			_, err := w.r.Discard(length)
			return status, length, err
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			length, err = strconv.Atoi(string(bytes.TrimSpace(line[16:])))
		}
		if err != nil {
			return 0, 0, err
		}
	}
}

// browser are the headers that a browser sends with every request.
const browser = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 " +
	"Safari/537.36\r\n" +
	"Accept-Language: en-GB,en;q=0.9\r\nSec-Fetch-Site: same-origin\r\nConnection: keep-alive\r\n"

func (p *testClient) header(method, path, more string) string {
	u, err := url.Parse(p.url)
	if err != nil {
		p.t.Fatal(err)
	}
	var cookies []string
	for _, c := range p.jar.Cookies(u) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return method + " " + path + " HTTP/1.1\r\nHost: " + u.Host + "\r\n" + browser + "Cookie: " +
		strings.Join(cookies, "; ") + "\r\n" + more
}

// page returns a GET as a browser navigates; encoding is the encoding it accepts, or "".
func (p *testClient) page(path, encoding string) []byte {
	more := "Accept: text/html,*/*;q=0.8\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
	if encoding != "" {
		more += "Accept-Encoding: " + encoding + "\r\n"
	}
	return []byte(p.header("GET", path, more) + "\r\n")
}

// draft returns a message's form as htmx sends it.
func (p *testClient) draft(id, body string) []byte {
	form, kind := multipartForm(p.t, part{name: "client_id", content: id}, part{name: "body", content: body})
	return append([]byte(p.header("POST", general+"/messages", fmt.Sprintf(
		"Accept: text/html\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nHX-Request: true\r\nOrigin: %s\r\nContent-Type: "+
			"%s\r\nContent-Length: %d\r\n",
		p.url, kind, len(form)))+"\r\n"), form...)
}

const hundred = "about a hundred bytes is what most of the messages have that people write to each other in " +
	"a chat all day"

func newBenchServer(b *testing.B) *testServer {
	b.Helper()
	return newTestServer(b, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(io.Discard, nil)) })
}

// load sends b.N requests over the wires, and reports how many a second.
func load(b *testing.B, wires []*wire, request func(poster, n int) []byte, unit string) {
	b.Helper()
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	b.ResetTimer()
	for i, w := range wires {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				status, length, err := w.send(request(i, int(n)))
				if err == nil && (status != 200 || length == 0) {
					err = fmt.Errorf("status %d, %d bytes", status, length)
				}
				if err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), unit)
}

// BenchmarkPost posts over HTTP: from one user, for the cost of a single post, and from 256 at once. It also measures
// the same round trip without a message; chat's BenchmarkBareInsert measures SQLite in a bare loop.
func BenchmarkPost(b *testing.B) {
	for _, people := range []int{1, 256} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			s := newBenchServer(b)
			wires, posters := make([]*wire, people), make([]*testClient, people)
			for i := range people {
				posters[i] = s.signedIn(fmt.Sprintf("poster %d", i))
				wires[i] = dial(b, s.url)
			}
			load(b, wires, func(poster, n int) []byte { return posters[poster].draft(fmt.Sprintf("client-%09d", n), hundred) },
				"messages/s")
		})
	}
	b.Run("roundtrip", func(b *testing.B) {
		s := newBenchServer(b)
		ada := s.signedIn("Ada")
		request := ada.draft("x", hundred)
		s.app.Post("/constant", func(c *fiber.Ctx) error { return c.SendString("ok") })
		request = bytes.Replace(request, []byte(general+"/messages"), []byte("/constant"), 1)
		load(b, []*wire{dial(b, s.url)}, func(int, int) []byte { return request }, "requests/s")
	})
}

// BenchmarkSignIn creates users by the sign-in form, including the wait for the disk.
func BenchmarkSignIn(b *testing.B) {
	s := newBenchServer(b)
	p, w := s.newClient(), dial(b, s.url)
	b.ResetTimer()
	for n := range b.N {
		form := fmt.Sprintf("name=New+%d", n)
		status, _, err := w.send([]byte(p.header("POST", "/signin", fmt.Sprintf(
			"Origin: %s\r\nContent-Type: "+
				"application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", p.url, len(form), form))))
		if err != nil || status != 303 {
			b.Fatal(status, err)
		}
	}
}

// BenchmarkPage opens a warm channel of a hundred messages, pages through its history, and fetches the same bytes from
// Fiber as constants.
func BenchmarkPage(b *testing.B) {
	const readers = 16
	s := newBenchServer(b)
	people := make([]*testClient, readers)
	for i := range people {
		people[i] = s.signedIn(fmt.Sprintf("reader %d", i))
		people[i].get(general).want(200) // the first page after signing in lists who is present
	}
	for i := range 300 {
		people[i%readers].say(fmt.Sprintf("%d: %s", i, hundred))
	}
	for _, path := range []string{general, general + "?before=200"} {
		for _, encoding := range []string{"", "gzip", "br"} {
			b.Run(fmt.Sprintf("path=%s/encoding=%s", path[3:], encoding), func(b *testing.B) {
				var constant []byte
				b.Run("ours", func(b *testing.B) {
					headers := []string{"Accept-Encoding", encoding}
					constant = []byte(people[0].get(path, headers...).want(200).body)
					requests, wires := make([][]byte, readers), make([]*wire, readers)
					for i, p := range people {
						requests[i], wires[i] = p.page(path, encoding), dial(b, s.url)
						if _, _, err := wires[i].send(requests[i]); err != nil {
							b.Fatal(err)
						}
					}
					b.SetBytes(int64(len(constant)))
					load(b, wires, func(reader, _ int) []byte { return requests[reader] }, "pages/s")
				})
				b.Run("constant", func(b *testing.B) {
					app := fiber.New(fiber.Config{DisableStartupMessage: true})
					app.Get("/*", func(c *fiber.Ctx) error {
						c.Set(fiber.HeaderContentType, htmlType)
						if encoding != "" {
							c.Set(fiber.HeaderContentEncoding, encoding)
						}
						return c.Send(constant)
					})
					ln, err := net.Listen("tcp", "127.0.0.1:0")
					if err != nil {
						b.Fatal(err)
					}
					served := make(chan error, 1)
					go func() { served <- app.Listener(ln) }()
					defer func() {
						if err := errors.Join(app.Shutdown(), <-served); err != nil {
							b.Error(err)
						}
					}()
					requests, wires := make([][]byte, readers), make([]*wire, readers)
					for i, p := range people {
						requests[i], wires[i] = p.page(path, encoding), dial(b, ln.Addr().String())
					}
					defer func() {
						for _, w := range wires {
							_ = w.conn.Close()
						}
					}()
					b.SetBytes(int64(len(constant)))
					load(b, wires, func(reader, _ int) []byte { return requests[reader] }, "pages/s")
				})
			})
		}
	}
}

// BenchmarkPageAfterMessage opens a channel of a hundred messages in which a message was posted since it was last
// opened; posting is not measured.
func BenchmarkPageAfterMessage(b *testing.B) {
	for _, encoding := range []string{"", "gzip", "br"} {
		b.Run("encoding="+encoding, func(b *testing.B) {
			s := newBenchServer(b)
			ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
			for i := range 120 {
				bob.say(fmt.Sprintf("%d: %s", i, hundred))
			}
			w, request := dial(b, s.url), ada.page(general, encoding)
			for i := 0; b.Loop(); i++ {
				b.StopTimer()
				bob.say(fmt.Sprintf("then %d: %s", i, hundred))
				b.StartTimer()
				if status, _, err := w.send(request); status != 200 || err != nil {
					b.Fatal(status, err)
				}
			}
		})
	}
}
