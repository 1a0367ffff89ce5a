package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// The menu of users who may open a page for admins has the page; other menus do not.
func TestAdminMenu(t *testing.T) {
	c := openFixtures(t)
	pages := []string{"people", "channels", "invitations", "sessions", "bans", "reset-access", "storage", "audit",
		"settings", "roles"}
	menus := map[viewer][]string{owner: pages, admin: append(pages[:8:8], "roles"), nonMember: {"roles"}, guest: {"roles"}}
	for w, open := range menus {
		me := c.clients[w].get("/admin/roles").want(200)
		for _, page := range pages {
			path := "/admin/" + page
			may := strings.Contains(" "+strings.Join(open, " ")+" ", " "+page+" ")
			if strings.Contains(me.body, `href="`+path+`"`) != may {
				t.Errorf("%s in the menu of %s: %v", path, w, !may)
			}
			if may {
				c.clients[w].get(path).want(200, `href="`+path+`" aria-current="page"`)
			} else {
				c.clients[w].get(path).want(404)
			}
		}
	}
	// Tables accept any search and page.
	for _, table := range []string{"people", "channels", "invitations", "sessions", "bans", "storage", "storage/people"} {
		for _, query := range []string{"?q=zzz", "?q=%25&page=2", "?page=99999999999999999999", "?page=-1", "?page=7",
			"?q=%FF%00", "?q=" + strings.Repeat("x", 3000)} {
			c.clients[owner].get("/admin/" + table + query).want(200)
		}
		c.clients[owner].get("/admin/"+table+"?q=zzzz").want(200, "Nothing was found", `value="zzzz"`)
	}
}

func TestChannelTable(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	bob := s.signedIn("Bob")
	path := bob.createChannel("Garden", "")
	secret := bob.createChannel("Xylophone", "1")
	bob.post(secret+"/messages", url.Values{"body": {"psst"}}).want(303)
	bob.post(bob.direct("Ada")+"/messages", url.Values{"body": {"zeppelin"}}).want(303)

	ada.get("/admin/channels").
		want(200, `href="/c/garden"`, "Archive Garden", "Delete Garden",
			"1 private channel in which you are not, with 1 message.").
		wantNot("Archive General Talk", "Delete General Talk", "Xylophone", secret, "zeppelin")
	back := url.Values{"back": {"/admin/channels?q=gar"}}
	ada.post(path+"/archive", back).to("/admin/channels?done=1&q=gar")
	ada.get("/admin/channels?q=archived").want(200, "Restore Garden").wantNot("Archive Garden")
	ada.post(path+"/restore", url.Values{"back": {"//evil.example/admin/channels"}}).to("/admin/channels?done=1")
	ada.post(path+"/archive", nil).to(path + "/settings?saved=1")
	page := ada.get("/admin/channels?q=gar").want(200, "/c/garden/delete?back=%2Fadmin%2Fchannels%3Fq%3Dgar")
	ada.get("/c/garden/delete?back=%2Fadmin%2Fchannels%3Fq%3Dgar").want(200, `name="back" value="/admin/channels?q=gar"`)
	if strings.Contains(page.body, "Next") {
		t.Error("a table of one row has a second page")
	}
	ada.post(path+"/delete", back).to("/admin/channels?done=1&q=gar")
	ada.get("/admin/channels?done=1").want(200, "Done.").wantNot("Garden")
	ada.get(secret).want(404)

	for i := range 52 {
		ada.createChannel(fmt.Sprintf("Room %02d", i), "")
	}
	ada.get("/admin/channels").want(200, "Page 1 of 2, 53 in all", `href="/admin/channels?page=2"`).wantNot("<bdi>Room 51")
	ada.get("/admin/channels?page=2").want(200, "<bdi>Room 51", `href="/admin/channels"`).wantNot("<bdi>Room 10")
}

func TestSessionTable(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	bob := s.newClient()
	bob.post("/signin", url.Values{"name": {"Bob"}}, "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0").
		want(303)
	a := bob.actor()
	ada.get("/admin/sessions").
		want(200, "Bob", "Firefox", "Linux", "127.0.0.1", "This device", "No account", "after 90 days without a visit").
		wantNot("Sign out Ada")
	ada.get("/admin/sessions?q=firefox").want(200, "Sign out Bob everywhere").wantNot("This device")
	page := bob.dial(s.at())
	ada.post("/admin/sessions/"+a.Session.String()+"/end", url.Values{"back": {"/admin/sessions?q=firefox"}}).
		to("/admin/sessions?done=1&q=firefox")
	if code := page.closed(); code != closeSignedOut {
		t.Error(code)
	}
	bob.get("/me").to("/signin?next=%2Fme")
	bob.post("/signin", url.Values{"name": {"Bob B"}}).want(303)
	ada.post("/admin/people/"+bob.actor().ID.String()+"/signout", nil).to("/admin/sessions?done=1")
	bob.get("/me").to("/signin?next=%2Fme")
	ada.post("/admin/people/"+ada.actor().ID.String()+"/signout", nil).
		want(403, "below your own", "Where everyone is signed in")
	ada.get("/me").want(200)
}

func TestStorage(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	bob := s.signedIn("Bob")
	ada.get("/admin/storage").want(200, "There are no files yet.", "are free", "Nothing was found.")
	secret := bob.createChannel("Xylophone", "1")
	for _, path := range []string{general, secret} {
		bob.upload(path+"/messages", asHTMX, part{"file", "a.txt", strings.Repeat("words ", 500)}).want(200)
	}
	ada.get("/admin/storage").want(200, "2 files of 6 kB", `<td>3 kB</td>`, "in direct conversations: 1 file of 3 kB").
		wantNot("Xylophone", secret)
	ada.get("/admin/storage/people?q=bob").want(200, "Bob", `<td>2</td>`, `<td>6 kB</td>`)
	ada.get("/admin/storage/people?q=ada").want(200, "Nothing was found.")
	bob.get("/admin/storage").want(404)

	// An old database, in which the messages of one channel are numbered up to the fourth.
	for query := range strings.SplitSeq(`UPDATE channels SET last_seq = 10;
		UPDATE counters SET value = (SELECT min(id) FROM channels) WHERE name = 'numbered_channel';
		UPDATE counters SET value = 4 WHERE name = 'numbered_seq'`, ";") {
		s.exec(query)
	}
	ada.get("/admin/storage").want(200, "lacks older messages: 19 % of all")
	s.exec(`UPDATE counters SET value = -1 WHERE name = 'numbered_channel'`)
	ada.get("/admin/storage").want(200).wantNot("older messages")
}
