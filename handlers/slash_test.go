package handlers

import (
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

// command sends a text to a channel, as htmx does or as a plain form.
func (p *testClient) command(slug, text string, headers ...string) response {
	p.t.Helper()
	return p.post("/c/"+slug+"/messages", url.Values{"body": {text}, "client_id": {chat.NewID().String()}}, headers...)
}

// bodies returns the texts of a channel's messages.
func (p *testClient) bodies(slug string) (list []string) {
	p.t.Helper()
	page, err := p.Chat.Messages.Peek(p.t.Context(), p.actor(), slug)
	if err != nil {
		p.t.Fatal(err)
	}
	for seq := range page.Channel.LastSeq {
		m, err := p.Chat.Messages.Get(p.t.Context(), p.actor(), slug, seq+1)
		if err != nil {
			p.t.Fatal(err)
		}
		list = append(list, m.Body)
	}
	return list
}

func (p *testClient) newChannel(name string, kind chat.Kind) chat.Channel {
	p.t.Helper()
	ch, err := p.Chat.Channels.Create(p.t.Context(), p.actor(), name, kind)
	if err != nil {
		p.t.Fatal(err)
	}
	return ch
}

func (p *testClient) access(slug string) chat.Access {
	p.t.Helper()
	acc, err := p.Chat.Channels.Access(p.t.Context(), p.actor(), slug)
	if err != nil {
		p.t.Fatal(err)
	}
	return acc
}

// What commands post is stored as typed by someone who knows Markdown, and everything else is text.
func TestSlashPosts(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	for _, tt := range []struct{ text, body string }{
		{"/me waves", "_waves_"},
		{"/me waves\r\nand goes", "_waves_\n_and goes_"},
		{"/shrug", `¯\\\_(ツ)\_/¯`},
		{"/Shrug no idea", `no idea ¯\\\_(ツ)\_/¯`},
		{"//me waves", "/me waves"},
		{"///", "//"},
		{"//", "/"},
		{"//usr/bin/x", "/usr/bin/x"},
		{" /me waves", " /me waves"},
		{"a\r\n/leave", "a\n/leave"},
		{"/ or", "/ or"},
		{"/1", "/1"},
	} {
		if n := len(rows(p.command("general-talk", tt.text, asHTMX...).want(200).body)); n != 1 {
			t.Errorf("%q: %d rows", tt.text, n)
		}
		list := p.bodies("general-talk")
		if got := list[len(list)-1]; got != tt.body {
			t.Errorf("%q is posted as %q, not %q", tt.text, got, tt.body)
		}
	}
	p.command("general-talk", "/me again").to(general)
	p.post(general+"/1/edit", url.Values{"body": {"/topic x"}}).to(general + "/1")
	if got := p.bodies("general-talk")[0]; got != "/topic x" {
		t.Errorf("the edit stored %q", got)
	}
}

// A command that is unknown or used in a wrong way is never sent. Its form comes back with the text.
func TestSlashRefused(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	ch := p.newChannel("Kitchen", chat.Public)
	for text, says := range map[string]string{
		"/tpoic tea":       "“/tpoic” is not a command, and nothing was sent. Did you mean /topic?",
		"/usr/bin/x -v":    "To send it as text, begin with two slashes: //usr/bin/x",
		"/home":            "begin with two slashes: //home",
		"/":                "/help lists the commands",
		"/me":              "It is used like this: /me text",
		"/dm":              "/dm @name [text]",
		"/dm @Nobody x":    "nobody called “Nobody x”",
		"/invite":          "/invite @name…",
		"/invite @Nobody":  "nobody called “Nobody”",
		"/invite @Ann now": "an @ before each name",
		"/join":            "/join #channel",
		"/join #none":      "There is no channel of that name, or it is not yours to see.",
		"/topic":           "/topic text",
		"/rename":          "/rename name",
		"/leave now":       "It is used like this: /leave",
		"/archive it":      "It is used like this: /archive",
		"/mute please":     "It is used like this: /mute",
		"/away 5 min":      "It is used like this: /away",
		"/topic " + strings.Repeat("x", chat.MaxTopicLen+1):    "too long",
		"/rename " + strings.Repeat("x", 200):                  "too long",
		"/status " + strings.Repeat("x", 200):                  "At most",
		"/status 🍲🍲 soup":                                      "One emoji",
		"/dm " + strings.Repeat("@Ann ", chat.MaxDirect+2):     "at most 9 people",
		"/invite " + strings.Repeat("@Ann ", maxInvited+1):     "at most 20 people",
		"/" + strings.Repeat("x", chat.MaxBodyLen) + "<b>\x00": "…",
	} {
		for _, headers := range [][]string{nil, asHTMX} {
			a := p.command(ch.Slug, text, headers...).want(422, says, "</textarea>").wantNot("\x00")
			if shown := strings.NewReplacer("<", "&lt;", ">", "&gt;", "\x00", "\ufffd").Replace(text); !strings.Contains(a.body,
				shown+"</textarea>") {
				t.Errorf("%.40q is not in its form:\n%s", text, a.excerpt())
			}
		}
	}
	if list := p.bodies(ch.Slug); len(list) > 0 {
		t.Errorf("%q was sent", list)
	}
	if now := p.access(ch.Slug); now.Channel.Topic != "" || now.Channel.Name != "Kitchen" || now.Membership.Muted {
		t.Errorf("the channel is %+v", now.Channel)
	}
}

// A command is not sent with files: text and files come back, and the files can go with a message.
func TestSlashWithFiles(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	a := p.upload(general+"/messages", asHTMX, part{"body", "", "/me waves"}, part{"client_id", "", "1"},
		part{"file", "notes.txt", "words"}).want(422, "A command is sent without files", "/me waves</textarea>", "notes.txt")
	kept := keptPattern.FindStringSubmatch(a.body)
	if kept == nil {
		t.Fatal("the file is not kept")
	}
	p.post(general+"/messages", url.Values{"body": {"/away"}, "kept": {kept[1]}}, asHTMX...).
		want(422, "without files", kept[1])
	p.post(general+"/messages", url.Values{"body": {"//away"}, "kept": {kept[1]}}, asHTMX...).want(200, "notes.txt")
	if list := p.bodies("general-talk"); len(list) != 1 || list[0] != "/away" {
		t.Errorf("%q was sent", list)
	}
	if p.actor().Away {
		t.Error("Ann is away")
	}
}

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

// Commands obey the rules of what they do: roles, archived channels, channels that one does not see, and limits.
func TestSlashObeysTheRules(t *testing.T) {
	c := openFixtures(t)
	for _, w := range []viewer{nobody, ended, deactivated, banned} {
		c.clients[w].in(t).command("general-talk", "/me waves").wantNot("waves_")
	}
	for _, w := range []viewer{nonMember, guest, formerMember, channelBanned, admin} {
		for _, text := range []string{"/help", "/topic x", "/me waves", "/leave", "/unknown"} {
			c.clients[w].in(t).command(c.channels[private].slug, text).want(404)
		}
	}
	old := c.channels[archived].slug
	c.clients[channelOwner].command(old, "/topic x").want(403, "archived")
	c.clients[channelOwner].command(old, "/me x").want(403, "archived")
	c.clients[channelOwner].command(old, "/invite @"+c.otherAdmin.actor().Name).want(403, "archived")
	c.clients[channelOwner].command(old, "/mute", asHTMX...).want(200, "is muted")
	c.clients[guest].command("general-talk", "/invite @"+c.clients[owner].actor().Name).want(403, "guests cannot")

	t.Run("limits", func(t *testing.T) {
		p := c.clients[owner].in(t)
		key := p.actor().ID.String()
		slug := c.channels[public].slug
		c.limitTo(1)
		for text, limit := range map[string]*userAndIPLimiter{
			"/dm @x": &c.newChannels, "/invite @" + c.clients[nonMember].actor().Name: &c.invites, "/join #x": &c.changes,
			"/leave": &c.changes, "/topic x": &c.changes, "/rename x": &c.changes, "/mute": &c.changes, "/away": &c.renames,
			"/status x": &c.renames, "/help": &c.posts, "/unknown": &c.posts, "/archive": &c.posts,
		} {
			c.limitTo(1)
			if limit != &c.posts {
				c.posts = newUserAndIPLimiter(0)
			}
			if err := limit.user.take(nil, key); err != nil {
				t.Fatal(err)
			}
			p.command(slug, text).want(429, "too often", text+"</textarea>")
		}
	})
}

// A preview shows what a command sends, or says that it is not sent, and does nothing.
func TestPreviewOfCommands(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	for text, want := range map[string]string{
		"/me waves":       "<em>waves</em>",
		"//x":             ">/x<",
		"/topic crumpets": "This is a command: it does something, and is not sent as a message.",
		"/nonsense":       "is not a command",
		"plain":           ">plain<",
	} {
		p.post(general+"/preview", url.Values{"body": {text}}, asHTMX...).want(200, want)
	}
	p.post(general+"/preview", url.Values{"body": {"/me waves"}, "written": {"1"}}, asHTMX...).want(200, ">/me waves<")
	p.get(general).wantNot("crumpets", "waves")
}
