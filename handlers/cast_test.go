package handlers

import (
	"bytes"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"chitchat/assets"
	"chitchat/chat"
)

// who is how somebody stands to the place, and to the channel that they ask for.
type who int

// The columns of the matrix, in the order of its rows.
const (
	nobody      who = iota // has no session
	ended                  // has the cookie of a session that has ended
	deactivated            // by an admin
	banned                 // from the place
	stranger               // a member of the place who was never in the channel
	guest                  // who was not invited to it
	ex                     // was in the channel and is no more
	barred                 // was in the channel, and is banned from it
	member                 // is in it, and wrote message 1
	keeper                 // its owner
	admin                  // of the place, never in the channel
	owner                  // of the place, never in the channel
	everybody
)

var whoNames = [everybody]string{"nobody", "ended", "deactivated", "banned", "stranger", "guest", "ex-member", "barred", "member", "channel owner", "admin", "owner"}

func (w who) String() string { return whoNames[w] }

// kind is what a channel of the matrix is like.
type kind string

const (
	public   kind = "public"
	private  kind = "private"
	direct   kind = "direct"
	archived kind = "archived"
)

var kinds = []kind{public, private, direct, archived}

// place is a channel with what there is to ask for in it.
type place struct {
	slug string
	file string // of message 1: an id
}

// cast is a site with one of each: people, and channels between them.
type cast struct {
	*site
	db     *sql.DB // what no verb does
	people [everybody]*person
	warden *person // an admin who is in no channel when it is built
	places map[kind]place
	n      int // makes names unique
}

func openCast(t testing.TB) *cast {
	t.Helper()
	s := openSite(t)
	db, err := sql.Open("sqlite", s.dir+"/chat.db?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c := &cast{site: s, db: db, places: make(map[kind]place)}
	c.warden = c.make(admin)
	for w := range everybody {
		c.people[w] = c.make(w)
	}
	for _, k := range kinds {
		c.places[k] = c.build(k)
	}
	return c
}

func (c *cast) name() string {
	c.n++
	return fmt.Sprintf("Somebody %d", c.n)
}

func (c *cast) exec(query string, args ...any) {
	c.t.Helper()
	if _, err := c.db.ExecContext(c.t.Context(), query, args...); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.Chat.OwnerLink(c.t.Context()); err != nil { // a change by a verb: what was before is not recalled any more
		c.t.Fatal(err)
	}
}

// make makes a person who stands to the place like that.
func (c *cast) make(w who) *person {
	c.t.Helper()
	if w == nobody {
		return c.stranger()
	}
	p := c.person(c.name())
	id := p.actor().ID
	switch w {
	case ended:
		c.exec(`DELETE FROM sessions WHERE user_id = $1`, id)
	case deactivated:
		c.exec(`UPDATE users SET deactivated_at = 1 WHERE id = $1`, id)
	case banned:
		if _, err := c.Chat.Ban(c.t.Context(), c.warden.actor(), chat.NewBan{Name: p.actor().Name}); err != nil {
			c.t.Fatal(err)
		}
	case guest, admin, owner:
		c.exec(`UPDATE users SET role = $1 WHERE id = $2`, w.String(), id)
		p.get("/me").want(http.StatusOK) // takes the cookie that comes with the new rights
	default:
	}
	return p
}

var userPattern = regexp.MustCompile(`data-user="([0-9a-z]+)"`)

// actor is who someone is to chat.
func (p *person) actor() chat.Actor {
	p.t.Helper()
	m := userPattern.FindStringSubmatch(p.get("/me").want(http.StatusOK).body)
	if m == nil {
		p.t.Fatal("the page does not say whose it is")
	}
	id, err := chat.ParseID(m[1])
	if err != nil {
		p.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", p.dir+"/chat.db?_pragma=busy_timeout(10000)")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	var session chat.ID
	ctx := p.t.Context()
	if err := db.QueryRowContext(ctx, `SELECT max(id) FROM sessions WHERE user_id = $1`, id).Scan(&session); err != nil {
		p.t.Fatal(err)
	}
	a, err := p.Chat.Authenticate(ctx, id, session)
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

// build makes a channel of a kind, with everyone where the columns of the matrix say.
func (c *cast) build(k kind) place {
	c.t.Helper()
	ctx := c.t.Context()
	boss, someone, former := c.people[keeper].actor(), c.people[member].actor(), c.people[ex].actor()
	var ch chat.Channel
	var err error
	switch k {
	case direct:
		third := c.person(c.name()).actor() // the same people have one conversation, and this is to be a new one
		ch, err = c.Chat.StartDirect(ctx, someone, []chat.ID{boss.ID, third.ID})
	default:
		as := chat.Public
		if k == private {
			as = chat.Private
		}
		ch, err = c.Chat.CreateChannel(ctx, boss, c.name(), as)
		for _, a := range []chat.Actor{someone, former} {
			if err == nil {
				_, err = c.Chat.Invite(ctx, boss, ch.Slug, a.Name)
			}
		}
		if err == nil {
			err = c.Chat.Remove(ctx, boss, ch.Slug, former.ID)
		}
		if err == nil {
			err = c.bar(boss, ch.Slug)
		}
	}
	if err != nil {
		c.t.Fatal(err)
	}
	row := c.people[member].upload("/c/"+ch.Slug+"/messages", asHTMX, part{name: "file", file: "drawing.png", content: drawing}).want(http.StatusOK)
	id := strings.Split(filePattern.FindString(row.body), "/")
	if len(id) < 3 {
		c.t.Fatal("no file in the row")
	}
	if k == archived {
		if _, err := c.Chat.Archive(ctx, boss, ch.Slug); err != nil {
			c.t.Fatal(err)
		}
	}
	return place{ch.Slug, id[2]}
}

// bar lets someone into a channel, and bans them from it. The admin who does is in it only for that moment.
func (c *cast) bar(boss chat.Actor, slug string) error {
	ctx, warden, name := c.t.Context(), c.warden.actor(), c.people[barred].actor().Name
	_, err := c.Chat.Invite(ctx, boss, slug, name)
	if err == nil {
		_, err = c.Chat.Invite(ctx, boss, slug, warden.Name)
	}
	if err == nil {
		_, err = c.Chat.Ban(ctx, warden, chat.NewBan{Name: name, Channel: slug})
	}
	if err == nil {
		err = c.Chat.Remove(ctx, boss, slug, warden.ID)
	}
	return err
}

// drawing is a picture large enough to get a thumbnail.
var drawing = func() string {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 900, 20))) // a buffer takes everything
	return b.String()
}()

// fill makes a path of a route's pattern.
func (c *cast) fill(pattern string, w who, at place) string {
	me, session := "0", "0"
	if w > banned && strings.Contains(pattern, "{") {
		a := c.people[w].actor()
		me, session = a.ID.String(), a.Session.String()
	}
	ctx := c.t.Context()
	secret := ""
	var invitation chat.Invitation
	var err error
	switch {
	case pattern == "{pictured}": // of someone in General Talk, where the guest is too
		p := c.person(c.name())
		p.upload("/me/avatar", nil, part{name: "file", file: "a.png", content: drawing}).want(http.StatusSeeOther)
		return avatarPattern.FindString(p.get("/me/profile").body)
	case strings.Contains(pattern, "{person}"):
		invitation.ID = c.person(c.name()).actor().ID
	case strings.Contains(pattern, "{device}"):
		invitation.ID = c.person(c.name()).actor().Session
	case strings.Contains(pattern, "{invit"):
		invitation, secret, err = c.Chat.CreateInvitation(ctx, c.people[owner].actor(), chat.NewInvitation{Role: chat.RoleMember, Lifetime: time.Hour})
	case strings.Contains(pattern, "{link}"):
		secret, err = c.Chat.HandOver(ctx, c.person(c.name()).actor())
	case strings.Contains(pattern, "{recovery}"):
		secret, _, err = c.Chat.Recover(ctx, c.people[owner].actor(), c.person(c.name()).actor().Name)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.NewReplacer("{invitation}", secret, "{invited}", invitation.ID.String(), "{person}", invitation.ID.String(), "{device}", invitation.ID.String(), "{link}", secret, "{recovery}", secret, ":slug", at.slug, ":seq", "1", ":id", at.file, ":name", "drawing.png", "{me}", me, "{session}", session, "{asset}", assets.URL("app.css")).Replace(pattern)
}

// ask sends what a route takes, and tells the letter of the answer.
func (c *cast) ask(w who, route, path, form string) (answer, byte) {
	c.t.Helper()
	p := c.people[w]
	method, _, _ := strings.Cut(route, " ")
	var a answer
	if method == http.MethodGet {
		a = p.get(path)
	} else {
		c.n++
		if strings.Contains(form, "{someone}") {
			form = strings.ReplaceAll(form, "{someone}", url.QueryEscape(c.person(c.name()).actor().Name))
		}
		values, err := url.ParseQuery(strings.ReplaceAll(form, "{n}", fmt.Sprint(c.n)))
		if err != nil {
			c.t.Fatal(err)
		}
		a = p.post(path, values)
	}
	return a, letter(a)
}

// letter is what the matrix calls an answer.
func letter(a answer) byte {
	switch a.StatusCode {
	case http.StatusOK:
		return '2'
	case http.StatusSeeOther:
		next := "/signin?next=" + url.QueryEscape(a.Request.URL.RequestURI())
		if to := a.Header.Get("Location"); a.Request.Method == http.MethodGet && (to == next || to == "/signin") {
			return 'i'
		}
		return '3'
	case http.StatusUnauthorized:
		return 'i'
	case http.StatusForbidden:
		return 'f'
	case http.StatusNotFound:
		return '4'
	case http.StatusUnprocessableEntity:
		return 'v'
	case http.StatusFound:
		return 'l'
	case http.StatusUpgradeRequired:
		return 'u'
	}
	return '?'
}
