package chat

import (
	"regexp"
	"strings"
	"testing"
)

var channelLink = regexp.MustCompile(`<a class="channel" href="([^"]*)">([^<]*)</a>`)

// linked returns the channels that a posted text links to, as text=address.
func linked(t *testing.T, c *Chat, a Actor, slug, body string) (links []string) {
	t.Helper()
	row, _, err := c.Messages.Post(t.Context(), a, slug, Draft{Body: body})
	must(t, err)
	m, err := c.Messages.Get(t.Context(), a, slug, row.Seq)
	must(t, err)
	for _, found := range channelLink.FindAllStringSubmatch(m.HTML, -1) {
		links = append(links, found[2]+"="+strings.TrimPrefix(found[1], "/c/"))
	}
	return links
}

func TestChannelsInATextAreLinks(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for _, name := range []string{"Side", "Side Room", "C++ talk", "grüße", "Tea @ Bob"} {
		mustChannel(t, c, ada, name, Public)
	}
	secret := mustChannel(t, c, ada, "Plans", Private)
	for body, want := range map[string]string{
		"see #side":                     "#side=side",
		"#Side Room, please":            "#Side Room=side-room",
		"#side-room":                    "#side-room=side-room",
		"#side rooms":                   "#side=side",
		"(#SIDE)!":                      "#SIDE=side",
		"#side #side-room":              "#side=side #side-room=side-room",
		"#sides #si":                    "",
		"# side":                        "",
		"a#side b/#side ##side &#side;": "",
		`\#side`:                        "",
		"http://x.example/#side":        "",
		"`#side` *#side*":               "#side=side",
		"```\n#side\n```":               "",
		"[#side](https://x.example)":    "",
		"#c++ talk.":                    "#c++ talk=c-talk",
		"#Grüße":                        "#Grüße=gr%C3%BCsse",
		"#Gru\u0308ße":                  "#Gru\u0308ße=gr%C3%BCsse",
		"＃side":                         "＃side=side",
		"#general talk":                 "#general talk=general-talk",
		"#tea @ bob":                    "#tea @ bob=tea-bob",
		"#plans #" + secret.Slug:        "",
		"#1 and #todo":                  "",
		"#side\nroom":                   "#side=side",
	} {
		if got := strings.Join(linked(t, c, ada, "general-talk", body), " "); got != want {
			t.Errorf("%q links %q, want %q", body, got, want)
		}
	}
	many := strings.Repeat("#side ", maxChannelPlaces+10)
	if got := linked(t, c, ada, "general-talk", many); len(got) != maxChannelPlaces {
		t.Errorf("%d links of one message", len(got))
	}
	row := mustPost(t, c, ada, "nothing")
	_, err := c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, "an edit to #side")
	must(t, err)
	acc, err := c.Channels.Access(t.Context(), ada, "general-talk")
	must(t, err)
	m, err := c.Messages.Preview(t.Context(), ada, acc, "a preview of #side")
	if err != nil || !channelLink.MatchString(m.HTML) {
		t.Error(m.HTML, err)
	}
	m, err = c.Messages.Get(t.Context(), ada, "general-talk", row.Seq)
	if err != nil || !channelLink.MatchString(m.HTML) {
		t.Error(m.HTML, err)
	}
}

// A link tells that a channel exists. It is made only where everyone who reads it may know.
func TestChannelLinksTellNobodyOfAChannel(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	for _, name := range []string{"Hall", "Kitchen"} {
		mustChannel(t, c, ada, name, Public)
	}
	plans, ours := mustChannel(t, c, ada, "Plans", Private), mustChannel(t, c, ada, "Ours", Private)
	wants := func(a Actor, in string, want string) {
		t.Helper()
		if got := strings.Join(linked(t, c, a, in, "#hall #kitchen #plans #ours #nowhere"), " "); got != want {
			t.Errorf("%s in %s links %q, want %q", a.Name, in, got, want)
		}
	}
	wants(ada, "hall", "#hall=hall #kitchen=kitchen")
	wants(ada, plans.Slug, "#hall=hall #kitchen=kitchen #plans="+plans.Slug)
	wants(ada, ours.Slug, "#hall=hall #kitchen=kitchen #ours="+ours.Slug)
	for _, in := range []string{"hall", plans.Slug} { // a guest reads there from now on
		_, err := c.Channels.AddMember(t.Context(), ada, in, "Guest")
		must(t, err)
	}
	wants(ada, "hall", "#hall=hall")
	wants(guest, "hall", "#hall=hall")
	wants(guest, plans.Slug, "#plans="+plans.Slug)
	must(t, c.Channels.RemoveMember(t.Context(), ada, "hall", guest.ID))
	wants(ada, "hall", "#hall=hall #kitchen=kitchen")
}
