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

// viewer is a user's relation to the workspace, and to the requested channel.
type viewer int

// The columns of the matrix, in the order of its rows.
const (
	nobody        viewer = iota // has no session
	ended                       // has the cookie of a session that has ended
	deactivated                 // by an admin
	banned                      // from the workspace
	nonMember                   // a member of the workspace who was never in the channel
	guest                       // not invited to it
	formerMember                // was in the channel and has left
	channelBanned               // was in the channel, and is banned from it
	member                      // is in it, and wrote message 1
	channelOwner                // its owner
	admin                       // of the workspace, never in the channel
	owner                       // of the workspace, never in the channel
	viewerCount
)

var viewerNames = [viewerCount]string{"nobody", "ended", "deactivated", "banned", "non-member", "guest",
	"former member", "channel-banned", "member", "channel owner", "admin", "owner"}

func (w viewer) String() string { return viewerNames[w] }

// kind is a kind of channel in the matrix.
type kind string

const (
	public   kind = "public"
	private  kind = "private"
	direct   kind = "direct"
	archived kind = "archived"
)

var kinds = []kind{public, private, direct, archived}

// channelFixture is a channel with content to request.
type channelFixture struct {
	slug        string
	file        string // of message 1: an id
	otherMember string // the id of a member who is in no column
	// ids of active bans, set by the channel's owner and by an admin; in a direct conversation, of bans elsewhere
	ownerBan, adminBan string
}

// fixtures are a server with one client of each kind, and channels between them.
type fixtures struct {
	*testServer
	clients                  [viewerCount]*testClient
	otherAdmin               *testClient // an admin who is in no channel when it is built
	otherMember, otherBanned *testClient // are in every channel that is built, and banned from it by its owner
	hidden                   *testClient // hidden from guests; made on first use
	elsewhere                string      // the id of a ban from the workspace
	section                  string      // the id of a section of otherAdmin's sidebar
	channels                 map[kind]channelFixture
	n                        int // makes names unique
}

func openFixtures(t testing.TB) *fixtures {
	t.Helper()
	s := newTestServer(t)
	c := &fixtures{testServer: s, channels: make(map[kind]channelFixture)}
	c.otherAdmin, c.otherMember, c.otherBanned = c.makeViewer(admin), c.makeViewer(nonMember), c.makeViewer(nonMember)
	c.elsewhere = c.newBan().String()
	section, err := c.Chat.Channels.CreateSection(t.Context(), c.otherAdmin.actor(), "Not yours")
	if err != nil {
		t.Fatal(err)
	}
	c.section = section.ID.String()
	for w := range viewerCount {
		c.clients[w] = c.makeViewer(w)
	}
	for _, k := range kinds {
		c.channels[k] = c.buildChannel(k)
	}
	return c
}

func (c *fixtures) newName() string {
	c.n++
	return fmt.Sprintf("Somebody %d", c.n)
}

// makeViewer makes a client with that relation to the workspace.
func (c *fixtures) makeViewer(w viewer) *testClient {
	c.t.Helper()
	if w == nobody {
		return c.newClient()
	}
	p := c.signedIn(c.newName())
	id := p.actor().ID
	switch w {
	case ended:
		c.exec(`DELETE FROM sessions WHERE user_id = $1`, id)
	case deactivated:
		c.exec(`UPDATE users SET deactivated_at = 1 WHERE id = $1`, id)
	case banned:
		ban := chat.NewBan{Name: p.actor().Name}
		if _, err := c.Chat.Moderation.Ban(c.t.Context(), c.otherAdmin.actor(), ban); err != nil {
			c.t.Fatal(err)
		}
	case guest, admin, owner:
		c.exec(`UPDATE users SET role = $1 WHERE id = $2`, w.String(), id)
		p.get("/me").want(http.StatusOK) // receives the cookie for the new rights
	default:
	}
	return p
}

var userPattern = regexp.MustCompile(`data-user="([0-9a-z]+)"`)

// actor returns chat's actor of a client.
func (p *testClient) actor() chat.Actor {
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

// buildChannel creates a channel of a kind, with a client for each column of the matrix.
func (c *fixtures) buildChannel(k kind) channelFixture {
	c.t.Helper()
	ctx := c.t.Context()
	boss, someone, former := c.clients[channelOwner].actor(), c.clients[member].actor(), c.clients[formerMember].actor()
	var ch chat.Channel
	var err error
	at := channelFixture{otherMember: c.otherMember.actor().ID.String(), ownerBan: c.elsewhere, adminBan: c.elsewhere}
	switch k {
	case direct:
		third := c.signedIn(c.newName()).actor() // the same users would share one conversation, and this must be a new one
		ch, err = c.Chat.Channels.CreateDirect(ctx, someone, []chat.ID{boss.ID, third.ID})
		at.otherMember = third.ID.String()
	default:
		as := chat.Public
		if k == private {
			as = chat.Private
		}
		ch, err = c.Chat.Channels.Create(ctx, boss, c.newName(), as)
		for _, a := range []chat.Actor{someone, former, c.otherMember.actor()} {
			if err == nil {
				_, err = c.Chat.Channels.AddMember(ctx, boss, ch.Slug, a.Name)
			}
		}
		if err == nil {
			err = c.Chat.Channels.RemoveMember(ctx, boss, ch.Slug, former.ID)
		}
		if err == nil {
			err = c.banFromChannel(boss, ch.Slug)
		}
		if err == nil {
			at.ownerBan, at.adminBan, err = c.bansOf(boss, ch.Slug)
		}
	}
	if err != nil {
		c.t.Fatal(err)
	}
	row := c.clients[member].upload("/c/"+ch.Slug+"/messages", asHTMX,
		part{name: "file", file: "drawing.png", content: drawing}).want(http.StatusOK)
	id := strings.Split(filePattern.FindString(row.body), "/")
	if len(id) < 3 {
		c.t.Fatal("no file in the row")
	}
	if _, _, err := c.Chat.Messages.Post(ctx, someone, ch.Slug, chat.Draft{Body: "reply", Thread: 1}); err != nil {
		c.t.Fatal(err)
	}
	if k == archived {
		if _, err := c.Chat.Channels.Archive(ctx, boss, ch.Slug); err != nil {
			c.t.Fatal(err)
		}
	}
	at.slug, at.file = ch.Slug, id[2]
	file, err := chat.ParseID(at.file)
	if err != nil {
		c.t.Fatal(err)
	}
	// the same picture as that of a link preview
	c.exec(`INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture, picture_size)
		VALUES ($1, 'https://preview.example/', 0, 4000000000000, 'Title', '', '', $1, 1)`, file)
	c.exec(`INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
		SELECT id, 1, 'https://preview.example/', '', 0, 7, $2 FROM (
			SELECT id FROM channels WHERE id = $1 UNION ALL SELECT id FROM threads WHERE channel_id = $1) AS feeds`, ch.ID, file)
	return at
}

// bansOf bans otherBanned from a channel by its owner, and returns the ids of that ban and of the admin's.
func (c *fixtures) bansOf(boss chat.Actor, slug string) (set, ruled string, err error) {
	if _, err := c.Chat.Moderation.BanFromChannel(c.t.Context(), boss, slug,
		chat.NewBan{Name: c.otherBanned.actor().Name}); err != nil {
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

// banFromChannel adds a user to a channel, and bans them from it. The admin who does it is a member only meanwhile.
func (c *fixtures) banFromChannel(boss chat.Actor, slug string) error {
	ctx, admin, name := c.t.Context(), c.otherAdmin.actor(), c.clients[channelBanned].actor().Name
	_, err := c.Chat.Channels.AddMember(ctx, boss, slug, name)
	if err == nil {
		_, err = c.Chat.Channels.AddMember(ctx, boss, slug, admin.Name)
	}
	if err == nil {
		_, err = c.Chat.Moderation.Ban(ctx, admin, chat.NewBan{Name: name, Channel: slug})
	}
	if err == nil {
		err = c.Chat.Channels.RemoveMember(ctx, boss, slug, admin.ID)
	}
	return err
}

// drawing is a picture large enough to get a thumbnail.
var drawing = func() string {
	var b bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 900, 10))
	noise := uint32(1) // it must be larger than its thumbnail
	for i := range img.Pix {
		noise = noise*1664525 + 1013904223
		img.Pix[i] = byte(noise >> 24)
	}
	_ = png.Encode(&b, img) // a buffer never fails
	return b.String()
}()
