package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// hiddenPair is two addresses: of something hidden from the viewer, and of something that never existed.
type hiddenPair struct {
	what, hidden, absent string
	form                 url.Values // nil: a page
}

// hiddenPairs are the pairs for viewers outside the private channel. The user in them is hidden only from a guest.
func (c *fixtures) hiddenPairs(user chat.ID) []hiddenPair {
	at, file, moved := c.channels[private], chat.NewID().String(), c.renamedChannel()
	pairs := []hiddenPair{
		{"channel", "/c/" + at.slug, "/c/nowhere", nil},
		{"channel's old address", "/c/" + moved, "/c/nowhere", nil},
		{"message", "/c/" + at.slug + "/1", "/c/nowhere/1", nil},
		{"file", "/f/" + at.file + "/drawing.png", "/f/" + file + "/drawing.png", nil},
		{"thumb", "/f/" + at.file + "/thumb", "/f/" + file + "/thumb", nil},
		{"history", "/c/" + at.slug + "?before=9", "/c/nowhere?before=9", nil},
		{"earlier versions", "/c/" + at.slug + "/1/history", "/c/nowhere/1/history", nil},
		{"members", "/c/" + at.slug + "/members", "/c/nowhere/members", nil},
		{"settings", "/c/" + at.slug + "/settings", "/c/nowhere/settings", nil},
		{"form", "/c/" + at.slug + "/1/edit", "/c/nowhere/1/edit", nil},
		{"post", "/c/" + at.slug + "/messages", "/c/nowhere/messages", url.Values{"body": {"words"}}},
		{"edit", "/c/" + at.slug + "/1/edit", "/c/nowhere/1/edit", url.Values{"body": {"words"}}},
		{"join", "/c/" + at.slug + "/join", "/c/nowhere/join", url.Values{}},
	}
	if user != 0 {
		pairs = append(pairs, hiddenPair{"user", "/u/" + user.String(), "/u/" + file, nil})
	}
	return pairs
}

// renamedChannel creates a private channel that had another URL before, and returns that URL.
func (c *fixtures) renamedChannel() (slug string) {
	c.t.Helper()
	boss := c.clients[channelOwner].actor()
	ch, err := c.Chat.Channels.Create(c.t.Context(), boss, c.newName(), chat.Private)
	if err == nil {
		_, err = c.Chat.Channels.Update(c.t.Context(), boss, ch.Slug, chat.ChannelSettings{Name: c.newName(), Private: true})
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return ch.Slug
}

// loneGuest makes a guest of one channel, with a member whom no other client knows.
func (c *fixtures) loneGuest() *testClient {
	c.t.Helper()
	host := c.makeViewer(admin).actor()
	ch, err := c.Chat.Channels.Create(c.t.Context(), host, c.newName(), chat.Private)
	if err != nil {
		c.t.Fatal(err)
	}
	_, secret, err := c.Chat.Admin.CreateInvitation(c.t.Context(), host,
		chat.NewInvitation{Role: chat.RoleGuest, Lifetime: time.Hour, Channels: []string{ch.Slug}})
	if err != nil {
		c.t.Fatal(err)
	}
	p := c.newClient()
	p.post("/i/"+secret, url.Values{"name": {c.newName()}, "password": {goodPassword}}).want(http.StatusSeeOther)
	return p
}

// A hidden thing has the same answer, byte for byte, as a missing one, and the same headers except the request's own.
func TestHiddenLooksAbsent(t *testing.T) {
	c := openFixtures(t)
	someone := c.clients[channelOwner].actor().ID
	askers := map[string]*testClient{"a guest of elsewhere": c.loneGuest()}
	for _, w := range []viewer{nonMember, guest, formerMember, channelBanned, admin, owner} {
		askers[w.String()] = c.clients[w]
	}
	for name, p := range askers {
		user := chat.ID(0)
		if name == "a guest of elsewhere" {
			user = someone
		}
		for _, pair := range c.hiddenPairs(user) {
			for _, headers := range [][]string{nil, asHTMX, {"Accept", "application/json"}} {
				ask := func(path string) response {
					if pair.form != nil {
						return p.post(path, pair.form, headers...)
					}
					return p.get(path, headers...)
				}
				hidden, absent := ask(pair.hidden).want(404), ask(pair.absent).want(404)
				if hidden.body != absent.body {
					t.Errorf("%s as %s: the bodies differ:\n%s\n%s", pair.what, name, hidden.excerpt(), absent.excerpt())
				}
				for header := range absent.Header {
					if !slices.Contains([]string{"Date", "X-Request-Id"}, header) &&
						!slices.Equal(hidden.Header[header], absent.Header[header]) {
						t.Errorf("%s as %s: %s is %q, and %q", pair.what, name, header, hidden.Header[header], absent.Header[header])
					}
				}
				if len(hidden.Header) != len(absent.Header) {
					t.Errorf("%s as %s: %v, and %v", pair.what, name, hidden.Header, absent.Header)
				}
			}
		}
	}
}

// A guest cannot learn who is in the workspace by inviting users into a channel: a visible, a hidden and a missing name
// get the same answer.
func TestGuestsLearnNobody(t *testing.T) {
	c := openFixtures(t)
	host, p := c.clients[channelOwner].actor(), c.loneGuest()
	names := []string{c.newName(), c.loneGuest().actor().Name, host.Name}
	for _, as := range []chat.Kind{chat.Public, chat.Private} {
		ch, err := c.Chat.Channels.Create(t.Context(), host, c.newName(), as)
		if err == nil {
			_, err = c.Chat.Channels.AddMember(t.Context(), host, ch.Slug, p.actor().Name)
		}
		if err != nil {
			t.Fatal(err)
		}
		p.get("/c/" + ch.Slug).want(http.StatusOK)
		for _, path := range []string{"/members", "/bans"} {
			told := make(map[string]bool)
			for _, name := range names {
				a := p.post("/c/"+ch.Slug+path, url.Values{"name": {name}}).want(http.StatusForbidden)
				told[strings.ReplaceAll(a.body, name, "")] = true
			}
			if len(told) != 1 {
				t.Errorf("%s of a %s channel tells %d things", path, as, len(told))
			}
		}
	}
}

// BenchmarkHiddenLooksAbsent measures both in turns, so that other load affects both: the two times must be equal.
func BenchmarkHiddenLooksAbsent(b *testing.B) {
	c := openFixtures(b)
	p := c.loneGuest()
	for _, pair := range c.hiddenPairs(c.clients[channelOwner].actor().ID) {
		if pair.form != nil {
			continue
		}
		b.Run(pair.what, func(b *testing.B) {
			var spent [2]time.Duration
			for b.Loop() {
				for i, path := range []string{pair.hidden, pair.absent} {
					start := time.Now()
					p.get(path)
					spent[i] += time.Since(start)
				}
			}
			for i, unit := range []string{"hidden-µs", "absent-µs"} {
				b.ReportMetric(float64(spent[i].Microseconds())/float64(b.N), unit)
			}
		})
	}
}
