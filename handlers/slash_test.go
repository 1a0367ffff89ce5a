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
