package handlers

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// queryLog records the queries since cut was last called; none before that.
type queryLog struct {
	mu      sync.Mutex
	on      bool
	queries []string
}

func (l *queryLog) add(query string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.on {
		l.queries = append(l.queries, strings.Join(strings.Fields(query), " "))
	}
}

// cut returns the queries since it was last called.
func (l *queryLog) cut() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	queries := l.queries
	l.on, l.queries = true, nil
	return queries
}

// asksPermission matches queries that read permissions: sessions, roles, a user's membership of one channel, a
// channel's rules, bans and blocks.
var asksPermission = regexp.MustCompile(`^SELECT .*(FROM sessions|FROM bans|FROM blocks|` +
	`FROM channels WHERE id =|FROM memberships WHERE channel_id = \$1 AND user_id = \$2|FROM memberships WHERE user_id|` +
	`role FROM users|u\.role, .* FROM users u LEFT JOIN memberships)`)

// authenticates matches the query for a session's user, which is cached and not sent for each request.
var authenticates = regexp.MustCompile(`s\.key_sent_at FROM sessions s ` +
	`JOIN users u ON u.id = s.user_id WHERE s.key_hash = \$1$`)

// keepsUp matches what no request asks: what the hub reads anew after a change of bans, and the program's own search at
// its start for users who never posted.
var keepsUp = regexp.MustCompile(`^SELECT DISTINCT user_id FROM bans |NOT u\.posted`)

// A request reads the actor's permissions in a channel once, and a change reads them once more in its transaction.
func TestPermissionIsReadOnce(t *testing.T) {
	s := newTestServer(t)
	boss, bob := s.own("Boss", "open"), s.signedIn("Bob")
	s.signedIn("Mallory")
	loc := boss.post("/c", url.Values{"name": {"News"}, "private": {"on"}}).want(303).Header.Get("Location")
	boss.post(loc+"/settings", url.Values{"name": {"News"}, "private": {"on"}, "announce": {"on"}, "slow": {"60"}}).
		want(303)
	boss.post(loc+"/members", url.Values{"name": {"Bob"}}).want(303)
	slug := loc[strings.LastIndex(loc, "/")+1:]
	direct := boss.post("/d", url.Values{"with": {bob.actor().ID.String()}}).want(303).Header.Get("Location")
	several := url.Values{"role": {"guest"}, "days": {"7"}, "uses": {"0"}}
	for _, name := range []string{"Alpha", "Beta", "Gamma", "Delta"} { // each is in the log, and in an invitation
		loc := boss.post("/c", url.Values{"name": {name}, "private": {"on"}}).want(303).Header.Get("Location")
		boss.post(loc+"/members", url.Values{"name": {"Bob"}}).want(303)
		several.Add("channel", loc[strings.LastIndex(loc, "/")+1:])
	}
	boss.post("/admin/invitations", several).want(200)
	acc, err := s.Chat.Channels.Access(t.Context(), bob.actor(), slug)
	if err != nil || acc.CanPost() || acc.PostDelay() == 0 {
		t.Fatalf("%+v, %v", acc, err)
	}
	for _, c := range []struct {
		name string
		do   func()
		most int
	}{
		{"post", func() { boss.post(loc+"/messages", url.Values{"body": {"words"}}, asHTMX...).want(200) }, 3},
		{"post of a member", func() { bob.post(loc+"/messages", url.Values{"body": {"words"}}, asHTMX...).want(403) }, 3},
		{"post in a direct conversation", func() {
			boss.post(direct+"/messages", url.Values{"body": {"words"}}, asHTMX...).want(200)
		}, 3},
		{"edit", func() { boss.post(loc+"/1/edit", url.Values{"body": {"words"}}, asHTMX...).want(200) }, 3},
		{"form of an edit", func() { boss.get(loc+"/1/edit", asHTMX...).want(200) }, 1},
		{"removal", func() { boss.post(loc+"/1/delete", url.Values{}, asHTMX...).want(200) }, 3},
		{"edit of what is deleted", func() {
			boss.post(loc+"/1/edit", url.Values{"body": {"words"}}, asHTMX...).want(404, "words")
		}, 4},
		{"members", func() { boss.get(loc+"/members").want(200, "Bob") }, 3},
		// five channels are asked for in two batches, and the sidebar asks for the memberships, if they are not cached
		{"log", func() { boss.get("/admin/audit").want(200, "Alpha", "Delta") }, 4},
		{"invitations", func() { boss.get("/admin/invitations").want(200, "Alpha", "Delta") }, 2},
		{"settings", func() { boss.get(loc + "/settings").want(200) }, 2},
		{"ban", func() { boss.post(loc+"/bans", url.Values{"name": {"Mallory"}}).want(303) }, 4},
	} {
		s.queries.cut()
		c.do()
		asked := slices.DeleteFunc(s.queries.cut(), func(q string) bool {
			return !asksPermission.MatchString(q) || authenticates.MatchString(q) || keepsUp.MatchString(q)
		})
		if len(asked) == 0 || len(asked) > c.most {
			t.Errorf("%s: %d questions of permission, want 1 to %d:\n%s", c.name, len(asked), c.most, strings.Join(asked, "\n"))
		}
	}
}
