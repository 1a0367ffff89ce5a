package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"chitchat/assets"
	"chitchat/chat"
)

// pathFor fills in a route's pattern.
func (c *fixtures) pathFor(pattern string, w viewer, at channelFixture) string {
	me, session := "0", "0"
	if w > banned && strings.Contains(pattern, "{") {
		a := c.clients[w].actor()
		me, session = a.ID.String(), a.Session.String()
	}
	ctx := c.t.Context()
	secret := ""
	var invitation chat.Invitation
	var err error
	switch {
	case pattern == "{pictured}": // of a user in General Talk, where the guest is too
		p := c.signedIn(c.newName())
		p.upload("/me/avatar", nil, part{name: "file", file: "a.png", content: drawing}).want(http.StatusSeeOther)
		return avatarPattern.FindString(p.get("/me/profile").body)
	case strings.Contains(pattern, "{user}"):
		invitation.ID = c.signedIn(c.newName()).actor().ID
	case strings.Contains(pattern, "{ban}"):
		invitation.ID = c.newBan()
	case strings.Contains(pattern, "{emoji}"):
		c.n++
		invitation.ID = c.otherAdmin.addEmoji(fmt.Sprint("emoji-", c.n))
	case strings.Contains(pattern, "{report}"):
		invitation.ID = c.newReport()
	case strings.Contains(pattern, "{device}"):
		invitation.ID = c.signedIn(c.newName()).actor().Session
	case strings.Contains(pattern, "{invit"):
		invitation, secret, err = c.Chat.Admin.CreateInvitation(ctx, c.clients[owner].actor(),
			chat.NewInvitation{Role: chat.RoleMember, Lifetime: time.Hour})
	case strings.Contains(pattern, "{link}"):
		secret, err = c.Chat.Accounts.CreateDeviceLink(ctx, c.signedIn(c.newName()).actor())
	case strings.Contains(pattern, "{reset}"):
		locked := c.signedIn(c.newName()).actor().Name
		secret, _, err = c.Chat.Accounts.CreatePasswordReset(ctx, c.clients[owner].actor(), locked)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.NewReplacer("{invitation}", secret, "{invited}", invitation.ID.String(), "{user}",
		invitation.ID.String(), "{device}", invitation.ID.String(), "{ban}", invitation.ID.String(), "{emoji}",
		invitation.ID.String(), "{report}",
		invitation.ID.String(), "{link}", secret, "{reset}", secret, ":slug", at.slug, ":seq", "1", ":n", "1", ":id", at.file,
		":name", "drawing.png", "{member}", at.otherMember, "{owner_ban}", at.ownerBan, "{admin_ban}", at.adminBan,
		"{elsewhere}", c.elsewhere, "{section}", c.section, "{me}", me,
		"{session}", session, "{asset}", assets.URL("app.css")).Replace(pattern)
}

// newBan bans a user from the workspace.
func (c *fixtures) newBan() chat.ID {
	c.t.Helper()
	ctx, ruler := c.t.Context(), c.otherAdmin.actor()
	_, err := c.Chat.Moderation.Ban(ctx, ruler, chat.NewBan{Name: c.signedIn(c.newName()).actor().Name})
	if err != nil {
		c.t.Fatal(err)
	}
	bans, err := c.Chat.Moderation.Bans(ctx, ruler, chat.ListQuery{})
	if err != nil || len(bans.Rows) == 0 {
		c.t.Fatal(err)
	}
	return bans.Rows[0].ID
}

// newReport reports a message of General Talk.
func (c *fixtures) newReport() chat.ID {
	c.t.Helper()
	ctx, ruler := c.t.Context(), c.otherAdmin.actor()
	row, _, err := c.Chat.Messages.Post(ctx, c.signedIn(c.newName()).actor(), "general-talk", chat.Draft{Body: "noise"})
	if err == nil {
		err = c.Chat.Moderation.Report(ctx, c.signedIn(c.newName()).actor(), "general-talk", row.Seq, "noise")
	}
	if err != nil {
		c.t.Fatal(err)
	}
	reports, err := c.Chat.Moderation.Reports(ctx, ruler, chat.ListQuery{}, false)
	if err != nil || len(reports.Rows) == 0 {
		c.t.Fatal(err)
	}
	return reports.Rows[0].ID
}

// never replaces existing ids by ones that never existed.
var never = strings.NewReplacer("{someone}", "Nobody+of+that+name", "{unseen}", "Nobody+of+that+name", "{unseenID}",
	"1", "{member}", "1", "{owner_ban}", "1", "{section}", "4")

// formFor fills users in a form: a new one, or one hidden from guests.
func (c *fixtures) formFor(form string) string {
	c.t.Helper()
	form = strings.ReplaceAll(form, "{section}", c.section)
	someone := func(p *testClient) string {
		a := p.actor()
		return strings.NewReplacer("{someone}", url.QueryEscape(a.Name), "{someoneID}", a.ID.String(),
			"{unseen}", url.QueryEscape(a.Name), "{unseenID}", a.ID.String()).Replace(form)
	}
	switch {
	case strings.Contains(form, "{someone"):
		return someone(c.signedIn(c.newName()))
	case strings.Contains(form, "{unseen"):
		if c.hidden == nil {
			c.hidden = c.loneGuest()
		}
		return someone(c.hidden)
	}
	return form
}

// request sends a route's request, and returns the letter of the answer.
func (c *fixtures) request(w viewer, route, path, form string) (response, byte) {
	c.t.Helper()
	p := c.clients[w]
	method, _, _ := strings.Cut(route, " ")
	var a response
	if method == http.MethodGet {
		a = p.get(path)
	} else {
		c.n++
		values, err := url.ParseQuery(strings.ReplaceAll(c.formFor(form), "{n}", fmt.Sprint(c.n)))
		if err != nil {
			c.t.Fatal(err)
		}
		a = p.post(path, values)
	}
	return a, letter(a)
}

// letter returns the matrix's letter for an answer.
func letter(a response) byte {
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
	case http.StatusPermanentRedirect:
		return 'm'
	case http.StatusUpgradeRequired:
		return 'u'
	}
	return '?'
}
