package handlers

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"chitchat/chat/hostiletest"
)

// wantHarmless checks that a page is nothing but what the program makes.
func (a response) wantHarmless() response {
	a.t.Helper()
	kind := a.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "text/html") { // no browser makes a page of it
		if a.body != "" && a.Header.Get("X-Content-Type-Options") != "nosniff" {
			a.t.Errorf("%.100s is sent as %s, to be guessed", a.Request.URL, kind)
		}
		return a
	}
	for _, fault := range hostiletest.PageFaults(a.body) {
		a.t.Errorf("%s %.100s: %s", a.Request.Method, a.Request.URL, fault)
	}
	return a
}

// TestHostileForms sends all payloads in each field of each form, and looks at the answers: most fields refuse them,
// and show them again. Shorter ones, which some fields take, are looked at where they lead.
func TestHostileForms(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	olga, bob := s.own("Olga", "open"), s.signedIn("Bob")
	bob.say("words")
	olga.say("words")
	room := olga.post("/c", url.Values{"name": {"Side Room"}}).Header.Get("Location")
	fields := []struct{ path, form string }{
		{general + "/messages", "body={}"}, {general + "/2/edit", "body={}"}, {general + "/preview", "body={}"},
		{general + "/messages", "body=/{}"}, {general + "/messages", "body=/me {}"},
		{room + "/messages", "body=/topic {}"}, {room + "/messages", "body=/rename {}"},
		{room + "/messages", "body=/invite @{}"}, {room + "/messages", "body=/join #{}"},
		{room + "/messages", "body=/dm @{}"}, {room + "/messages", "body=/status {}"},
		{room + "/messages", "body=/help {}"}, {general + "/messages", "body=words&client_id={}"},
		{general + "/1/reactions", "emoji={}"}, {general + "/1/report", "reason={}"}, {general + "/9/delete", "reason={}"},
		{"/paste", "html={}"}, {"/me", "name={}"}, {"/me/profile", "handle={}&pronouns={}&title={}&zone={}&email={}"},
		{"/me/status", "emoji={}&status={}&until={}&zone={}"}, {"/me/status", "emoji=🍲&status={}"},
		{"/me/profile", "title={}"}, {"/me/profile", "pronouns={}"}, {"/me/blocks", "name={}"},
		{"/c", "name={}"}, {room + "/settings", "name=Side Room&topic={}&description={}"},
		{room + "/settings", "name={}&topic=x&description=x&slow={}"}, {room + "/members", "name={}"},
		{room + "/bans", "name={}&days={}&reason={}"}, {"/admin/bans", "name={}&days={}&channel={}&reason={}"},
		{"/admin/settings", "workspace={}&access=open"}, {"/admin/reset-access", "name={}"},
		{"/admin/settings", "workspace=W&access=open&files=some&extensions={}"},
		{"/admin/invitations", "role={}&days={}&uses={}&channel={}"}, {"/signin", "name={}&next={}&password=x"},
		{"/me/password", "current={}&password={}"}, {"/me/passkeys", "name={}&state={}&response={}"},
		{"/admin/emoji", "name={}"}, {general + "/1/link-previews/remove", "url={}"},
		{"/me/theme", "theme={}&next={}"}, {"/direct", "with={}&q={}"},
	}
	texts := hostiletest.Packed(8000)
	for i, short := range hostiletest.Packed(30) {
		if i%60 == 0 {
			texts = append(texts, short)
		}
	}
	for i, text := range texts {
		for _, field := range fields {
			form, err := url.ParseQuery(strings.ReplaceAll(field.form, "{}", url.QueryEscape(text)))
			if err != nil {
				t.Fatal(err)
			}
			p, headers := olga, asHTMX
			if i%2 == 0 {
				headers = nil
			}
			if field.path == "/signin" {
				p = s.newClient()
			}
			a := p.post(field.path, form, headers...).wantHarmless()
			if to := a.Header.Get("Location"); strings.HasPrefix(to, "/") {
				p.get(to).wantHarmless()
			}
			if field.path == "/paste" {
				olga.post(general+"/preview", url.Values{"body": {a.body}}, asHTMX...).wantHarmless()
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s %s: %d", field.path, field.form, a.StatusCode)
			}
		}
		for _, path := range []string{"/admin/people", "/admin/channels", "/admin/bans", "/admin/audit", "/admin/reports",
			"/admin/sessions", "/admin/storage", "/admin/emoji", "/c", "/direct/new", room + "/members",
			"/emoji", "/signin", "/complete"} {
			q := url.QueryEscape(text[:min(len(text), 1000)])
			for n := 950; 6*len(q) > maxHeaders-2000; n -= 50 { // else it is refused unread, and the connection ends
				q = url.QueryEscape(text[:min(len(text), n)])
			}
			olga.get(path + "?q=" + q + "&next=" + q + "&for=" + q + "&channel=" + q + "&said=" + q + "&done=" + q).
				wantHarmless()
		}
	}
}

// TestHostileData writes all payloads into everything that is stored of people, past the rules that would refuse them,
// and looks at all pages that the owner reaches from there.
func TestHostileData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	texts := hostiletest.Packed(8000)
	t.Run("written", func(t *testing.T) {
		s := newTestServerIn(t, dir)
		olga := s.own("Olga", "open")
		exec := func(query string, args ...any) {
			t.Helper()
			if res, err := s.db.ExecContext(t.Context(), query, args...); err != nil {
				t.Fatal(query, err)
			} else if n, err := res.RowsAffected(); err != nil || n == 0 {
				t.Errorf("%s changes %d rows: %v", query, n, err)
			}
		}
		for i, text := range texts {
			p := s.signedIn(fmt.Sprintf("Person %d", i))
			q := s.signedIn(fmt.Sprintf("Banned %d", i))
			clean := strings.Map(func(r rune) rune {
				if r < ' ' && r != '\n' && r != '\t' || r == '\f' {
					return ' '
				}
				return r
			}, text)
			a := p.post(general+"/messages", url.Values{"body": {clean}})
			if m := confirmPattern.FindStringSubmatch(a.body); m != nil { // it calls everyone
				a = p.post(general+"/messages", url.Values{"body": {clean}, "confirm": {m[1]}})
			}
			a.want(303)
			q.upload(general+"/messages", nil, part{name: "body", content: "words"},
				part{name: "file", file: strings.Join(strings.Fields(clean), " ")[:200] + ".txt", content: text}).want(303)
			row := fmt.Sprintf("%s/%d", general, 2*i+1)
			p.post(row+"/edit", url.Values{"body": {clean + "!"}}).want(303)
			q.post(row+"/reactions", url.Values{"emoji": {"👍"}}).want(303)
			q.post(row+"/report", url.Values{"reason": {"spam"}}).want(303)
			room := olga.post("/c", url.Values{"name": {fmt.Sprintf("Room %d", i)}}).Header.Get("Location")
			banned, posted := q.actor().ID, p.actor().ID
			olga.post("/admin/bans", url.Values{"name": {q.actor().Name}, "days": {"1"}, "reason": {"spam"}}).want(303)
			exec(`UPDATE users SET name = $1, email = $1, pronouns = $1, title = $1, status_text = $1, status_emoji = $1,
				handle = $1 || id WHERE id IN ($2, $3)`, text, posted, banned)
			exec(`UPDATE channels SET name = $1, topic = $1, description = $1 WHERE slug = $2`, text, room[len("/c/"):])
			exec(`UPDATE attachments SET name = $1 WHERE seq = $2`, text, 2*i+2)
			exec(`UPDATE messages SET body = $1, html = '' WHERE seq = $2`, text, 2*i+2)
			exec(`UPDATE message_versions SET body = $1, html = '' WHERE seq = $2`, text, 2*i+1)
			exec(`UPDATE reactions SET emoji = $1 WHERE seq = $2`, text, 2*i+1)
			exec(`INSERT INTO emoji (id, name, size, created_by, created_at) VALUES ($1, $2, 1, $3, 1)`, i+1, text, posted)
			exec(`INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture, picture_size)
				VALUES ($1, $2, 0, 4000000000000, $2, $2, $2, $1, 1)`, i+1, text)
			exec(`INSERT INTO message_link_previews SELECT channel_id, seq, 'https://a.b/', 'https://a.b/', 0, $1, $1
				FROM messages WHERE seq = $2`, i+1, 2*i+1)
			exec(`UPDATE messages SET link_previews = 1 WHERE seq = $1`, 2*i+1)
			exec(`UPDATE reports SET reason = $1, files = $1 WHERE seq = $2`, text, 2*i+1)
			exec(`UPDATE bans SET reason = $1 WHERE user_id = $2`, text, banned)
			exec(`INSERT INTO passkeys (id, user_id, name, data, created_at, used_at) VALUES ($1, $2, $1, '{}', 1, 1)`, text,
				olga.actor().ID)
			exec(`UPDATE sessions SET user_agent = $1, address = $1 WHERE user_id IN ($2, $3)`, text, posted,
				olga.actor().ID)
			exec(`UPDATE audit SET actor_name = $1, address = $1, user_name = $1, detail = $1 WHERE id =
				(SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET $2)`, text, i)
		}
	})
	s := newTestServerIn(t, dir)
	olga := s.newClient()
	olga.post("/signin", url.Values{"name": {"Olga"}, "password": {goodPassword}}).to(general)
	page := olga.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
	for _, fault := range hostiletest.PageFaults(page.until(`id="m-`)) {
		t.Error("a frame:", fault)
	}
	said := make(map[string]bool) // which texts were seen at all: a test that finds them nowhere proves nothing
	seen := olga.crawlAtMost(600, func(_ string, a response) {
		a.wantHarmless()
		for _, text := range texts {
			if strings.Contains(a.body, html.EscapeString(text[len(text)-20:])) {
				said[text] = true
			}
		}
	}, "/", "/c", "/me", general)
	t.Logf("%d pages", len(seen))
	if len(said) != len(texts) {
		t.Errorf("only %d of %d texts were seen", len(said), len(texts))
	}
}
