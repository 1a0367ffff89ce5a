//go:build linux

package main

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// server is a running Chit-Chat with the generator's users.
type server struct {
	*process
	origin   string // the Origin header that browsers send
	secure   bool
	people   []*client
	channels []*channel
	serial   int // numbers the next user or channel
}

// client is a signed-in user.
type client struct {
	cookie string // the header's value
	wire   *wire  // kept alive; for one goroutine at a time
}

// channel is the state of a channel, from its page.
type channel struct {
	slug   string
	since  int64 // its rev; while no message is edited also the seq of its newest message
	epoch  string
	names  int64
	list   string    // the digest of the page's channel lists
	weight int       // bytes of its page, uncompressed
	people []*client // the members who post in it; none: anyone
}

var (
	formNonce     = regexp.MustCompile(`name="form" value="([^"]+)"`)
	sessionCookie = regexp.MustCompile(`^(__Host-)?chitchat(-\d+)?$`) // cookies of forms have a word after it
	pageRev       = regexp.MustCompile(`data-channel="[^"]*" data-rev="(\d+)" data-epoch="([^"]*)"`)
	pageList      = regexp.MustCompile(`id="list" value="([^"]*)"`)
	pageNames     = regexp.MustCompile(`data-names="(\d+)"`)
)

// signIn signs a user in as the page does: with the nonce of its form.
func (p *server) signIn(name string) (*client, error) {
	w, err := dial(p.addr, p.secure)
	if err != nil {
		return nil, err
	}
	page, err := w.do(request("GET", "/signin", p.addr, nil))
	if err != nil {
		return nil, err
	}
	form := url.Values{"name": {name}, "next": {"/"}}
	if nonce := formNonce.FindSubmatch(page.body); nonce != nil {
		form.Set("form", html.UnescapeString(string(nonce[1])))
	}
	a, err := w.do(request("POST", "/signin", p.addr, []byte(form.Encode()), "Cookie", strings.Join(page.cookies, "; "),
		"Origin", p.origin, "Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"))
	if err != nil {
		return nil, err
	}
	for _, cookie := range a.cookies {
		if name, _, _ := strings.Cut(cookie, "="); a.status == 303 && sessionCookie.MatchString(name) {
			return &client{cookie: cookie, wire: w}, nil
		}
	}
	return nil, fmt.Errorf("signing in as %q: status %d\n%.600s", name, a.status, a.body)
}

// invite ensures that so many users are signed in.
func (p *server) invite(n int) error {
	missing := max(0, n-len(p.people))
	fresh := make([]*client, missing)
	first := p.serial
	p.serial += missing
	err := parallel(missing, 64, func(i int) (err error) {
		fresh[i], err = p.signIn(fmt.Sprintf("load %d", first+i))
		return err
	})
	if err == nil {
		p.people = append(p.people, fresh...)
	}
	return err
}

// found ensures that so many channels exist besides the first.
func (p *server) found(n int) error {
	if err := p.invite(1); err != nil {
		return err
	}
	for len(p.channels) < n {
		p.serial++
		body := url.Values{"name": {fmt.Sprintf("load %d", p.serial)}}.Encode()
		a, err := p.people[0].wire.do(request("POST", "/c", p.addr, []byte(body), "Cookie", p.people[0].cookie,
			"Origin", p.origin, "Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"))
		if err != nil {
			return err
		}
		slug, ok := strings.CutPrefix(a.location, "/c/")
		if a.status != 303 || !ok {
			return fmt.Errorf("making a channel: status %d\n%.600s", a.status, a.body)
		}
		p.channels = append(p.channels, &channel{slug: slug})
	}
	return nil
}

// open opens a channel's page as a user, and reads the channel's state from it.
func (p *server) open(v *client, r *channel) (channel, error) {
	a, err := v.wire.do(p.get(v, "/c/"+r.slug))
	if err != nil {
		return *r, err
	}
	return parsePage(a, r.slug)
}

// get opens a page as a browser does from another page of the same server.
func (p *server) get(v *client, path string, headers ...string) []byte {
	return request("GET", path, p.addr, nil,
		append(headers, "Cookie", v.cookie, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "same-origin")...)
}

func parsePage(a response, slug string) (channel, error) {
	rev, names, list := pageRev.FindSubmatch(a.body), pageNames.FindSubmatch(a.body), pageList.FindSubmatch(a.body)
	if a.status != 200 || rev == nil || names == nil || list == nil {
		return channel{}, fmt.Errorf("GET /c/%s: status %d, and not the page that was expected\n%.300s", slug, a.status,
			a.body)
	}
	r := channel{slug: slug, epoch: html.UnescapeString(string(rev[2])), list: string(list[1]), weight: len(a.body)}
	r.since, _ = strconv.ParseInt(string(rev[1]), 10, 64) // digits, by the pattern
	r.names, _ = strconv.ParseInt(string(names[1]), 10, 64)
	return r, nil
}

// hello returns the page's first frame.
func (r *channel) hello() []byte {
	return fmt.Appendf(nil, `{"channel":%q,"since":%d,"epoch":%q,"names":%d,"list":%q}`, r.slug, r.since, r.epoch, r.names,
		r.list)
}

// poster posts over a connection of its own, as a member of the channel. It is not safe for concurrent use.
type poster struct {
	wire   *wire
	server *server
	index  int
	name   string
	sent   int
}

// as returns the user it posts as.
func (q *poster) as(r *channel) *client {
	people := r.people
	if len(people) == 0 {
		people = q.server.people
	}
	return people[q.index%len(people)]
}

// newPosters returns posters for the first users.
func (p *server) newPosters(n int) ([]*poster, error) {
	if err := p.invite(n); err != nil {
		return nil, err
	}
	list := make([]*poster, n)
	for i := range list {
		p.serial++
		list[i] = &poster{wire: p.people[i].wire, server: p, index: i, name: strconv.Itoa(p.serial)}
	}
	return list, nil
}

// join joins a user to a channel. Otherwise their first post would make them a member, which is an update for the whole
// channel that is rare among a team's messages.
func (p *server) join(v *client, r *channel) error {
	a, err := v.wire.do(request("POST", "/c/"+r.slug+"/join", p.addr, nil, "Cookie", v.cookie, "Origin", p.origin,
		"Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"))
	if err == nil && a.status != 303 {
		err = fmt.Errorf("joining a channel: status %d\n%.300s", a.status, a.body)
	}
	return err
}

// boundary separates the fields of the composer's form, which browsers send as multipart.
const boundary = "----chitchat-load-boundary"

// post sends a message as the composer does, and returns once it is acknowledged. The wire reuses the row's memory.
func (q *poster) post(r *channel, body string) (row []byte, err error) {
	q.sent++
	form := fmt.Appendf(nil, "--%[1]s\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\n%[2]s-%[3]d\r\n"+
		"--%[1]s\r\nContent-Disposition: "+
		"form-data; name=\"body\"\r\n\r\n%[4]s\r\n--%[1]s--\r\n", boundary, q.name, q.sent, body)
	a, err := q.wire.do(request("POST", "/c/"+r.slug+"/messages", q.server.addr, form, "Cookie", q.as(r).cookie, "Origin",
		q.server.origin,
		"Sec-Fetch-Site", "same-origin", "HX-Request", "true", "Content-Type", "multipart/form-data; boundary="+boundary))
	if err == nil && a.status != 200 {
		err = fmt.Errorf("posting: status %d\n%.300s", a.status, a.body)
	}
	return a.body, err
}

// parallel calls fn for 0 to n-1, so many at once, and returns the first error.
func parallel(n, atOnce int, fn func(i int) error) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var first error
	next := 0
	for range min(n, atOnce) {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				failed := first != nil
				mu.Unlock()
				if i >= n || failed {
					return
				}
				if err := fn(i); err != nil {
					mu.Lock()
					if first == nil {
						first = err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return first
}
