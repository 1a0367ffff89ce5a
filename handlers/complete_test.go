package handlers

import (
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chitchat/chat"
)

var insertPattern = regexp.MustCompile(`data-insert="([^"]*)"`)

// completions returns what the completions of a text insert.
func (p *testClient) completions(slug, kind, q string) (list []string) {
	p.t.Helper()
	values := url.Values{"kind": {kind}, "q": {q}, "channel": {slug}}
	for _, found := range insertPattern.FindAllStringSubmatch(p.get("/complete?"+values.Encode()).want(200).body, -1) {
		list = append(list, html.UnescapeString(found[1]))
	}
	return list
}

func TestCompletions(t *testing.T) {
	s := newTestServer(t)
	boss, zoe := s.own("Boss", "open"), s.signedIn("Ada Zett")
	zoe.post("/me/profile", url.Values{"handle": {"lovely"}}).to("/me/profile?saved=1")
	for _, name := range []string{"Ada Lovelace", "Charles", "Hera", "Lo_an", "Load"} {
		s.signedIn(name)
	}
	gone := s.signedIn("Adalbert")
	boss.post("/admin/people/"+gone.actor().ID.String()+"/deactivate", nil).want(303)
	ch := boss.newChannel("Ada's tea room", chat.Private)
	if _, err := s.Chat.Channels.AddMember(t.Context(), boss.actor(), ch.Slug, "Ada Zett"); err != nil {
		t.Fatal(err)
	}
	zoe.newChannel("Tea", chat.Private)
	boss.newChannel("Teapots", chat.Public)
	boss.newChannel("Old teapots", chat.Public)
	boss.post("/c/old-teapots/archive", nil).want(303)
	for _, tt := range []struct {
		kind, q string
		want    []string
	}{
		{"user", "ada", []string{"@Ada Zett ", "@Ada Lovelace "}}, // the channel's member first
		{"user", "@ADA", []string{"@Ada Zett ", "@Ada Lovelace "}},
		{"user", "love", []string{"@Ada Zett ", "@Ada Lovelace "}}, // by handle, and by a further word
		{"user", "ace", nil},
		{"user", "bo", nil}, // oneself
		{"user", "ch", []string{"@Charles ", "@channel "}},
		{"user", "he", []string{"@Hera ", "@here "}},
		{"user", "everyone", []string{"@everyone "}},
		{"user", "lo_", []string{"@Lo_an "}},
		{"user", "%", nil},
		{"user", "", nil},
		{"user", "\x00\xff", nil},
		{"user", strings.Repeat("a", 500), nil},
		{"channel", "tea", []string{"#Teapots ", "#Ada's tea room "}}, // neither archived nor unseen
		{"channel", "#GEN", []string{"#General Talk "}},
		{"channel", "talk", []string{"#General Talk "}},
		{"channel", "", nil},
		{"emoji", "tada", []string{"🎉 "}},
		{"emoji", ":TADA:", []string{"🎉 "}},
		{"emoji", "nothing of that name", nil},
		{"emoji", "", nil},
		{"command", "/st", []string{"/status "}},
		{"command", "ME", []string{"/me "}},
		{"command", "x", nil},
	} {
		if got := boss.completions(ch.Slug, tt.kind, tt.q); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: %q, want %q", tt.kind, tt.q, got, tt.want)
		}
	}
	if got := boss.completions(ch.Slug, "command", ""); len(got) != maxCompletions || got[0] != "/me " ||
		got[maxCompletions-1] != "/help " {
		t.Errorf("commands: %q", got)
	}
	if got := boss.completions(ch.Slug, "emoji", "face"); len(got) != maxCompletions {
		t.Errorf("emoji: %q", got)
	}
	boss.get("/complete?kind=user&q=love&channel="+ch.Slug).
		want(200, `role="option"`, `Ada Zett</b>`, `@lovely</small>`, `Ada Lovelace</b>`)
	if body := boss.get("/complete?kind=user&q=ace&channel=" + ch.Slug).want(200).body; body != "" {
		t.Errorf("a list of nobody: %q", body)
	}
	boss.get("/complete?kind=other&q=ada&channel=" + ch.Slug).want(404)
	boss.get("/complete?kind=user&q=ada").want(404)
}

// A list for a channel tells a guest neither of people nor of channels outside of theirs, and nothing to outsiders.
func TestCompletionsOfGuests(t *testing.T) {
	s := newTestServer(t)
	boss := s.own("Boss", "open")
	zoe, hidden := s.signedIn("Zoe Inside"), s.signedIn("Zoe Hidden")
	ch := boss.newChannel("Side", chat.Private)
	if _, err := s.Chat.Channels.AddMember(t.Context(), boss.actor(), ch.Slug, "Zoe Inside"); err != nil {
		t.Fatal(err)
	}
	boss.newChannel("Sideboard", chat.Public)
	a := boss.post("/admin/invitations", url.Values{"role": {"guest"}, "days": {"7"}, "uses": {"0"},
		"channel": {ch.Slug}}).want(200)
	guest := s.newClient()
	guest.post(regexp.MustCompile(`/i/[A-Z2-7]{26}`).FindString(a.body), url.Values{"name": {"Guest"}}).want(303)
	for _, tt := range []struct {
		p       *testClient
		kind, q string
		want    []string
	}{
		{guest, "user", "zoe", []string{"@Zoe Inside "}},
		{guest, "user", "hidden", nil},
		{guest, "user", "everyone", nil}, // guests may not mention everyone
		{guest, "channel", "side", []string{"#Side "}},
		{zoe, "user", "zoe", []string{"@Zoe Hidden "}},
		{zoe, "channel", "side", []string{"#Side ", "#Sideboard "}},
	} {
		if got := tt.p.completions(ch.Slug, tt.kind, tt.q); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: %q, want %q", tt.kind, tt.q, got, tt.want)
		}
	}
	hidden.get("/complete?kind=user&q=zoe&channel=" + ch.Slug).want(404)
	guest.get("/complete?kind=user&q=zoe&channel=sideboard").want(404)
}

// Each key press may ask: it counts as a search.
func TestCompletionsAreLimited(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	for _, kind := range []string{"user", "channel", "emoji", "command"} {
		s.limitTo(1)
		path := "/complete?kind=" + kind + "&channel=general-talk&q=a"
		p.get(path).want(200)
		p.get(path).want(429)
	}
}
