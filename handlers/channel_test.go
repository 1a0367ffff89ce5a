package handlers

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
)

func TestChannels(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	p.get("/c").want(200, "General Talk", `name="name"`)
	p.post("/c", url.Values{"name": {"Garden & Sea"}}).to("/c/garden-sea")
	p.get("/c/garden-sea").want(200, "Garden &amp; Sea")
	s.signedIn("Bob").post("/c", url.Values{"name": {"garden & sea"}}).want(422, `value="garden &amp; sea"`)
	p.post("/c", url.Values{"name": {"garden & sea"}}).to("/c/garden-sea") // pressed twice
	if to := p.post("/c", url.Values{"name": {"Third"}}, asHTMX...).want(204).Header.Get("HX-Redirect"); to != "/c/third" {
		t.Error("HX-Redirect:", to)
	}
	p.post("/c", url.Values{"name": {""}}, asHTMX...).want(422).wantNot("<html")

	t.Run("brings one back to where one was last", func(t *testing.T) {
		p := p.in(t)
		p.get("/c/garden-sea").want(200)
		p.get("/").to("/c/garden-sea")
		p.get(general, "Sec-Purpose", "prefetch").want(200)
		p.get("/").to("/c/garden-sea")
		p.get(general, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors").want(200)
		p.get("/").to("/c/garden-sea")
		p.get(general, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate").want(200)
		p.get("/").to("/c/general-talk")
	})
	t.Run("is not found where there is nothing", func(t *testing.T) {
		p := p.in(t)
		for _, path := range []string{
			"/nothing", "/c/none", "/c/general-talk/1", "/c/general-talk/0", "/c/general-talk/-1", "/c/general-talk/x",
			"/c/general-talk/01",
			"/c/general-talk?before=x", "/c/general-talk?after=-1", "/c/%00", "/c/%ff", "/c/..%2f..%2fetc", "/c/General-Talk",
			"/c/general-talk/99999999999999999999", "/f/0/x", "/f/zzz/x", "/f/..%2f..%2fchat.db/x", "/f/1/thumb", "/me/1.css",
			"/assets/app.css",
			"/assets/../main.go", "/assets/%2e%2e/go.mod",
		} {
			p.get(path).want(404).wantNot("%00")
		}
		p.send("DELETE", general, nil).want(405)
		p.send("PUT", general, nil).want(405)
		p.get("/nothing", asHTMX...).want(404).wantNot("<html")
	})
}

func TestCreatePressedTwice(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { p.post("/c", url.Values{"name": {"Only Once"}}).to("/c/only-once") })
	}
	all.Wait()
	if n := strings.Count(p.get("/c").body, `href="/c/only-once"`); n != 2 { // in the sidebar, and in the list
		t.Error("channels of that name:", n)
	}
	t.Run("and not for a name that is free again", func(t *testing.T) {
		p := p.in(t)
		p.post("/c/only-once/settings", url.Values{"name": {"Renamed"}}).to("/c/renamed/settings?saved=1")
		for range 2 { // after it was renamed, and after it was deleted
			to := p.post("/c", url.Values{"name": {"Only Once"}}).want(303).Header.Get("Location")
			p.get(to).want(200, "<title>Only Once")
			p.post(to+"/delete", nil).want(303)
		}
		p.get("/c/renamed").want(200)
	})
	t.Run("nor when its name changed and its address did not", func(t *testing.T) {
		p := p.in(t)
		p.post("/c", url.Values{"name": {"Eta"}}).to("/c/eta")
		p.post("/c/eta/settings", url.Values{"name": {"Eta (old)"}}).to("/c/eta-old/settings?saved=1")
		p.post("/c", url.Values{"name": {"Eta-"}}).to("/c/eta-2")
		p.post("/c/eta-2/settings", url.Values{"name": {"(Eta)"}}).to("/c/eta-2/settings?saved=1")
		p.post("/c", url.Values{"name": {"Eta-"}}).to("/c/eta-3")
	})
	t.Run("and an archived one has its name, and says so, to others too", func(t *testing.T) {
		p := p.in(t)
		p.post("/c", url.Values{"name": {"Theta"}}).to("/c/theta")
		p.post("/c/theta/archive", nil).want(303)
		other := s.signedIn("Theo").in(t)
		other.post("/c", url.Values{"name": {"Iota"}}).to("/c/iota")
		for _, who := range []*testClient{p, other} {
			who.post("/c", url.Values{"name": {"Theta"}}).
				want(422, "There is an archived channel called “Theta” already.", `<a href="/c/theta">Open that channel</a>`)
			who.get("/c/theta").want(200)
		}
		other.post("/c/iota/settings", url.Values{"name": {"theta"}}).
			want(422, "archived channel called “Theta”", `<a href="/c/theta">Open that channel</a>`)
		p.post("/c/theta/restore", nil).want(303)
		p.post("/c", url.Values{"name": {"Theta"}}).to("/c/theta") // pressed again
		other.post("/c", url.Values{"name": {"Theta"}}).
			want(422, "There is a channel called “Theta” already.", `<a href="/c/theta">Open that channel</a>`)
	})
	t.Run("nor where a channel was made private", func(t *testing.T) {
		p := p.in(t)
		p.post("/c", url.Values{"name": {"Kappa"}}).to("/c/kappa")
		p.post("/c/kappa/settings", url.Values{"name": {"Kappa"}, "private": {"1"}}).want(303)
		p.post("/c", url.Values{"name": {"Kappa"}}).to("/c/kappa-2")
	})
}

func TestChangesLimit(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.Changes = 3 })
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	for i := range 3 {
		p.post("/c", url.Values{"name": {fmt.Sprint("Place ", i)}}).to(fmt.Sprint("/c/place-", i))
		p.post("/me", url.Values{"name": {fmt.Sprint("Ann ", i)}}).want(303)
	}
	for _, headers := range [][]string{nil, asHTMX} {
		a := p.post("/c", url.Values{"name": {"Place 9"}}, headers...).want(429, `value="Place 9"`, "too often")
		if a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		if a = p.post("/me", url.Values{"name": {"Ann 9"}}, headers...).
			want(429, `value="Ann 9"`, "too often"); a.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	q.post("/c", url.Values{"name": {"Another's"}}).want(303)
}

func TestHistory(t *testing.T) {
	s := newTestServer(t)
	p := s.signedIn("Ann")
	for i := range 130 {
		p.say(fmt.Sprintf("message %d.", i+1))
	}
	seqs := func(html string) string {
		var first, last string
		list := rows(html)
		for _, row := range list {
			_, after, _ := strings.Cut(row, `data-seq="`)
			last, _, _ = strings.Cut(after, `"`)
			if first == "" {
				first = last
			}
		}
		return fmt.Sprintf("%s-%s/%d", first, last, len(list))
	}
	for path, want := range map[string]string{
		general:                 "31-130/100",
		general + "?before=31":  "1-30/30",
		general + "?before=100": "50-99/50",
		general + "?after=0":    "1-50/50",
		general + "?after=10":   "11-60/50",
		general + "?after=130":  "-/0",
		general + "/40":         "15-65/51",
		general + "/1":          "1-26/26",
	} {
		a := p.get(path).want(200, "<html", `role="log"`, `data-channel="general-talk"`, `data-epoch="`)
		if got := seqs(a.body); got != want {
			t.Errorf("%s shows %s, want %s", path, got, want)
		}
	}
	older := p.get(general+"?before=100", asHTMX...).want(200).wantNot("<html")
	if got := seqs(older.body); got != "50-99/50" || older.Header.Get("Vary") == "" {
		t.Errorf("older: %s, Vary %q", got, older.Header.Get("Vary"))
	}
	p.get(general+"?before=100", "HX-Request", "true", "HX-Boosted", "true").want(200, "<html")
	p.get(general+"?before=100", "HX-Request", "true", "HX-History-Restore-Request", "true").want(200, "<html")
	if got := p.get(general+"/40", asHTMX...).want(200).body; len(rows(got)) != 1 ||
		rows(got)[0] != strings.TrimSpace(got) {
		t.Error("the row of a permalink is not one row:", got)
	}
}

func TestWarmChannelCostsNoQueryAndNoRendering(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	for i := range 120 {
		p.say(strconv.Itoa(i))
	}
	p.get(general).want(200)
	before := s.Chat.Stats()
	for range 5 {
		q.get(general).want(200)
		p.get(general).want(200)
	}
	if after := s.Chat.Stats(); after != before {
		t.Errorf("ten pages of a warm channel cost %+v, from %+v", after, before)
	}
}

func TestUnread(t *testing.T) {
	s := newTestServer(t)
	p, q := s.signedIn("Ann"), s.signedIn("Bob")
	q.get(general).want(200)
	q.post("/c", url.Values{"name": {"Other"}}).to("/c/other")
	p.say("one")
	p.say("two")
	q.get("/c/other").want(200, `>2</`)
	q.get(general).want(200).wantNot(`>2</`)
	q.get("/c/other").want(200).wantNot(`>2</`)
}
