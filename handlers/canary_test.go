package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// TestCanary plants secrets in a private channel, and looks for them in everything that others can fetch.
func TestCanary(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	inside := c.clients[member]
	outsiders := []viewer{nobody, ended, deactivated, banned, nonMember, guest, formerMember, channelBanned, admin, owner}

	at := subscribeRequest{Channel: "general-talk", Epoch: c.Chat.Epoch()}
	const last = "that was all"
	heard := make(map[viewer]<-chan string)
	for _, w := range outsiders[4:] {
		page := c.clients[w].dial(at)
		page.until("#channels", "#online")
		heard[w] = page.listen(last)
		page.send(map[string]any{"thread": 1, "epoch": c.Chat.Epoch()}) // that of a message of its own channel, if any
	}
	inside.dial(at).until("#online") // is online from now on
	counted := []string{"/c", "/me", general}
	before := make(map[string]string)
	for _, path := range counted {
		c.clients[nonMember].get(path).want(200) // and has read it
	}

	for _, path := range counted {
		before[path] = steady(c.clients[nonMember].get(path).want(200))
	}

	// The secrets. The slug contains the name too: a request for it repeats it.
	secrets := []string{"xylophone", "quetzal", "zeppelin", "jabberwock", "vermilion", "obsidian", "🇽🇿",
		"marigold",             // only in what a message said before
		"tamarind",             // only in the preview of a link
		"saffron",              // only in a draft
		"persimmon", "kumquat", // only in a reply, and in its file
		"cardamom"} // only in the draft of a reply
	to := "/c/" + c.secret(secrets[0], secrets[5])
	const previewed = "https://preview.example/"
	inside.post(to+"/messages", url.Values{"body": {"the quetzal and a marigold " + previewed}}).want(303)
	row := inside.upload(to+"/messages", asHTMX, part{name: "file", file: "zeppelin.txt", content: "a jabberwock"}).
		want(200)
	text := filePattern.FindString(row.body)
	row = inside.upload(to+"/messages", asHTMX, part{name: "file", file: "vermilion.png", content: drawing}).want(200)
	picture := filePattern.FindString(row.body)
	thumb := picture[:strings.LastIndex(picture, "/")] + "/thumb"
	c.exec(`INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture, picture_size)
		VALUES (1, $1, 0, 4000000000000, 'a tamarind', '', 'preview.example', 0, 0)`, previewed)
	c.exec(`INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
		SELECT id, 1, $1, $1, 0, 1, 1 FROM channels WHERE slug = $2`, previewed, to[3:])
	c.exec(`UPDATE messages SET link_previews = 1
		WHERE seq = 1 AND channel_id = (SELECT id FROM channels WHERE slug = $1)`, to[3:])
	c.exec(`INSERT INTO file_texts SELECT channel_id, seq, id, 11, 'a jabberwock' FROM attachments
		WHERE name = 'zeppelin.txt'`)
	inside.get("/files?q=jabber").want(200, "zeppelin.txt", "a <mark>jabber</mark>wock")
	inside.post(to+"/draft", url.Values{"body": {"a saffron cake"}}).want(303)
	inside.post(to+"/1/edit", url.Values{"body": {"the other quetzal " + previewed}}).want(303)
	inside.post(to+"/1/reactions", url.Values{"emoji": {secrets[6]}}).want(303) // in no list of emoji
	inside.post(to+"/1/save", nil).want(303)
	inside.post(to+"/1/pin", nil).want(303)
	beside := subscribeRequest{Channel: to[3:], Thread: 1, Epoch: c.Chat.Epoch()}
	first, later := inside.dial(beside), inside.dial(subscribeRequest{Channel: to[3:], Epoch: c.Chat.Epoch()})
	later.until("#channels")
	later.send(map[string]any{"thread": 1, "epoch": c.Chat.Epoch()})
	mention := " @" + c.clients[nonMember].actor().Name
	inside.post(to+"/messages", url.Values{"body": {"a persimmon" + mention}, "thread": {"1"}}).want(303)
	for how, page := range map[string]*page{"its first": first, "a later": later} {
		if seen := page.until("persimmon"); !strings.Contains(seen, "#thread") {
			t.Errorf("a page that names the thread in %s frame hears the reply elsewhere", how)
		}
	}
	row = inside.upload(to+"/messages", asHTMX, part{name: "thread", content: "1"},
		part{name: "file", file: "kumquat.txt", content: "a kumquat"}).want(200)
	attached := filePattern.FindString(row.body)
	inside.post(to+"/draft", url.Values{"body": {"some cardamom"}, "thread": {"1"}}).want(303)
	inside.post(to+"/1/thread/1/save", nil).want(303)

	// Members find them all: a test that finds nothing anywhere proves nothing.
	var all strings.Builder
	inside.crawl(func(_ string, a response) { all.WriteString(strings.ToLower(a.body)) }, "/")
	for _, secret := range secrets {
		if !strings.Contains(all.String(), secret) {
			t.Errorf("who is in the channel does not find %q", secret)
		}
	}

	find := func(w viewer, path string, a response) {
		said := strings.ToLower(a.body)
		for name, values := range a.Header {
			said += strings.ToLower(name + ": " + strings.Join(values, " ") + "\n")
		}
		for _, asked := range []string{path, url.QueryEscape(path), strings.TrimPrefix(path, "/")} {
			said = strings.ReplaceAll(said, strings.ToLower(asked), "")
		}
		for _, secret := range slices.Concat(secrets, []string{strings.Split(picture, "/")[2]}) {
			if strings.Contains(said, secret) {
				t.Errorf("%s finds %q at %s", w, secret, path)
			}
		}
	}
	for _, path := range counted {
		if after := steady(c.clients[nonMember].get(path).want(200)); after != before[path] {
			t.Errorf("%s tells that something happened in a channel that one does not see", path)
		}
	}
	for _, w := range outsiders {
		p := c.clients[w]
		seen := p.crawl(func(path string, a response) { find(w, path, a) }, "/", "/c", "/me", "/signin", "/nowhere",
			"/test/error", "/test/panic", "/sitemap.xml", "/robots.txt")
		for _, path := range []string{"/admin/channels", "/admin/sessions", "/admin/storage", "/admin/storage/people",
			"/admin/people", "/admin/bans", "/admin/emoji", "/admin/audit"} {
			if ruling := w == admin || w == owner; ruling && !seen[path] {
				t.Errorf("%s did not come by %s", w, path)
			}
		}
		for _, path := range []string{to, to + "?before=9", to + "?after=0", to + "/1", to + "/2", to + "/1/edit",
			to + "?on=2020-01-01", to + "/days",
			"/complete?kind=user&q=a&channel=" + strings.TrimPrefix(to, "/c/"),
			to + "/1/actions", to + "/1/history", to + "/1/delete",
			to + "/1/reactions", to + "/1/reactions/remove", to + "/preview",
			to + "/draft", "/paste", to + "/1/quote", to + "/1/forward", to + "/1/unread",
			to + "/1/link-previews/1", to + "/1/link-previews/remove",
			to + "/1/save", to + "/1/unsave", "/saved", "/unreads", "/read", "/sidebar", "/files", "/files?type=images",
			to + "/files",
			"/mentions", "/mentions?type=mentions", "/mentions?type=reactions", to + "/1/pin", to + "/1/unpin", to + "/pins",
			text, picture, thumb,
			to + "/1/thread", to + "/1/thread?before=2", to + "/1/thread?after=0", to + "/1/follow", to + "/1/unfollow",
			to + "/1/thread/1", to + "/1/thread/1/history", to + "/1/thread/1/edit", to + "/1/thread/1/delete",
			to + "/1/thread/1/reactions", to + "/1/thread/1/reactions/remove", to + "/1/thread/1/quote",
			to + "/1/thread/1/forward", to + "/1/thread/1/save", to + "/1/thread/1/unsave", to + "/1/thread/1/report",
			to + "/1/thread/1/link-previews/1", "/threads", "/switch", "/search",
			"/search?q=" + url.QueryEscape("-qq"), "/search?q=from:me", "/search?q=has:link", to + "/messages", attached} {
			find(w, path, p.get(path))
			find(w, path, p.get(path, asHTMX...))
			find(w, path, p.get(path, "Range", "bytes=0-9", "If-None-Match", "*"))
			find(w, path, p.post(path, url.Values{"body": {"x"}}))
			find(w, path, p.post(path, url.Values{"body": {"x"}, "thread": {"1"}, "also": {"1"}}, asHTMX...))
		}
		if w > banned {
			c.searchesTellNothing(w, secrets[:6]) // the emoji stands encoded in links of what was looked for
			c.writingTellsNothing(w, secrets)
		}
		find(w, "/signin", c.newClient().post("/signin", url.Values{"name": {inside.actor().Name}}))
		if w > banned {
			for _, at := range []subscribeRequest{{Channel: to[3:], Epoch: c.Chat.Epoch()}, beside} {
				if code := p.dial(at).closed(); code != closeNotFound {
					t.Errorf("%s: the socket closed with %d", w, code)
				}
			}
		}
	}
	inside.say(last)
	for w, all := range heard {
		var seen string
		select {
		case seen = <-all:
		case <-time.After(patience):
		}
		if !strings.Contains(seen, last) {
			t.Fatalf("%s heard only %s", w, seen)
		}
		seen = strings.ToLower(seen)
		for _, secret := range secrets {
			if strings.Contains(seen, secret) {
				t.Errorf("%s hears %q by the socket", w, secret)
			}
		}
	}
	log := strings.ToLower(c.log.String())
	for _, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}

// TestCanaryOfChannelLinks names a public channel, which guests do not see, and one that is secret since, where a guest
// is let in afterwards: they find no trace of either but what was typed, in everything that they can fetch or hear.
func TestCanaryOfChannelLinks(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	boss := c.clients[channelOwner]
	const public, private = "wolverine", "cassowary"
	create := func(name string, kind chat.Kind) (slug string) {
		t.Helper()
		ch, err := c.Chat.Channels.Create(t.Context(), boss.actor(), name, kind)
		if err != nil {
			t.Fatal(err)
		}
		return ch.Slug
	}
	create(public, chat.Public)
	was, room := create(private, chat.Public), "/c/"+create("Guest room", chat.Private)
	const text = "Before. #WOLVERINE and #CASSOWARY."
	for _, body := range []string{text, "> " + text, "**" + text + "**"} {
		boss.post(room+"/messages", url.Values{"body": {body}}).want(303)
	}
	boss.post(room+"/1/edit", url.Values{"body": {"now " + text}}).want(303)
	for _, path := range []string{room, room + "?before=9", room + "/2"} { // the rooms are warm
		if said := boss.get(path).want(200); strings.Count(said.body, `class="channel" href="/c/`+public+`"`) != 3 {
			t.Errorf("the channel is not linked at %s: a test that finds nothing proves nothing", path)
		}
	}
	if _, err := c.Chat.Channels.Update(t.Context(), boss.actor(), was,
		chat.ChannelSettings{Name: private, Private: true}); err != nil {
		t.Fatal(err)
	}
	for _, w := range []viewer{member, guest} {
		if _, err := c.Chat.Channels.AddMember(t.Context(), boss.actor(), room[3:], c.clients[w].actor().Name); err != nil {
			t.Fatal(err)
		}
	}
	p := c.clients[guest]
	find := func(where, said string) { // what was typed is in capitals; slugs are not
		t.Helper()
		for _, secret := range []string{public, private} {
			if strings.Contains(said, secret) {
				t.Errorf("a guest finds %q at %s", secret, where)
			}
		}
	}
	seen := p.crawl(func(path string, a response) { find(path, a.body) }, "/", room, room+"?before=9", room+"?after=0",
		room+"/1", room+"/2", room+"/1/history", room+"/1/link-previews/1", "/c?q=", "/me")
	if !strings.Contains(p.get(room).want(200).body, "#WOLVERINE and #CASSOWARY") || !seen[room+"/1/history"] {
		t.Error("the guest did not come by what was written")
	}
	const last = "that was all of #WOLVERINE"
	page := p.dial(subscribeRequest{Channel: room[3:], Epoch: c.Chat.Epoch()})
	heard := page.listen(last)
	boss.post(room+"/messages", url.Values{"body": {"after #WOLVERINE"}}, asHTMX...).want(200)
	boss.post(room+"/1/reactions", url.Values{"emoji": {"👍"}}).want(303)
	boss.post(room+"/messages", url.Values{"body": {last}}, asHTMX...).want(200)
	select {
	case said := <-heard:
		if !strings.Contains(said, last) {
			t.Error("the socket said only", said)
		}
		find("the socket", said)
	case <-time.After(patience):
		t.Error("the socket said nothing")
	}
	for _, path := range []string{room + "/preview", room + "/messages"} {
		find(path, p.post(path, url.Values{"body": {text}}, asHTMX...).want(200).body)
	}
	if at := c.clients[member].get(room).want(200); strings.Contains(at.body, private) ||
		strings.Contains(at.body, `class="channel" href="/c/`+public) {
		t.Error("a row with a guest tells a member more")
	}
}

// searchesTellNothing searches for each secret on every page with a search: the results, and their number, must equal
// those for words that no one ever wrote.
func (c *fixtures) searchesTellNothing(w viewer, secrets []string) {
	c.t.Helper()
	const unwritten = "unwritten"
	for _, path := range []string{"/c?q=", "/c?archived=1&q=", "/d?q=", "/admin/channels?q=", "/admin/sessions?q=",
		"/admin/storage?q=", "/admin/storage/people?q=", "/admin/people?q=", "/admin/bans?q=",
		"/admin/invitations?q=", "/admin/reports?q=", "/admin/reports/closed?q=", "/admin/audit?name=", "/admin/emoji?q=",
		"/complete?kind=user&channel=general-talk&q=", "/complete?kind=channel&channel=general-talk&q=", "/switch?q=",
		"/search?q=", "/search?q=in:", "/search?q=from:", "/files?q=", general + "/files?q=",
		"/search?type=channels&q=", "/search?type=people&q="} {
		for _, secret := range secrets {
			said, none := c.clients[w].get(path+secret), c.clients[w].get(path+unwritten)
			if said.StatusCode != none.StatusCode ||
				strings.ReplaceAll(steady(said), secret, "") != strings.ReplaceAll(steady(none), unwritten, "") {
				c.t.Errorf("%s finds something for %s at %s: %d\n%s", w, secret, path, said.StatusCode, said.excerpt())
			}
		}
	}
}

// writingTellsNothing has each secret formatted, as a word, a channel, a person and an emoji: the result must equal
// that of a word that no one ever wrote.
func (c *fixtures) writingTellsNothing(w viewer, secrets []string) {
	c.t.Helper()
	const unwritten = "unwritten"
	for _, path := range []string{general + "/preview", "/paste"} {
		formatted := func(word string) (int, string) {
			text := strings.ReplaceAll("WORD #WORD @WORD :WORD:", "WORD", word)
			a := c.clients[w].post(path, url.Values{"body": {text}, "html": {"<b>" + text + "</b>"}}, asHTMX...)
			return a.StatusCode, strings.ReplaceAll(steady(a), word, "")
		}
		status, none := formatted(unwritten)
		for _, secret := range secrets {
			if code, said := formatted(secret); code != status || said != none {
				c.t.Errorf("%s finds something for %s at %s: %d\n%s", w, secret, path, code, said)
			}
		}
	}
}

var mintedPattern = regexp.MustCompile(`name="client_id" value="[^"]*"`)

// steady returns a page without the values that are new on each.
func steady(a response) string { return mintedPattern.ReplaceAllString(a.body, "") }

// secret creates a private channel, which gets its name and topic after the former member has left.
func (c *fixtures) secret(name, topic string) (slug string) {
	c.t.Helper()
	ctx, boss := c.t.Context(), c.clients[channelOwner].actor()
	ch, err := c.Chat.Channels.Create(ctx, boss, c.newName(), chat.Private)
	for _, w := range []viewer{member, formerMember} {
		if err == nil {
			_, err = c.Chat.Channels.AddMember(ctx, boss, ch.Slug, c.clients[w].actor().Name)
		}
	}
	if err == nil {
		err = c.Chat.Channels.RemoveMember(ctx, boss, ch.Slug, c.clients[formerMember].actor().ID)
	}
	if err == nil {
		err = c.banFromChannel(boss, ch.Slug)
	}
	if err == nil {
		ch, err = c.Chat.Channels.Update(ctx, boss, ch.Slug,
			chat.ChannelSettings{Name: name, Topic: topic, Description: topic, Private: true})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return ch.Slug
}
