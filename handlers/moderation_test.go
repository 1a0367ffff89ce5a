package handlers

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

func TestModeration(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[admin], c.clients[nonMember]
	name := bob.actor().Name
	bob.say("buy this")
	boss.get(general).want(200, `class="messages moderated"`)
	bob.get(general).want(200).wantNot("messages moderated")
	boss.get(general+"/1/delete").want(200, "Remove message", `name="reason"`)
	boss.post(general+"/1/delete", url.Values{"reason": {"an advertisement"}}).want(303)
	bob.get(general).want(200, "removed by an admin").wantNot("buy this")

	boss.post("/admin/bans", url.Values{"name": {name}, "days": {"never"}, "reason": {"again"}}).
		want(422, "ten years", `value="again"`)
	boss.post("/admin/bans", url.Values{"name": {c.clients[owner].actor().Name}}).want(422, "below yours")
	boss.post("/admin/bans", url.Values{"name": {name}, "days": {"3"}, "reason": {"again and again"}}).want(303)
	bob.get("/me").to("/signin?next=%2Fme")
	list := boss.get("/admin/bans").want(200, name, "again and again", "The whole workspace")
	_, lift, _ := strings.Cut(list.body, `action="/admin/bans/`)
	lift, _, _ = strings.Cut(lift, `"`)
	boss.post("/admin/bans/"+lift, nil).to("/admin/bans")
	boss.get("/admin/bans").want(200).wantNot("again and again")

	boss.get("/admin/audit").want(200, "removed a message", "an advertisement", "unbanned", "127.0.0.1", name)
	boss.get("/admin/audit?action=ban.created").want(200, "again and again").wantNot("an advertisement")
	boss.get("/admin/audit?name="+url.QueryEscape("Nobody at all")).want(200, "Nothing was found")
	boss.get("/admin/audit?to=2001-01-01").want(200, "Nothing was found")
	export := boss.get("/admin/audit.jsonl?action=message.removed").want(200)
	var line struct{ Actor, User, Action, Detail, Address, Channel string }
	if err := json.Unmarshal([]byte(export.body), &line); err != nil || line.User != name ||
		line.Action != "message.removed" ||
		line.Channel != "General Talk" || line.Detail != "message 1: an advertisement" || line.Address != "127.0.0.1" {
		t.Errorf("%v in %s", err, export.body)
	}
}

// Bans apply to users: in an open workspace, the page warns that they can return under another name, and what helps.
func TestBansSayWhomTheyKeepOut(t *testing.T) {
	c := openFixtures(t)
	boss, top := c.clients[admin], c.clients[owner]
	const again, back = "come back by another name", "the same browser can come back by another name"
	boss.get("/admin/bans").want(200, "holds for a person", again, "The owner can set that", `href="/admin/sessions"`).
		wantNot(`href="/admin/settings"`)
	top.get("/admin/bans").want(200, again, `<a href="/admin/settings">workspace settings</a>`)
	name := c.clients[nonMember].actor().Name
	to := boss.post("/admin/bans", url.Values{"name": {name}}).want(303).Header.Get("Location")
	boss.get(to).want(200, name+"</bdi> is banned", back)
	mallory := c.testServer.newClient()
	mallory.post("/signin", url.Values{"name": {"Somebody else"}}).want(303) // as it says
	top.get(general+"/members").want(200, again, "A private channel keeps them out")
	private := top.post("/c", url.Values{"name": {"Hidden"}, "private": {"1"}}).want(303).Header.Get("Location")
	top.get(private + "/members").want(200).wantNot(again)

	top.post("/admin/settings", url.Values{"workspace": {"Closed"}, "access": {"invite"}}).want(303)
	boss.get(to).want(200, "holds for a person", "an invitation that still works", `href="/admin/invitations"`).
		wantNot(back, "This place is open")
	top.get(general + "/members").want(200).wantNot(again)
}

// The audit log reveals nothing about channels that its reader does not see.
func TestAuditKeepsSecrets(t *testing.T) {
	c := openFixtures(t)
	c.secret("xylophone", "obsidian")
	for _, path := range []string{"/admin/audit", "/admin/audit.jsonl"} {
		a := c.clients[owner].get(path).want(200)
		if strings.Contains(strings.ToLower(a.body), "xylophone") {
			t.Errorf("%s names a channel that one does not see", path)
		}
	}
	c.clients[owner].get("/admin/audit").want(200, "A channel that you do not see")
	ctx := t.Context()
	entries, more, err := c.Chat.Admin.Audit(ctx, c.clients[owner].actor(), chat.AuditFilter{}, 0)
	if err != nil || len(entries) == 0 || more {
		t.Error(len(entries), more, err)
	}
}
