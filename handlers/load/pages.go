//go:build linux

package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// serveConstant serves the files of a folder from memory: "page.br" is the answer of /page in that encoding. It is the
// baseline for pages: Fiber, and bytes that need no work.
func serveConstant(dir string) error {
	list, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	for _, entry := range list {
		body, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		_, encoding, _ := strings.Cut(entry.Name(), ".")
		app.Get("/"+entry.Name(), func(c *fiber.Ctx) error {
			c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
			if encoding != "" {
				c.Set(fiber.HeaderContentEncoding, encoding)
			}
			return c.Send(body)
		})
	}
	ln, err := listenLoopback()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(os.Stdout, "constant is listening on %s\n", ln.Addr())
	return app.Listener(ln)
}

// filled is the number of messages in the channel whose pages are opened.
const filled = 20_000

// visitors read pages, each over a connection of its own.
const visitors = 16

// pages measures how fast a channel's page is opened from another page, compared with the same bytes as a constant. It
// does not measure the first page of a visit, which is compressed as one piece with brotli.
func (b *bench) pages() error {
	encodings := []string{"", "gzip", "br"}
	for range b.runs {
		if err := b.pagesOnce(encodings); err != nil {
			return err
		}
	}
	for _, kind := range []struct {
		name string
		goal goal
	}{{"newest", atLeast(0.5)}, {"history", atLeast(0.2)}} {
		for _, e := range encodings {
			key := page(kind.name, e)
			b.result.hold("pages", key, "/s", "pages "+key+" chit-chat", "pages_s", "pages "+key+" constant", "pages_s",
				kind.goal)
		}
	}
	return nil
}

// page names a kind of page in an encoding, as the constant's file is named.
func page(name, encoding string) string {
	if encoding == "" {
		return name
	}
	return name + "." + encoding
}

func (b *bench) pagesOnce(encodings []string) (err error) {
	p, err := b.filledProgram(filled)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := p.invite(visitors); err != nil {
		return err
	}
	newest := func(*rand.Rand) string { return "/c/" + p.channels[0].slug }
	history := func(r *rand.Rand) string {
		return fmt.Sprintf("/c/%s?before=%d", p.channels[0].slug, 1000+r.IntN(filled-2000))
	}
	dir := filepath.Join(b.dir, fmt.Sprintf("constant-%d", b.servers))
	if err := mkdir(dir); err != nil {
		return err
	}
	for _, e := range encodings {
		for name, path := range map[string]func(*rand.Rand) string{"newest": newest, "history": history} {
			a, err := p.people[0].wire.do(p.get(p.people[0], path(seeded(1)), "Accept-Encoding", e))
			if err != nil {
				return err
			}
			if a.status != 200 || a.encoding != e {
				return fmt.Errorf("%s page: status %d, encoding %q, want %q", name, a.status, a.encoding, e)
			}
			if err := os.WriteFile(filepath.Join(dir, page(name, e)), a.body, 0o600); err != nil {
				return err
			}
		}
	}
	constant, err := serve(filepath.Join(b.dir, "constant.log"), b.self, "constant", dir)
	if err != nil {
		return err
	}
	defer constant.stop() //nolint:errcheck // a signal ends it, which exec reports as an error
	for _, e := range encodings {
		for _, name := range []string{"newest", "history"} {
			key := page(name, e)
			f, err := b.fetch(constant, visitors,
				func(int, *rand.Rand) []byte { return request("GET", "/"+key, constant.addr, nil) })
			if err != nil {
				return fmt.Errorf("constant %s: %w", key, err)
			}
			b.report("pages "+key+" constant", f)
			path := newest
			if name == "history" {
				path = history
			}
			f, err = b.fetch(p.process, visitors, func(i int, r *rand.Rand) []byte {
				return p.get(p.people[i], path(r), "Accept-Encoding", e)
			})
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			b.report("pages "+key+" chit-chat", f)
		}
	}
	return nil
}

func seeded(n int) *rand.Rand { return rand.New(rand.NewPCG(uint64(n), 4)) } //nolint:gosec // which pages are asked for is no secret

// filledProgram starts the program with a channel of so many messages.
func (b *bench) filledProgram(messages int) (*server, error) {
	b.servers++
	dir := filepath.Join(b.dir, fmt.Sprintf("filled-%d", b.servers))
	if err := mkdir(dir); err != nil {
		return nil, err
	}
	slug, err := fill(dir, messages, b.size)
	if err != nil {
		return nil, err
	}
	p, err := b.programAt(dir, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p.channels = []*channel{{slug: slug}}
	return p, nil
}

// fetch requests pages from a server over so many connections, as fast as possible.
func (b *bench) fetch(p *process, connections int, ask func(i int, r *rand.Rand) []byte) (figures, error) {
	var pages, size atomic.Int64
	from := time.Now().Add(b.warm / 2)
	end := from.Add(b.time)
	cpu := make(chan time.Duration, 1)
	go func() {
		time.Sleep(time.Until(from))
		used, _ := cpuTime(p.pid())
		cpu <- used
	}()
	err := parallel(connections, connections, func(i int) error {
		w, err := dial(p.addr, false)
		if err != nil {
			return err
		}
		defer w.Close() //nolint:errcheck // everything was answered
		random := seeded(i)
		for time.Now().Before(end) {
			a, err := w.do(ask(i, random))
			if err != nil {
				return err
			}
			if a.status != 200 {
				return fmt.Errorf("status %d", a.status)
			}
			if time.Now().After(from) {
				pages.Add(1)
				size.Store(int64(len(a.body)))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	used, err := cpuTime(p.pid())
	n := float64(pages.Load())
	return figures{"pages_s": n / b.time.Seconds(), "cpu_us": (used - <-cpu).Seconds() * 1e6 / n,
		"bytes": float64(size.Load())}, err
}
