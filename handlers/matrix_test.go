package handlers

import (
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// The matrix says what every route answers to everyone: a route without an entry fails the test.
//
// A row has a letter for each of these columns of who:
//
//	nobody ended deactivated · stranger guest ex-member · member (and author of message 1) channel-owner · admin owner
//
// The two columns of those who are banned follow from them, without an exception: who is banned from the place gets
// what someone gets whose session has ended, and who is banned from a channel gets what a stranger gets outside of it,
// and inside, whatever it is like, finds nothing.
//
//	2 the page     3 done, and led on     i to the form that signs in, or 401 when something was to be changed
//	4 not found    f 403, with a sentence    v 422, the form again    l led on by 302    u 426, speaks another protocol
//
// Not found is held to be the same bytes as for a channel that never was. Everything that is not there is asked for too.
type entry struct {
	path string // where the pattern's parameters alone do not say it: {me} and {session} are the asker's own
	form string // what is posted; {n} is a number that was not used yet

	row  string  // of a route outside every channel
	rows perKind // of one in a channel
	// person: whoever gets through is not who they were, or not signed in any more.
	person bool
	absent []string // paths under which there is nothing, for those who are signed in
	reads  bool     // it changes nothing of the channel: in an archived one too, what is not there is not found
}

type perKind map[kind]string

const (
	anyone = "222 222 22 22"
	signed = "iii 222 22 22"
	does   = "iii 333 33 33"
	ruling = "iii 444 44 22" // who does not rule the place is not told that there is such a page
	owning = "iii 444 44 42"
	none   = "444 444 44 44"

	token = "AAAAAAAAAAAAAAAAAAAAAAAAAA" // well formed, and nobody's
)

// seeing is of what everyone gets who sees the channel.
var (
	seeing   = perKind{public: "iii 242 22 22", private: "iii 444 22 44", direct: "iii 444 22 44", archived: "iii 242 22 22"}
	posting  = perKind{public: "iii 343 33 33", private: "iii 444 33 44", direct: "iii 444 33 44", archived: "iii f4f ff ff"}
	author   = perKind{public: "iii f4f 2f ff", private: "iii 444 2f 44", direct: "iii 444 2f 44", archived: "iii f4f ff ff"}
	inviting = perKind{public: "iii f4f vv vv", private: "iii 444 vv 44", direct: "iii 444 ff 44", archived: "iii f4f ff ff"}
	removing = perKind{public: "iii f4f f4 44", private: "iii 444 f4 44", direct: "iii 444 ff 44", archived: "iii f4f f4 44"}
	wishing  = perKind{public: "iii 343 33 33", private: "iii 444 33 44", direct: "iii 444 33 44", archived: "iii 343 33 33"}
	running  = perKind{public: "iii f4f f3 33", private: "iii 444 f3 44", direct: "iii 444 ff 44", archived: "iii f4f f3 33"}
	changes  = perKind{public: "iii f4f 3f ff", private: "iii 444 3f 44", direct: "iii 444 3f 44", archived: "iii f4f ff ff"}
)

var matrix = map[string]entry{
	"GET /healthz":     {row: anyone},
	"GET /readyz":      {row: anyone},
	"GET /assets/*":    {row: anyone, path: "{asset}", absent: []string{"/assets/none.js"}},
	"GET /favicon.ico": {row: "lll lll ll ll"},

	"GET /signin":                 {row: "222 333 33 33"},
	"POST /signin":                {row: "333 333 33 33", form: "name=Newcomer+{n}", person: true},
	"GET /signin/second":          {row: "iii iii ii ii"}, // nobody is half-way in
	"POST /signin/second":         {row: "vvv vvv vv vv", form: "code=123456"},
	"POST /signin/second/passkey": {row: "333 333 33 33"}, // to the form
	"POST /signin/passkey":        {row: "fff fff ff ff"}, // under a number no browser has passkeys
	"POST /signin/passkey/finish": {row: "fff fff ff ff", form: "state=" + token + "&response={}"},
	"GET /me/second":              {row: signed},
	"POST /me/second/start":       {row: "iii vvv vv vv"}, // without a password
	"POST /me/second/confirm":     {row: "iii 444 44 44", form: "code=123456"},
	"POST /me/second/codes":       {row: "iii 444 44 44"},
	"POST /me/second/off":         {row: does},
	"GET /me/passkeys":            {row: signed},
	"POST /me/passkeys":           {row: "iii fff ff ff", form: "state=" + token + "&response={}"},
	"POST /me/passkeys/new":       {row: "iii fff ff ff"},
	"POST /me/passkeys/remove":    {row: "iii 444 44 44", form: "id=AAAA"},
	"POST /me/passkeys/require":   {row: "iii vvv vv vv", form: "required=yes"},

	"GET /signout":  {row: signed},
	"POST /signout": {row: "333 333 33 33", person: true},

	"GET /me":                   {row: signed},
	"POST /me":                  {row: does, form: "name=Renamed+{n}", person: true},
	"GET /me/:id.css":           {row: signed, path: "/me/{me}.css", absent: []string{"/me/1.css", "/me/x.css"}},
	"GET /me/password":          {row: signed},
	"POST /me/password":         {row: does, form: "password=seven+green+otters", person: true},
	"GET /me/sessions":          {row: signed},
	"POST /me/sessions/end":     {row: does},
	"POST /me/sessions/:id/end": {row: does, path: "/me/sessions/{session}/end", absent: []string{"/me/sessions/1/end", "/me/sessions/x/end"}},
	"GET /owner/:token":         {row: none, path: "/owner/" + token}, // once there is an owner
	"POST /owner/:token":        {row: none, path: "/owner/" + token, form: "place=Mine"},
	"GET /link/:token":          {row: anyone, path: "/link/{link}", absent: []string{"/link/x", "/link/" + token}},
	"POST /link/:token":         {row: "333 333 33 33", path: "/link/{link}", person: true, absent: []string{"/link/x", "/link/" + token}},
	"GET /recover/:token":       {row: anyone, path: "/recover/{recovery}", absent: []string{"/recover/x", "/recover/" + token}},
	"POST /recover/:token": {row: "333 333 33 33", path: "/recover/{recovery}", form: "password=seven+green+otters", person: true,
		absent: []string{"/recover/x", "/recover/" + token}},
	"GET /me/link":         {row: signed},
	"POST /me/link":        {row: signed},
	"GET /admin/recovery":  {row: ruling},
	"POST /admin/recovery": {row: "iii 444 44 vv", form: "name=Nobody+of+that+name"},

	"GET /i/:token":           {row: anyone, path: "/i/{invitation}", absent: []string{"/i/x", "/i/" + token}},
	"POST /i/:token":          {row: "333 333 33 33", path: "/i/{invitation}", form: "name=Invited+{n}", person: true, absent: []string{"/i/x", "/i/" + token}},
	"GET /admin/invitations":  {row: ruling},
	"POST /admin/invitations": {row: ruling, form: "role=member&days=1&uses=1"},
	"POST /admin/invitations/:id/revoke": {row: "iii 444 44 33", path: "/admin/invitations/{invited}/revoke",
		absent: []string{"/admin/invitations/1/revoke", "/admin/invitations/x/revoke"}},
	"GET /u/:id":                 {row: signed, path: "/u/{person}", absent: []string{"/u/1", "/u/x"}}, // of someone in General Talk, where the guest is too
	"GET /u/:id/avatar/:picture": {row: signed, path: "{pictured}", absent: []string{"/u/1/avatar/1", "/u/x/avatar/x"}},
	"POST /me/status":            {row: does, form: "emoji=🍲"},
	"POST /me/avatar":            {row: "iii vvv vv vv"}, // without a picture
	"POST /me/avatar/remove":     {row: does},
	"GET /me/profile":            {row: signed},
	"POST /me/profile":           {row: does, form: "title=Cook"},
	"GET /admin/people":          {row: ruling},
	"POST /admin/people/:id/role": {row: "iii 444 44 33", path: "/admin/people/{person}/role", form: "role=guest",
		absent: []string{"/admin/people/1/role", "/admin/people/x/role"}},
	"POST /admin/people/:id/deactivate": {row: "iii 444 44 33", path: "/admin/people/{person}/deactivate",
		absent: []string{"/admin/people/1/deactivate", "/admin/people/x/deactivate"}},
	"POST /admin/people/:id/reactivate": {row: "iii 444 44 33", path: "/admin/people/{person}/reactivate",
		absent: []string{"/admin/people/1/reactivate", "/admin/people/x/reactivate"}},
	"POST /admin/people/:id/signout": {row: "iii 444 44 33", path: "/admin/people/{person}/signout",
		absent: []string{"/admin/people/1/signout", "/admin/people/x/signout"}},
	"GET /admin/sessions": {row: ruling},
	"POST /admin/sessions/:id/end": {row: "iii 444 44 33", path: "/admin/sessions/{device}/end",
		absent: []string{"/admin/sessions/1/end", "/admin/sessions/x/end"}},
	"GET /admin/channels":            {row: ruling},
	"GET /admin/storage":             {row: ruling},
	"GET /admin/storage/people":      {row: ruling},
	"GET /admin/roles":               {row: signed},
	"GET /admin/settings":            {row: owning},
	"POST /admin/settings":           {row: "iii 444 44 43", form: "place=The+Works&access=open"},
	"GET /admin/audit":               {row: ruling},
	"GET /admin/audit.jsonl":         {row: ruling},
	"GET /admin/bans":                {row: ruling},
	"POST /admin/bans":               {row: "iii 444 44 33", form: "name={someone}&days=1&reason=Spam"},
	"GET /admin/reports":             {row: ruling},
	"GET /admin/reports/closed":      {row: ruling},
	"POST /admin/reports/:id/close":  {row: "iii 444 44 44", path: "/admin/reports/1/close"}, // the id is nobody's
	"POST /admin/reports/:id/remove": {row: "iii 444 44 44", path: "/admin/reports/1/remove"},
	"POST /admin/bans/:id/lift":      {row: "iii 444 44 44", path: "/admin/bans/1/lift"}, // the id is nobody's

	"GET /":                     {row: does},
	"GET /c":                    {row: signed},
	"POST /c":                   {row: "iii 3f3 33 33", form: "name=Channel+{n}"},
	"GET /c/:slug":              {rows: seeing},
	"POST /c/:slug/messages":    {rows: posting, form: "body=words"},
	"GET /c/:slug/:seq":         {rows: seeing},
	"GET /c/:slug/:seq/edit":    {rows: author},
	"POST /c/:slug/:seq/edit":   {rows: changes, form: "body=other+words+{n}"},
	"GET /c/:slug/:seq/delete":  {rows: perKind{public: "iii f4f 2f 22", private: author[private], direct: author[direct], archived: author[archived]}},
	"POST /c/:slug/:seq/delete": {rows: perKind{public: "iii f4f 3f 33", private: changes[private], direct: changes[direct], archived: changes[archived]}, form: "reason=Spam"},

	"GET /c/:slug/:seq/report": {rows: perKind{public: "iii 242 f2 22", private: "iii 444 f2 44", direct: "iii 444 f2 44", archived: "iii 242 f2 22"}, reads: true},
	"POST /c/:slug/:seq/report": {rows: perKind{public: "iii 343 f3 33", private: "iii 444 f3 44", direct: "iii 444 f3 44", archived: "iii 343 f3 33"},
		reads: true, form: "reason=Spam"},
	"POST /c/:slug/bans": {rows: perKind{public: "iii f4f fv vv", private: "iii 444 fv 44", direct: "iii 444 ff 44", archived: "iii f4f fv vv"},
		form: "name=Nobody+of+that+name"},
	"POST /c/:slug/bans/:id/lift":     {rows: removing}, // the id is nobody's
	"GET /c/:slug/people":             {rows: seeing},
	"POST /c/:slug/people":            {rows: inviting, form: "name=Nobody+of+that+name"},
	"POST /c/:slug/people/:id/remove": {rows: removing}, // the id is nobody's
	"POST /c/:slug/join":              {rows: wishing},
	"POST /c/:slug/leave":             {rows: perKind{public: wishing[public], private: wishing[private], direct: "iii 444 ff 44", archived: wishing[public]}},
	"POST /c/:slug/mine":              {rows: wishing, form: "notify=all"},
	"POST /c/:slug/hide":              {rows: perKind{public: "iii f4f ff ff", private: "iii 444 ff 44", direct: "iii 444 33 44", archived: "iii f4f ff ff"}},
	"GET /c/:slug/settings":           {rows: seeing},
	"POST /c/:slug/settings":          {rows: perKind{public: running[public], private: running[private], direct: running[direct], archived: "iii f4f ff ff"}, form: "name=Renamed+{n}"},
	"POST /c/:slug/archive":           {rows: running},
	"POST /c/:slug/restore":           {rows: running},
	"GET /c/:slug/delete":             {rows: perKind{public: "iii f4f f2 22", private: "iii 444 f2 44", direct: "iii 444 ff 44", archived: "iii f4f f2 22"}},
	"POST /c/:slug/delete":            {rows: running},

	"GET /d":                     {row: signed},
	"POST /d":                    {row: "iii vvv vv vv"}, // to nobody
	"GET /me/blocks":             {row: signed},
	"POST /me/blocks":            {row: "iii vvv vv vv", form: "name=Nobody+of+that+name"},
	"POST /me/blocks/:id/remove": {row: does, path: "/me/blocks/1/remove", absent: []string{"/me/blocks/x-x/remove"}},

	"GET /f/:id/thumb": {rows: seeing},
	"GET /f/:id/:name": {rows: seeing},
	"GET /live":        {row: "uuu uuu uu uu"}, // without a handshake; with one, see TestSocketMatrix
}

// outsideLetters is a row of a route outside every channel, with all columns.
func outsideLetters(row string) string {
	r := strings.ReplaceAll(row, " ", "")
	return r[:3] + r[1:2] + r[3:6] + r[3:4] + r[6:]
}

// insideLetters is a row of a route in a channel, with all columns.
func insideLetters(row string) string {
	r := strings.ReplaceAll(row, " ", "")
	return r[:3] + r[1:2] + r[3:6] + "4" + r[6:]
}

// TestMatrix asks for every route, as everyone, in every kind of channel.
func TestMatrix(t *testing.T) {
	c := openCast(t)
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
		e := matrix[route]
		before := c.n
		if e.row != "" {
			cells += c.outside(route, e)
		}
		for _, k := range kinds {
			if e.rows != nil {
				cells += c.inside(route, e, k)
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

// outside asks for a route that is in no channel.
func (c *cast) outside(route string, e entry) (cells int) {
	c.t.Helper()
	row := outsideLetters(e.row)
	if len(row) != int(everybody) {
		c.t.Fatalf("%s: %q has %d columns", route, e.row, len(row))
	}
	for w := range everybody {
		path := c.fill(pattern(route, e), w, place{})
		a, got := c.ask(w, route, path, e.form)
		cells++
		if got != row[w] {
			c.t.Errorf("%s as %s: %d, want %c\n%s", route, w, a.StatusCode, row[w], a.excerpt())
		}
		if e.person && a.StatusCode < 400 {
			c.people[w] = c.make(w)
		}
		for _, path := range e.absent {
			a, got := c.ask(w, route, path, e.form)
			cells++
			if want := byte('4'); got != want && !(got == 'i' && row[w] == 'i') {
				c.t.Errorf("%s as %s: %d, want %c", path, w, a.StatusCode, want)
			}
		}
	}
	if e.person { // those who are in channels are others now
		for _, k := range kinds {
			c.places[k] = c.build(k)
		}
	}
	return cells
}

// inside asks for a route in a channel, there and not there.
func (c *cast) inside(route string, e entry, k kind) (cells int) {
	c.t.Helper()
	row := insideLetters(e.rows[k])
	if len(row) != int(everybody) {
		c.t.Fatalf("%s, %s: %q has %d columns", route, k, e.rows[k], len(row))
	}
	path := pattern(route, e)
	for w := range everybody {
		at := c.places[k]
		nowhere := c.fill(path, w, place{"nowhere", chat.NewID().String()})
		if strings.Contains(path, ":seq") && row[w] != '4' { // first: it changes nothing
			want := byte('4')
			if row[w] == 'i' || k == archived && row[w] == 'f' && !e.reads {
				want = row[w]
			}
			a, got := c.ask(w, route, strings.Replace(c.fill(path, w, at), "/1", "/99", 1), e.form)
			cells++
			if got != want {
				c.t.Errorf("%s as %s, %s, a message that is not there: %d, want %c", route, w, k, a.StatusCode, want)
			}
		}
		a, got := c.ask(w, route, c.fill(path, w, at), e.form)
		cells++
		if got != row[w] {
			c.t.Errorf("%s as %s, %s: %d, want %c\n%s", route, w, k, a.StatusCode, row[w], a.excerpt())
		}
		none, got := c.ask(w, route, nowhere, e.form)
		cells++
		if row[w] == '4' && none.body != a.body {
			c.t.Errorf("%s as %s, %s: not found looks different from what is not there", route, w, k)
		}
		if want := byte('4'); got != want && !(got == 'i' && row[w] == 'i') {
			c.t.Errorf("%s as %s: %d for what is not there, want %c", route, w, none.StatusCode, want)
		}
		if a.StatusCode < 400 && strings.HasPrefix(route, "POST") && row[w] != 'i' {
			c.places[k] = c.build(k)
		}
	}
	return cells
}

// TestSocketMatrix opens the socket as everyone in every kind of channel: it stays open for those who read there.
func TestSocketMatrix(t *testing.T) {
	c := openCast(t)
	for _, k := range kinds {
		row := insideLetters(seeing[k])
		for w := range everybody {
			for _, slug := range []string{c.places[k].slug, "nowhere"} {
				want := row[w]
				if slug == "nowhere" && want == '2' {
					want = '4'
				}
				page := c.people[w].dial(hello{Channel: slug, Epoch: c.Chat.Epoch()})
				switch want {
				case '2':
					page.until("drawing.png", "#channels")
				default:
					code := map[byte]int{'i': closeSignedOut, '4': closeNotFound}[want]
					if got := page.closed(5 * time.Second); got != code || strings.Contains(page.seen.String(), "hx-partial") {
						t.Errorf("%s, %s: closed with %d, want %d, after %q", w, k, got, code, page.seen.String())
					}
				}
				_ = page.conn.Close()
			}
		}
	}
}
