package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"chitchat/chat"
)

// A message is forwarded as a message of one's own, with a link to it: once, however often the form is sent.
func TestForward(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[channelOwner], c.clients[member]
	from := "/c/" + c.channels[private].slug
	boss.post(from+"/messages", url.Values{"body": {"the secret plan"}}).want(303)
	at := from + "/2/forward"
	to := bob.createChannel("Elsewhere", "")
	direct := bob.direct(url.QueryEscape(c.clients[nonMember].actor().Name))
	bob.get(from+"/2").want(200, `href="`+at+`"`)
	bob.get(at).want(200, "<html", "the secret plan", `<optgroup label="Channels">`, `<optgroup label="Direct messages">`,
		`<option value="`+to[3:]+`"># Elsewhere</option>`, `value="`+direct[3:]+`"`, "from a private channel").
		wantNot(`value="` + c.channels[archived].slug + `"`)
	bob.get(at, asHTMX...).want(200, `hx-post="`+at+`"`, `<form method="dialog">`, `id="card-title"`).wantNot("<html")
	bob.say("to all")
	bob.get(general + "/1/forward").want(200).wantNot("private channel:")

	form := url.Values{"to": {to[3:]}, "body": {"Look at *this*:\n"}, "client_id": {"once"}}
	bob.post(at, form).to(to)
	bob.post(at, form, asHTMX...).want(204)
	link := `href="` + c.url + from + `/2"`
	if said := bob.get(to).want(200, "Look at <em>this</em>", link); strings.Count(said.body, link) != 1 {
		t.Errorf("sent twice, it is there %d times", strings.Count(said.body, link))
	}
	bob.post(at, url.Values{"to": {direct[3:]}}).to(direct)
	other := c.clients[nonMember]
	other.get(direct).want(200, link).wantNot("the secret plan")
	other.get(from+"/2/quote", asHTMX...).want(204)

	for _, w := range []viewer{nonMember, guest, formerMember, channelBanned, admin} {
		p := c.clients[w]
		p.get(at).want(404).wantNot("plan")
		p.post(at, url.Values{"to": {"general-talk"}, "body": {"mine"}}).want(404)
	}
	if last := bob.get(general).want(200); strings.Contains(last.body, link) {
		t.Error("an outsider forwarded the message")
	}
	boss.post(from+"/2/delete", nil).want(303)
	bob.get(at).want(404)
	bob.post(at, form).want(404)
}

// A form that is refused keeps its text, and says why.
func TestForwardIsRefused(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[channelOwner], c.clients[member]
	at := "/c/" + c.channels[public].slug + "/1/forward"
	hidden := boss.createChannel("Hidden", "1")
	news := boss.createChannel("News", "")
	boss.post(news+"/settings", url.Values{"name": {"News"}, "announce": {"1"}}).want(303)
	bob.post(news+"/join", nil).want(303)
	bob.get(at).want(200).wantNot(`value="` + news[3:] + `"`)
	const absent = "That conversation is not there any more, or not yours to see."
	for to, why := range map[string]string{
		"": "Choose where it should go.", "nowhere": absent, hidden[3:]: absent,
		news[3:]:                  "This channel is for announcements",
		c.channels[archived].slug: "This channel is archived",
	} {
		for _, headers := range [][]string{nil, asHTMX} {
			bob.post(at, url.Values{"to": {to}, "body": {"my words"}, "client_id": {"kept"}}, headers...).
				want(422, why, "my words</textarea>", `value="kept"`, `aria-invalid="true"`).wantNot(`method="dialog"`)
		}
	}
	long := strings.Repeat("x", chat.MaxBodyLen)
	bob.post(at, url.Values{"to": {"general-talk"}, "body": {long}}).want(422, long, "The message is too long",
		`<option value="general-talk" selected>`)
	bob.post(at, url.Values{"to": {"general-talk"}, "body": {"\xff"}}).want(422, "not valid text")
	boss.get(news).want(200).wantNot("my words")

	slow := boss.createChannel("Slow", "")
	boss.post(slow+"/settings", url.Values{"name": {"Slow"}, "slow": {"300"}}).want(303)
	form := url.Values{"to": {slow[3:]}, "body": {"first"}}
	bob.post(at, form).to(slow)
	said := bob.post(at, form).want(429, "This channel is in slow mode", "first</textarea>")
	if wait, err := strconv.Atoi(said.Header.Get("Retry-After")); err != nil || wait < 1 {
		t.Error(said.Header.Get("Retry-After"), err)
	}
}
