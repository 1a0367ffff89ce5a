package handlers

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"chitchat/chat"
)

// who is how somebody stands to the workspace, and to the channel that they ask for.
type who int

// The columns of the matrix, in the order of its rows.
const (
	nobody      who = iota // has no session
	ended                  // has the cookie of a session that has ended
	deactivated            // by an admin
	banned                 // from the workspace
	stranger               // a member of the workspace who was never in the channel
	guest                  // who was not invited to it
	ex                     // was in the channel and is no more
	barred                 // was in the channel, and is banned from it
	member                 // is in it, and wrote message 1
	keeper                 // its owner
	admin                  // of the workspace, never in the channel
	owner                  // of the workspace, never in the channel
	everybody
)

var whoNames = [everybody]string{"nobody", "ended", "deactivated", "banned", "stranger", "guest", "ex-member", "barred",
	"member", "channel owner", "admin", "owner"}

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
	mate string // the id of someone who is in it, and in no column
	// ids of bans in force, set by the channel's owner and by an admin; in a direct conversation of bans elsewhere
	set, ruled string
}

// cast is a site with one of each: people, and channels between them.
type cast struct {
	*site
	people      [everybody]*person
	warden      *person // an admin who is in no channel when it is built
	mate, rogue *person // are in every channel that is built, and banned from it by its owner
	hidden      *person // whom guests do not see; made when they are asked for
	elsewhere   string  // the id of a ban from the workspace
	places      map[kind]place
	n           int // makes names unique
}

func openCast(t testing.TB) *cast {
	t.Helper()
	s := openSite(t)
	c := &cast{site: s, places: make(map[kind]place)}
	c.warden, c.mate, c.rogue = c.make(admin), c.make(stranger), c.make(stranger)
	c.elsewhere = c.newBan().String()
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
	// a change by a verb: what was before is not recalled any more
	if _, err := c.Chat.Accounts.CreateSetupLink(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// make makes a person who stands to the workspace like that.
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
		if _, err := c.Chat.Moderation.Ban(c.t.Context(), c.warden.actor(), chat.NewBan{Name: p.actor().Name}); err != nil {
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
	var session chat.ID
	ctx := p.t.Context()
	if err := p.db.QueryRowContext(ctx, `SELECT max(id) FROM sessions WHERE user_id = $1`, id).Scan(&session); err != nil {
		p.t.Fatal(err)
	}
	a, err := p.Chat.Accounts.Authenticate(ctx, id, session)
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
	at := place{mate: c.mate.actor().ID.String(), set: c.elsewhere, ruled: c.elsewhere}
	switch k {
	case direct:
		third := c.person(c.name()).actor() // the same people have one conversation, and this is to be a new one
		ch, err = c.Chat.Channels.CreateDirect(ctx, someone, []chat.ID{boss.ID, third.ID})
		at.mate = third.ID.String()
	default:
		as := chat.Public
		if k == private {
			as = chat.Private
		}
		ch, err = c.Chat.Channels.Create(ctx, boss, c.name(), as)
		for _, a := range []chat.Actor{someone, former, c.mate.actor()} {
			if err == nil {
				_, err = c.Chat.Channels.AddMember(ctx, boss, ch.Slug, a.Name)
			}
		}
		if err == nil {
			err = c.Chat.Channels.RemoveMember(ctx, boss, ch.Slug, former.ID)
		}
		if err == nil {
			err = c.bar(boss, ch.Slug)
		}
		if err == nil {
			at.set, at.ruled, err = c.bansOf(boss, ch.Slug)
		}
	}
	if err != nil {
		c.t.Fatal(err)
	}
	row := c.people[member].upload("/c/"+ch.Slug+"/messages", asHTMX,
		part{name: "file", file: "drawing.png", content: drawing}).want(http.StatusOK)
	id := strings.Split(filePattern.FindString(row.body), "/")
	if len(id) < 3 {
		c.t.Fatal("no file in the row")
	}
	if k == archived {
		if _, err := c.Chat.Channels.Archive(ctx, boss, ch.Slug); err != nil {
			c.t.Fatal(err)
		}
	}
	at.slug, at.file = ch.Slug, id[2]
	return at
}

// bansOf bans the rogue from a channel by its owner, and returns the ids of that ban and of the one by an admin.
func (c *cast) bansOf(boss chat.Actor, slug string) (set, ruled string, err error) {
	if _, err := c.Chat.Moderation.BanFromChannel(c.t.Context(), boss, slug,
		chat.NewBan{Name: c.rogue.actor().Name}); err != nil {
		return "", "", err
	}
	acc, err := c.Chat.Channels.Access(c.t.Context(), boss, slug)
	if err != nil {
		return "", "", err
	}
	list, err := c.Chat.Moderation.ChannelBans(c.t.Context(), acc)
	for _, b := range list {
		if b.By.ID == boss.ID {
			set = b.ID.String()
		} else {
			ruled = b.ID.String()
		}
	}
	return set, ruled, err
}

// bar lets someone into a channel, and bans them from it. The admin who does is in it only for that moment.
func (c *cast) bar(boss chat.Actor, slug string) error {
	ctx, warden, name := c.t.Context(), c.warden.actor(), c.people[barred].actor().Name
	_, err := c.Chat.Channels.AddMember(ctx, boss, slug, name)
	if err == nil {
		_, err = c.Chat.Channels.AddMember(ctx, boss, slug, warden.Name)
	}
	if err == nil {
		_, err = c.Chat.Moderation.Ban(ctx, warden, chat.NewBan{Name: name, Channel: slug})
	}
	if err == nil {
		err = c.Chat.Channels.RemoveMember(ctx, boss, slug, warden.ID)
	}
	return err
}

// drawing is a picture large enough to get a thumbnail.
var drawing = func() string {
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 900, 10))
	noise := uint32(1) // so that it weighs more than its thumbnail
	for i := range img.Pix {
		noise = noise*1664525 + 1013904223
		img.Pix[i] = byte(noise >> 24)
	}
	_ = png.Encode(&b, img) // a buffer takes everything
	return b.String()
}()
