package handlers

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"chitchat/chat"
)

// Moderators' pages stay bounded, whatever is reported and for whatever reason: no larger than a channel's. The full
// text is one click away, even if the channel is hidden from them and the message has changed.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	c := openFixtures(t)
	boss, bob, ann := c.clients[admin], c.clients[member], c.clients[channelOwner]
	const most, end = 512 << 10, "the end"
	at := "/c/" + c.channels[private].slug
	reason := strings.Repeat("'", chat.MaxReasonLen)
	for i := range chat.PageSize {
		message := at + fmt.Sprintf("/%d", i+2)
		bob.post(at+"/messages", url.Values{"body": {strings.Repeat("'", chat.MaxBodyLen-len(end)) + end}}).want(303)
		ann.post(message+"/report", url.Values{"reason": {reason}}).want(303)
		boss.post("/admin/bans",
			url.Values{"name": {c.clients[nonMember].actor().Name}, "channel": {"general-talk"}, "reason": {reason}}).want(303)
	}
	for _, path := range []string{"/admin/reports", "/admin/bans", "/admin/audit"} {
		if a := boss.get(path).want(200); len(a.body) > most || strings.Count(a.body, "<tr>") < chat.PageSize {
			t.Errorf("%s has %d bytes and %d rows", path, len(a.body), strings.Count(a.body, "<tr>"))
		}
	}
	bob.post(at+fmt.Sprintf("/%d/delete", chat.PageSize+1), nil).want(303)
	list := boss.get("/admin/reports").want(200, "…").wantNot(end)
	whole := regexp.MustCompile(`href="(/admin/reports/[a-z0-9]+)"[^>]*>Read the whole message`).
		FindStringSubmatch(list.body)
	if whole == nil {
		t.Fatal("nothing leads to the whole message")
	}
	boss.get(whole[1]).want(200, end, "It is not there any more", whole[1]+"/close").wantNot(at, "Read the whole message")
	ann.get(whole[1]).want(404)
	boss.post(whole[1]+"/close", nil).want(303)
	boss.get(whole[1]).want(200, "Closed").wantNot(end)
}
