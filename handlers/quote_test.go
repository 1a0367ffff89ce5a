package handlers

import (
	"net/url"
	"testing"
)

// A quote is for those who see the message, as it is now, and for nobody once it is deleted.
func TestQuote(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[channelOwner], c.clients[member]
	at := "/c/" + c.channels[private].slug
	boss.post(at+"/messages", url.Values{"body": {"the **plan** of " + general + "/1"}}).want(303)
	quote := at + "/2/quote"
	bob.get(quote).to(at + "/2")
	bob.get(quote, asHTMX...).want(200, `class="quote"`, `href="`+at+`"`, "<strong>plan</strong>").
		wantNot("<html", "quote quote", `id="m-`)
	for _, w := range []viewer{nonMember, guest, formerMember, channelBanned, admin} {
		c.clients[w].get(quote, asHTMX...).want(204).wantNot("plan")
		c.clients[w].get(quote).want(404).wantNot("plan")
	}
	boss.post(at+"/2/edit", url.Values{"body": {"another idea"}}).want(303)
	bob.get(quote, asHTMX...).want(200, "another idea").wantNot("plan")
	boss.post(at+"/members/"+bob.actor().ID.String()+"/remove", nil).want(303)
	bob.get(quote, asHTMX...).want(204).wantNot("idea")
	boss.post(at+"/2/delete", nil).want(303)
	boss.get(quote, asHTMX...).want(204).wantNot("idea")
	boss.get(quote).want(404)
	boss.get(at+"/99/quote", asHTMX...).want(204)
}
