package handlers

import (
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
)

// Who names a private channel elsewhere tells what they typed, and no more: the row is that of a name which no channel
// has, whoever writes it. A public channel that becomes private is no link any more, and is not found at its address.
func TestChannelLinksTellOnlyWhatWasTyped(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	boss := c.clients[channelOwner]
	create := func(name string, kind chat.Kind) chat.Channel {
		t.Helper()
		ch, err := c.Chat.Channels.Create(t.Context(), boss.actor(), name, kind)
		if err != nil {
			t.Fatal(err)
		}
		return ch
	}
	create("Quetzal", chat.Private)
	hall, square := create("Hall", chat.Public), create("Square", chat.Public)
	say := func(p *testClient, body string) string {
		t.Helper()
		return p.post("/c/"+hall.Slug+"/messages", url.Values{"body": {body}}, asHTMX...).want(200).body
	}
	body := func(row string) string {
		_, row, _ = strings.Cut(row, `class="body"`)
		row, _, _ = strings.Cut(row, "</p>")
		return row
	}
	for _, w := range []viewer{channelOwner, nonMember, admin, owner} {
		known, absent := say(c.clients[w], "to #quetzal"), say(c.clients[w], "to #nothing")
		if body(known) != strings.ReplaceAll(body(absent), "nothing", "quetzal") || strings.Contains(body(known), "<a") {
			t.Errorf("%s writes %s, and %s", w, body(known), body(absent))
		}
	}
	if row := say(boss, "to #square"); !strings.Contains(row, `<a class="channel" href="/c/square">#square</a>`) {
		t.Error(row)
	}
	p := c.clients[nonMember]
	p.get("/c/" + square.Slug).want(200)
	if _, err := c.Chat.Channels.Update(t.Context(), boss.actor(), square.Slug,
		chat.ChannelSettings{Name: "Square", Private: true}); err != nil {
		t.Fatal(err)
	}
	if page := p.get("/c/"+hall.Slug).want(200, "to #square"); strings.Contains(page.body, `href="/c/square"`) {
		t.Error("a link tells of a channel that became private")
	}
	if was, never := p.get("/c/square").want(404), p.get("/c/nowhere").want(404); was.body != never.body {
		t.Error("the link tells that a channel became private:", was.excerpt())
	}
}
