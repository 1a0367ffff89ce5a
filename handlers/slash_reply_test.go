package handlers

import (
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

// Commands that lead elsewhere: htmx gets the address in a header, and a plain form is redirected.
func TestSlashGoesElsewhere(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	s.signedIn("Bob Junior")
	ch := p.newChannel("Tea Room", chat.Public)
	secret := p.newChannel("Secret", chat.Private)
	leads := func(p *testClient, slug, text, to string) {
		p.t.Helper()
		p.command(slug, text).to(to)
		a := p.command(slug, text, asHTMX...).want(204)
		if got := a.Header.Get("HX-Redirect"); got != to {
			p.t.Errorf("%q leads htmx to %q, not %q", text, got, to)
		}
	}
	t.Run("join", func(t *testing.T) {
		q := q.in(t)
		leads(q, "general-talk", "/join #tea room", "/c/"+ch.Slug)
		if acc := q.access(ch.Slug); acc.Membership.State != chat.Joined {
			t.Error("Bob is not in it")
		}
		leads(p.in(t), "general-talk", "/join Secret", "/c/"+secret.Slug)
		unseen := q.command("general-talk", "/join #secret", asHTMX...).want(422)
		none := q.command("general-talk", "/join #secrer", asHTMX...).want(422)
		same := func(a response) string {
			return clientID.ReplaceAllString(strings.ReplaceAll(a.body, "secrer", "secret"), "")
		}
		if same(unseen) != same(none) {
			t.Errorf("the answers tell what exists:\n%s\n%s", same(unseen), same(none))
		}
	})
	t.Run("dm", func(t *testing.T) {
		p := p.in(t)
		to := p.command("general-talk", "/dm @Bob: are you there?").want(303).Header.Get("Location")
		slug := strings.TrimPrefix(to, "/c/")
		leads(p, "general-talk", "/dm @bob", to)
		leads(q.in(t), "general-talk", "/dm Ann", to)
		if list := p.bodies(slug); len(list) != 1 || list[0] != "are you there?" {
			t.Errorf("the conversation has %q", list)
		}
		group := p.command("general-talk", "/dm @Bob Junior, @Bob /me too").want(303).Header.Get("Location")
		if list := p.bodies(strings.TrimPrefix(group, "/c/")); group == to || len(list) != 1 || list[0] != "/me too" {
			t.Errorf("the group %s has %q", group, list)
		}
		if with := p.access(strings.TrimPrefix(group, "/c/")).Channel.With; len(with) != 2 {
			t.Errorf("the group is with %v", with)
		}
		p.command("general-talk", "/dm @Ann").want(422, "Choose whom")
		p.command(slug, "/leave").want(403, "cannot be left")
		p.command(slug, "/invite @Bob Junior").want(403, "between those who are in it")
		p.command(slug, "/topic x").want(403, "Only the owner")
	})
	t.Run("rename", func(t *testing.T) {
		p := p.in(t)
		leads(p, ch.Slug, "/rename Coffee Room", "/c/coffee-room")
		q.in(t).command("coffee-room", "/rename Mine").want(403, "Only the owner", "/rename Mine</textarea>")
		p.command("coffee-room", "/rename General Talk").want(422, "already")
	})
	t.Run("archive", func(t *testing.T) {
		leads(p.in(t), "coffee-room", "/archive", "/c/coffee-room/settings#archive")
		p.in(t).get("/c/coffee-room/settings").want(200, `id="archive"`)
		q.in(t).command("coffee-room", "/archive").want(403, "Only the owner")
		if p.access("coffee-room").Channel.Archived() {
			t.Error("it is archived without a question")
		}
	})
	t.Run("leave", func(t *testing.T) {
		leads(q.in(t), "coffee-room", "/leave", "/c")
		if acc := q.access("coffee-room"); acc.Membership.State != chat.Left {
			t.Errorf("Bob is %s", acc.Membership.State)
		}
		q.in(t).command("general-talk", "/leave").want(403, "cannot be left", "/leave</textarea>")
	})
}

// Commands that change something here reply to the user who sent them, and to nobody else.
func TestSlashReplies(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	s.signedIn("Cem")
	ch := p.newChannel("Tea Room", chat.Public)
	replies := func(text, reply, key string) {
		t.Helper()
		p.command(ch.Slug, text, asHTMX...).want(200, `<hx-partial hx-target="find .reply"`, reply).wantNot("<form")
		if key != "" {
			to := "/c/" + ch.Slug + "?command=" + key
			p.command(ch.Slug, text).to(to)
			p.get(to).want(200, slashReplies[key], "<html")
		}
	}
	replies("/topic  tea & cake ", "Topic changed.", "topic")
	if got := p.access(ch.Slug).Channel.Topic; got != "tea & cake" {
		t.Errorf("the topic is %q", got)
	}
	q.command(ch.Slug, "/topic mine").want(403, "Only the owner")

	replies("/invite @Bob, @Cem", "Bob and Cem are in this channel now.", "")
	p.command(ch.Slug, "/invite @Bob").want(422, "Bob is in this channel already.")
	s.signedIn("Dan")
	p.command(ch.Slug, "/invite Dan @Bob").want(422, "Dan is in this channel now. Bob is in this channel already.")
	s.signedIn("Eve")
	p.command(ch.Slug, "/invite @Eve").to("/c/" + ch.Slug + "?command=added")

	replies("/mute", "is muted", "unmuted")
	if p.access(ch.Slug).Membership.Muted {
		t.Error("two commands leave it muted")
	}
	replies("/away", "see you as away", "back")
	replies("/status 🍲 at lunch", "Your status is set", "status")
	if got := p.actor().Status; got.Emoji != "🍲" || got.Text != "at lunch" {
		t.Errorf("the status is %+v", got)
	}
	replies("/status :Tada: done", "Your status is set", "")
	if got := p.actor().Status; got.Emoji != "🎉" || got.Text != "done" {
		t.Errorf("the status is %+v", got)
	}
	replies("/status :nothing: done", "Your status is set", "")
	if got := p.actor().Status; got.Emoji != chat.DefaultStatusEmoji || got.Text != ":nothing: done" {
		t.Errorf("the status is %+v", got)
	}
	replies("/status at my desk", "Your status is set", "")
	if got := p.actor().Status; got.Emoji != chat.DefaultStatusEmoji || got.Text != "at my desk" {
		t.Errorf("the status is %+v", got)
	}
	replies("/status clear", "cleared", "cleared")
	replies("/status", "cleared", "")
	if got := p.actor().Status; !got.None() {
		t.Errorf("the status is %+v", got)
	}
	help := p.command(ch.Slug, "/help", asHTMX...).want(200)
	p.command(ch.Slug, "/help me").to("/c/" + ch.Slug + "?command=help")
	page := p.get("/c/" + ch.Slug + "?command=help").want(200)
	for _, cmd := range slashCommands {
		line := "<code>/" + cmd.Name + "</code>"
		if !strings.Contains(help.body, line) || !strings.Contains(page.body, line) {
			t.Errorf("the help leaves /%s out", cmd.Name)
		}
	}
	p.get("/c/" + ch.Slug + "?command=evil").want(200).wantNot("evil</")
	if list := p.bodies(ch.Slug); len(list) > 0 {
		t.Errorf("%q was sent", list)
	}
}

// A retry gets the same answer, and does nothing twice; another text is another command.
func TestSlashRetries(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	s.signedIn("Bob")
	ch := p.newChannel("Tea Room", chat.Public)
	twice := func(text string, headers ...string) {
		t.Helper()
		form := url.Values{"body": {text}, "client_id": {"the same"}}
		first := p.post("/c/"+ch.Slug+"/messages", form, headers...)
		again := p.post("/c/"+ch.Slug+"/messages", form, headers...)
		if first.StatusCode >= 400 || first.StatusCode != again.StatusCode || first.body != again.body ||
			first.Header.Get("Location") != again.Header.Get("Location") {
			t.Errorf("%q: %d %s\nand then %d %s", text, first.StatusCode, first.body, again.StatusCode, again.body)
		}
	}
	for _, headers := range [][]string{nil, asHTMX} {
		twice("/mute", headers...)
		twice("/away", headers...)
	}
	twice("/invite @Bob", asHTMX...)
	twice("/dm @Bob hello", asHTMX...)
	twice("/rename Coffee Room", asHTMX...)
	if !p.access(ch.Slug).Membership.Muted || !p.actor().Away {
		t.Error("the retry ended what the command began")
	}
	p.post("/c/"+ch.Slug+"/messages", url.Values{"body": {"/mute"}}, asHTMX...).want(200, "not muted")
	p.post("/c/"+ch.Slug+"/messages", url.Values{"body": {"/mute"}}, asHTMX...).want(200, "is muted")
	twice("/leave", asHTMX...)
}
