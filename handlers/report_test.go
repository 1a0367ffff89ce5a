package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	c := openFixtures(t)
	boss, ann, bob := c.clients[admin], c.clients[channelOwner], c.clients[member]
	at := "/c/" + c.channels[private].slug
	bob.post(at+"/messages", url.Values{"body": {"a <threat>"}}, asHTMX...).
		want(200, "a &lt;threat&gt;")
	ann.get(at+"/2").want(200, `href="`+at+`/2/report"`)
	ann.get(at+"/2/report").want(200, "Report this message", "a &lt;threat&gt;", `name="reason"`)
	ann.get(at+"/2/report", asHTMX...).want(200, `hx-post="`+at+`/2/report"`).wantNot("<html", "a &lt;threat&gt;")
	for _, headers := range [][]string{nil, asHTMX} {
		ann.post(at+"/2/report", url.Values{"reason": {" "}}, headers...).
			want(422, "Please say what is wrong", `name="reason"`)
	}
	boss.get("/admin/reports").want(200, "Nothing was found").wantNot("open report")
	ann.post(at+"/2/report", url.Values{"reason": {"he threatens me"}}).to(at + "/2/report")
	ann.get(at+"/2/report").want(200, "You have reported this message").wantNot(`name="reason"`)
	ann.post(at+"/2/report", url.Values{"reason": {"once more"}}, asHTMX...).want(200, "You have reported this message").
		wantNot("<html")

	name := bob.actor().Name
	list := boss.get("/admin/reports").
		want(200, "a &lt;threat&gt;", "he threatens me", name, "A channel that you do not see", "Reports (1)",
			"1 open report").
		wantNot("once more", at, "drawing.png")
	boss.get("/admin/reports?q=threatens").want(200, "a &lt;threat&gt;")
	boss.get("/admin/reports?q=nobody").want(200, "Nothing was found").wantNot("a &lt;threat&gt;")
	boss.get("/admin/reports/closed").want(200).wantNot("a &lt;threat&gt;")
	boss.get("/me").want(200, "1 open report")
	ann.get("/me").want(200).wantNot("open report")
	boss.get(at + "/2").want(404)

	_, id, _ := strings.Cut(list.body, `action="/admin/reports/`)
	id, _, _ = strings.Cut(id, "/")
	boss.post("/admin/reports/"+id+"/remove", nil).to("/admin/reports")
	ann.get(at).want(200, "removed by an admin").wantNot("a &lt;threat&gt;")
	boss.get("/admin/reports").want(200).wantNot("a &lt;threat&gt;", "Reports (1)")
	boss.get("/admin/reports/closed").want(200, "he threatens me", boss.actor().Name).wantNot("a &lt;threat&gt;")
	boss.post("/admin/reports/"+id+"/close", nil).want(404)
	// of a hidden channel
	boss.get("/admin/audit").want(200, "reported a message", "removed a message").wantNot("threatens")

	bob.say("noise")
	ann.post(general+"/1/report", url.Values{"reason": {"noise"}}).want(303)
	list = boss.get("/admin/reports").want(200, `href="`+general+`/1"`, "# General Talk")
	_, id, _ = strings.Cut(list.body, `action="/admin/reports/`)
	id, _, _ = strings.Cut(id, "/")
	boss.post("/admin/reports/"+id+"/close", nil).to("/admin/reports")
	boss.get("/admin/audit").want(200, "closed a report")
	ann.get(general).want(200, "noise")
}

func TestReportLimit(t *testing.T) {
	c := openFixtures(t)
	const most = 3
	c.reports = newUserAndIPLimiter(most)
	for i := range most + 1 {
		c.clients[member].say(fmt.Sprint("message ", i))
	}
	refusedAfter(t, most, func(i int) response {
		return c.clients[nonMember].post(fmt.Sprintf("%s/%d/report", general, i+1), url.Values{"reason": {"noise"}})
	})
}

func TestChannelBans(t *testing.T) {
	c := openFixtures(t)
	boss, bob := c.clients[channelOwner], c.clients[member]
	at, name := "/c/"+c.channels[public].slug, bob.actor().Name
	bob.get(at + "/members").want(200).wantNot("Ban someone")
	boss.get(at+"/members").want(200, "Ban someone", "?ban="+url.QueryEscape(name)+"#ban")
	boss.get(at+"/members?ban="+url.QueryEscape(name)).want(200, `value="`+name+`"`)
	boss.post(at+"/bans", url.Values{"name": {name}, "days": {"soon"}, "reason": {"noise"}}).
		want(422, "ten years", `value="noise"`)
	boss.post(at+"/bans", url.Values{"name": {boss.actor().Name}}).want(422, "cannot ban yourself")
	page := bob.dial(subscribeRequest{Channel: c.channels[public].slug, Epoch: c.Chat.Epoch()})
	page.until("#channels")
	boss.post(at+"/bans", url.Values{"name": {name}, "days": {"3"}, "reason": {"noise"}}).
		to(at + "/members?banned=" + escape(name))
	if code := page.closed(); code != closeNotFound {
		t.Errorf("closed with %d", code)
	}
	bob.get(at).want(404)
	bob.get(general).want(200)
	list := boss.get(at+"/members").want(200, "Who is banned", "noise", "Unban "+name)
	_, lift, _ := strings.Cut(list.body, `action="`+at+`/bans/`)
	lift, _, _ = strings.Cut(lift, `"`)
	boss.post(at+"/bans/"+lift, nil).to(at + "/members")
	bob.get(at).want(200)
}
