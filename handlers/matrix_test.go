package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

// The matrix lists every route's answer to every viewer: a route without an entry fails the test.
//
// A row has a letter for each of these viewers:
//
//	nobody ended deactivated · stranger guest ex-member · member (and author of message 1) channel-owner · admin owner
//
// The two columns of banned users follow from them, without exception: a user banned from the workspace gets the answer
// of an ended session; a user banned from a channel gets a non-member's answer outside of it, and finds nothing inside,
// whatever its kind.
//
//	2 the page     3 done, and led on     i to the form that signs in, or 401 when something was to be changed
//	4 not found    f 403, with a sentence    v 422, the form again    l led on by 302    u 426, speaks another protocol
//
// Not found must be the same bytes as for a channel that never existed. Everything that does not exist is requested
// too.
type entry struct {
	path string // where the pattern's parameters do not determine it: {me} and {session} are the viewer's own
	form string // the form to post; {n} is an unused number

	row  string  // of a route outside every channel
	rows perKind // of one in a channel
	// changesUser: an accepted request changes who the viewer is, or signs them out.
	changesUser bool
	absent      []string // paths of things that do not exist, for signed-in users
	// more are further requests of the route, each with its own path or form, and its row.
	more []entry
	// there: the path or the form names something that exists. Refused viewers must get the same bytes when it names
	// something that never existed.
	there bool
	reads bool // it changes nothing in the channel: in an archived one too, missing things are not found
	keeps bool // what it changes changes no answer: the next viewer asks in the same channel
}

// outsideLetters returns the row of a route outside of channels, with all columns.
func outsideLetters(row string) string {
	r := strings.ReplaceAll(row, " ", "")
	return r[:3] + r[1:2] + r[3:6] + r[3:4] + r[6:]
}

// insideLetters returns the row of a route in a channel, with all columns.
func insideLetters(row string) string {
	r := strings.ReplaceAll(row, " ", "")
	return r[:3] + r[1:2] + r[3:6] + "4" + r[6:]
}

// TestMatrix requests every route, as every viewer, in every kind of channel.
func TestMatrix(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	seen := make(map[string]bool)
	var routes []string
	for _, r := range c.app.GetRoutes(true) {
		name := r.Method + " " + r.Path
		if r.Method == "HEAD" || strings.HasPrefix(r.Path, "/test/") || seen[name] {
			continue
		}
		seen[name] = true
		if _, ok := matrix[name]; !ok {
			t.Errorf("%s has no row in the matrix", name)
			continue
		}
		routes = append(routes, name)
	}
	for name := range matrix {
		if !seen[name] {
			t.Errorf("the matrix has a row for %s, which is not there", name)
		}
	}
	cells := 0
	for _, route := range routes {
		before := c.n
		for _, e := range append([]entry{matrix[route]}, matrix[route].more...) {
			if e.row != "" {
				cells += c.outside(route, e)
			}
			for _, k := range kinds {
				if e.rows != nil {
					cells += c.inside(route, e, k)
				}
			}
		}
		if before == c.n && strings.HasPrefix(route, "POST") {
			t.Errorf("%s was not asked for anything", route)
		}
	}
	t.Logf("%d routes, %d cells", len(routes), cells)
}

func pattern(route string, e entry) string {
	if e.path != "" {
		return e.path
	}
	_, path, _ := strings.Cut(route, " ")
	return path
}

// outside requests a route outside of channels.
func (c *fixtures) outside(route string, e entry) (cells int) {
	c.t.Helper()
	row := outsideLetters(e.row)
	if len(row) != int(viewerCount) {
		c.t.Fatalf("%s: %q has %d columns", route, e.row, len(row))
	}
	for w := range viewerCount {
		path, form := c.pathFor(pattern(route, e), w, channelFixture{}), c.formFor(e.form)
		a, got := c.request(w, route, path, form)
		cells++
		if got != row[w] {
			c.t.Errorf("%s as %s: %d, want %c\n%s", route, w, a.StatusCode, row[w], a.excerpt())
		}
		if e.there {
			cells += c.neverWas(w, route, e, channelFixture{}, a, form)
		}
		if e.changesUser && a.StatusCode < 400 {
			c.clients[w] = c.makeViewer(w)
		}
		for _, path := range e.absent {
			a, got := c.request(w, route, path, e.form)
			cells++
			if want := byte('4'); got != want && !(got == 'i' && row[w] == 'i') {
				c.t.Errorf("%s as %s: %d, want %c", path, w, a.StatusCode, want)
			}
		}
	}
	if e.changesUser { // the members of channels are others now
		for _, k := range kinds {
			c.channels[k] = c.buildChannel(k)
		}
	}
	return cells
}

// inside requests a route in a channel, existing and not.
func (c *fixtures) inside(route string, e entry, k kind) (cells int) {
	c.t.Helper()
	row := insideLetters(e.rows[k])
	if len(row) != int(viewerCount) {
		c.t.Fatalf("%s, %s: %q has %d columns", route, k, e.rows[k], len(row))
	}
	path := pattern(route, e)
	for w := range viewerCount {
		at, form := c.channels[k], c.formFor(e.form)
		nowhere := at
		nowhere.slug, nowhere.file = "nowhere", chat.NewID().String()
		if strings.Contains(path, ":seq") && row[w] != '4' { // first: it changes nothing
			want := byte('4')
			if row[w] == 'i' || k == archived && row[w] == 'f' && !e.reads {
				want = row[w]
			}
			a, got := c.request(w, route, strings.Replace(c.pathFor(path, w, at), "/1", "/99", 1), form)
			cells++
			if got != want {
				c.t.Errorf("%s as %s, %s, a message that is not there: %d, want %c", route, w, k, a.StatusCode, want)
			}
		}
		a, got := c.request(w, route, c.pathFor(path, w, at), strings.ReplaceAll(form, "{slug}", at.slug))
		cells++
		if got != row[w] {
			c.t.Errorf("%s %s %s as %s, %s: %d, want %c\n%s", route, path, form, w, k, a.StatusCode, row[w], a.excerpt())
		}
		if e.there {
			cells += c.neverWas(w, route, e, at, a, form)
		}
		none, got := c.request(w, route, c.pathFor(path, w, nowhere), strings.ReplaceAll(form, "{slug}", nowhere.slug))
		cells++
		if row[w] == '4' && none.body != a.body {
			c.t.Errorf("%s as %s, %s: not found looks different from what is not there", route, w, k)
		}
		if want := byte('4'); got != want && !(got == 'i' && row[w] == 'i') {
			c.t.Errorf("%s as %s: %d for what is not there, want %c", route, w, none.StatusCode, want)
		}
		if a.StatusCode < 400 && strings.HasPrefix(route, "POST") && row[w] != 'i' && !e.keeps {
			c.channels[k] = c.buildChannel(k)
		}
	}
	return cells
}

// neverWas sends the request of a refused viewer with ids that never existed, and compares the answers: they must be
// equal except for the typed name.
func (c *fixtures) neverWas(w viewer, route string, e entry, at channelFixture, refused response,
	form string) (cells int) {
	c.t.Helper()
	if refused.StatusCode < 400 || refused.StatusCode == http.StatusUnauthorized {
		return 0
	}
	absent, _ := c.request(w, route, c.pathFor(never.Replace(pattern(route, e)), w, at), never.Replace(e.form))
	typed := func(form string) string {
		values, _ := url.ParseQuery(form) // from the matrix
		return values.Get("name")
	}
	untyped := func(a response, name string) string {
		if name == "" {
			return a.body
		}
		return strings.ReplaceAll(a.body, name, "")
	}
	if absent.StatusCode != refused.StatusCode ||
		untyped(absent, typed(never.Replace(e.form))) != untyped(refused, typed(form)) {
		c.t.Errorf("%s %s %s as %s: refused with %d, and %d of what never was:\n%s\n%s", route, pattern(route, e), e.form, w,
			refused.StatusCode, absent.StatusCode, refused.excerpt(), absent.excerpt())
	}
	return 1
}

// TestSocketMatrix opens the socket as every viewer in every kind of channel: it stays open for those who may read
// there.
func TestSocketMatrix(t *testing.T) {
	c := openFixtures(t)
	for _, k := range kinds {
		row := insideLetters(seeing[k])
		for w := range viewerCount {
			for _, slug := range []string{c.channels[k].slug, "nowhere"} {
				want := row[w]
				if slug == "nowhere" && want == '2' {
					want = '4'
				}
				page := c.clients[w].dial(subscribeRequest{Channel: slug, Epoch: c.Chat.Epoch()})
				switch want {
				case '2':
					page.until("drawing.png", "#channels")
				default:
					code := map[byte]int{'i': closeSignedOut, '4': closeNotFound}[want]
					if got := page.closed(); got != code || strings.Contains(page.seen.String(), "hx-partial") {
						t.Errorf("%s, %s: closed with %d, want %d, after %q", w, k, got, code, page.seen.String())
					}
				}
				_ = page.conn.Close()
			}
		}
	}
}
