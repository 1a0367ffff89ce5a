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
	case strings.Contains(pattern, "{ban}"):
		invitation.ID = c.newBan()
	case strings.Contains(pattern, "{report}"):
		invitation.ID = c.newReport()
	case strings.Contains(pattern, "{device}"):
		invitation.ID = c.person(c.name()).actor().Session
	case strings.Contains(pattern, "{invit"):
		invitation, secret, err = c.Chat.Admin.CreateInvitation(ctx, c.people[owner].actor(),
			chat.NewInvitation{Role: chat.RoleMember, Lifetime: time.Hour})
	case strings.Contains(pattern, "{link}"):
		secret, err = c.Chat.Accounts.CreateDeviceLink(ctx, c.person(c.name()).actor())
	case strings.Contains(pattern, "{recovery}"):
		secret, _, err = c.Chat.Accounts.CreatePasswordReset(ctx, c.people[owner].actor(), c.person(c.name()).actor().Name)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.NewReplacer("{invitation}", secret, "{invited}", invitation.ID.String(), "{person}",
		invitation.ID.String(), "{device}", invitation.ID.String(), "{ban}", invitation.ID.String(), "{report}",
		invitation.ID.String(), "{link}", secret, "{recovery}", secret, ":slug", at.slug, ":seq", "1", ":id", at.file,
		":name", "drawing.png", "{mate}", at.mate, "{set}", at.set, "{ruled}", at.ruled, "{elsewhere}", c.elsewhere, "{me}",
		me, "{session}", session, "{asset}", assets.URL("app.css")).Replace(pattern)
}

// newBan keeps somebody out of the workspace.
func (c *cast) newBan() chat.ID {
	c.t.Helper()
	ctx, ruler := c.t.Context(), c.warden.actor()
	_, err := c.Chat.Moderation.Ban(ctx, ruler, chat.NewBan{Name: c.person(c.name()).actor().Name})
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
func (c *cast) newReport() chat.ID {
	c.t.Helper()
	ctx, ruler := c.t.Context(), c.warden.actor()
	row, _, err := c.Chat.Messages.Post(ctx, c.person(c.name()).actor(), "general-talk", chat.Draft{Body: "noise"})
	if err == nil {
		err = c.Chat.Moderation.Report(ctx, c.person(c.name()).actor(), "general-talk", row.Seq, "noise")
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

// never puts what never was in the place of those who are there.
var never = strings.NewReplacer("{someone}", "Nobody+of+that+name", "{unseen}", "Nobody+of+that+name", "{unseenID}",
	"1", "{mate}", "1", "{set}", "1")

// named puts people in a form: someone new, or someone whom guests do not see.
func (c *cast) named(form string) string {
	c.t.Helper()
	someone := func(p *person) string {
		a := p.actor()
		return strings.NewReplacer("{someone}", url.QueryEscape(a.Name), "{someoneID}", a.ID.String(),
			"{unseen}", url.QueryEscape(a.Name), "{unseenID}", a.ID.String()).Replace(form)
	}
	switch {
	case strings.Contains(form, "{someone"):
		return someone(c.person(c.name()))
	case strings.Contains(form, "{unseen"):
		if c.hidden == nil {
			c.hidden = c.alone()
		}
		return someone(c.hidden)
	}
	return form
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
		values, err := url.ParseQuery(strings.ReplaceAll(c.named(form), "{n}", fmt.Sprint(c.n)))
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
