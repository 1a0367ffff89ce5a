package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// createChannel creates a channel and returns its path.
func (p *testClient) createChannel(name, private string) string {
	p.t.Helper()
	return p.post("/c", url.Values{"name": {name}, "private": {private}}).want(303).Header.Get("Location")
}

var boxPattern = regexp.MustCompile(`name="with" value="([0-9a-z]+)"`)

// idOf returns a user's id, from the page that starts conversations.
func (p *testClient) idOf(of string) string {
	p.t.Helper()
	m := boxPattern.FindStringSubmatch(p.get("/d?q=" + of).want(200).body)
	if m == nil {
		p.t.Fatalf("nobody is called %s", of)
	}
	return m[1]
}

// direct starts a conversation and returns its path.
func (p *testClient) direct(with ...string) string {
	p.t.Helper()
	var ids []string
	for _, name := range with {
		ids = append(ids, p.idOf(name))
	}
	return p.post("/d", url.Values{"with": ids}).want(303).Header.Get("Location")
}

// An outsider finds nothing of a private channel or a direct conversation, and cannot tell that it exists.
func TestOutsider(t *testing.T) {
	s := newTestServer(t)
	ann, bob := s.signedIn("Ann"), s.signedIn("Bob")
	s.signedIn("Friend")
	outside := bob.dial(s.at())
	outside.until("online")
	paths := map[string]string{"private": ann.createChannel("Xylophone", "1"), "direct": ann.direct("Friend")}
	for what, path := range paths {
		slug := strings.TrimPrefix(path, "/c/")
		sent := ann.upload(path+"/messages", asHTMX, part{name: "body", content: "zeppelin"},
			part{"file", "quokka.png", picture(t, 600, 400)}).want(200).body
		if !strings.Contains(sent, "zeppelin") {
			t.Fatal("nothing was posted")
		}
		file := filePattern.FindString(sent)
		ann.get(path).want(200, "zeppelin")
		ann.get(file).want(200)
		ann.get(path+"/members").want(200, "Ann")

		nothing := func(a response, like response) {
			t.Helper()
			a.want(404).wantNot("zeppelin", "Xylophone", "xylophone", "quokka", slug)
			if id := `<main.*`; excerptOf(a.body, id) != excerptOf(like.body, id) {
				t.Errorf("%s: %s differs from what is not there", what, a.Request.URL)
			}
		}
		for _, rest := range []string{
			"", "?before=9", "?after=0", "/1", "/1/edit", "/1/delete", "/members", "/settings", "/delete",
		} {
			nothing(bob.get(path+rest), bob.get("/c/nothing"+rest))
			nothing(bob.get(path+rest, asHTMX...), bob.get("/c/nothing"+rest, asHTMX...))
		}
		for _, rest := range []string{
			"/messages", "/1/edit", "/1/delete", "/join", "/leave", "/preferences", "/hide", "/settings", "/archive", "/restore",
			"/delete", "/members", "/members/1/remove",
		} {
			f := url.Values{"body": {"x"}, "name": {"Bob"}, "notify": {"all"}}
			nothing(bob.post(path+rest, f), bob.post("/c/nothing"+rest, f))
		}
		nothing(bob.get(file), bob.get("/f/1/x"))
		nothing(bob.get(file[:strings.LastIndex(file, "/")]+"/thumb"), bob.get("/f/1/thumb"))
		for _, page := range []string{"/c", "/c?q=xylo", "/c?archived=1", general, "/d", "/me"} {
			bob.get(page).want(200).wantNot("zeppelin", "Xylophone", slug)
		}
		if code := bob.dial(subscribeRequest{Channel: slug, Epoch: s.Chat.Epoch()}).closed(); code != closeNotFound {
			t.Errorf("%s: the socket closed with %d", what, code)
		}
	}
	ann.say("the end")
	if seen := outside.until("the end"); strings.Contains(seen, "ylophone") || strings.Contains(seen, "zeppelin") ||
		strings.Contains(seen, "/c/d-") {
		t.Errorf("the outsider's socket said %s", seen)
	}
}

func excerptOf(body, pattern string) string { return regexp.MustCompile(pattern).FindString(body) }

func TestPrivateChannel(t *testing.T) {
	s := newTestServer(t)
	ann, bob, cleo := s.signedIn("Ann"), s.signedIn("Bob"), s.signedIn("Cleo")
	path := ann.createChannel("Plans", "1")
	slug := strings.TrimPrefix(path, "/c/")
	ann.post(path+"/members", url.Values{"name": {"Nobody"}}).want(422, "nobody of that name", `value="Nobody"`)
	list := bob.dial(s.at())
	list.until("online")
	ann.post(path+"/members", url.Values{"name": {"bob"}}).to(path + "/members?added=Bob")
	ann.get(path+"/members?added=Bob").want(200, ">Bob<", "Owner", "Bob is in this channel now.")
	list.until("Plans") // it appears in the list at once
	bob.get(path).want(200, "Plans", `2<span class="unit"> members`)
	bob.get(path+"/members").want(200, "Add someone").wantNot("/remove")
	bob.post(path+"/settings", url.Values{"name": {"Other"}}).want(403)
	bob.get(path + "/delete").want(403)
	bob.post(path+"/members", url.Values{"name": {"Cleo"}}).want(303)
	bob.post(path+"/members", url.Values{"name": {"Cleo"}}).want(422, "already")

	open := cleo.dial(subscribeRequest{Channel: slug, Epoch: s.Chat.Epoch()})
	open.until("Plans")
	ann.post(path+"/members/"+ann.idOf("Cleo")+"/remove", nil).to(path + "/members")
	if code := open.closed(); code != closeNotFound {
		t.Errorf("the socket of someone who was removed closed with %d", code)
	}
	ann.post(path+"/messages", url.Values{"body": {"after"}}).want(303)
	cleo.get(path).want(404)
	ann.post(path+"/leave", nil).to("/c")
	ann.get(path).want(404)
	bob.get(path+"/members").want(200, "Owner") // someone has to run it
}

func TestChannelSettings(t *testing.T) {
	s := newTestServer(t)
	ann, bob := s.signedIn("Ann"), s.signedIn("Bob")
	path := ann.createChannel("Garden", "")
	ann.post(path+"/messages", url.Values{"body": {"seeds"}}).want(303)
	bob.get(path).want(200, "/join")
	bob.get(path+"/settings").want(200, "For you").wantNot("For everyone")
	set := url.Values{"name": {"Garden & Sea"}, "topic": {"What grows"}, "description": {"Two\nlines"}}
	ann.post(path+"/settings", url.Values{"name": {"general talk"}, "topic": {"kept"}}).
		want(422, `value="kept"`, "already")
	ann.post(path+"/settings", set).to("/c/garden-sea/settings?saved=1")

	t.Run("old links lead to the new place", func(t *testing.T) {
		bob := bob.in(t)
		bob.get("/c/garden").to("/c/garden-sea")
		bob.get("/c/garden/1?x=1").to("/c/garden-sea/1?x=1")
		bob.get("/c/garden?after=0").to("/c/garden-sea?after=0")
		bob.get("/c/garden-sea").want(200, "What grows", "/c/garden-sea/1")
		bob.post("/c/garden/messages", url.Values{"body": {"from an old page"}}).want(303)
		if again := bob.createChannel("Garden", ""); again != "/c/garden-2" {
			t.Errorf("a new channel took the old link: %s", again)
		}
	})
	t.Run("announcements", func(t *testing.T) {
		bob := bob.in(t)
		set.Set("announce", "1")
		ann.post("/c/garden-sea/settings", set).want(303)
		bob.get("/c/garden-sea").want(200, `class="closed" role="status">This channel is for announcements`)
		bob.post("/c/garden-sea/messages", url.Values{"body": {"hello"}}).want(403)
		ann.post("/c/garden-sea/messages", url.Values{"body": {"hear"}}).want(303)
	})
	t.Run("archive and restore", func(t *testing.T) {
		bob := bob.in(t)
		k := bob.dial(subscribeRequest{Channel: "garden-sea", Epoch: s.Chat.Epoch()})
		k.until("#channels")
		ann.post("/c/garden-sea/archive", nil).want(303)
		k.until(`hx-target="#bar"`, `hx-target="#closed" hx-swap="textContent">This channel is archived`) // open pages say so
		bob.get("/c/garden-sea").want(200, "seeds", "Archived", `class="closed" role="status">This channel is archived`)
		bob.get("/c").wantNot("Garden &amp; Sea")
		bob.get("/c?archived=1").want(200, "Garden &amp; Sea")
		ann.post("/c/garden-sea/messages", url.Values{"body": {"no"}}).want(403)
		ann.post("/c/garden-sea/1/edit", url.Values{"body": {"no"}}).want(403)
		ann.post("/c/garden-sea/settings", set).want(403)
		ann.post("/c/garden-sea/restore", nil).want(303)
		ann.post("/c/garden-sea/messages", url.Values{"body": {"again"}}).want(303)
	})
	t.Run("made private", func(t *testing.T) {
		ann := ann.in(t)
		eve := s.signedIn("Eve")
		k := eve.dial(subscribeRequest{Channel: "garden-sea", Epoch: s.Chat.Epoch()})
		k.until("Garden")
		set.Set("private", "1")
		path = strings.TrimSuffix(ann.post("/c/garden-sea/settings", set).want(303).Header.Get("Location"),
			"/settings?saved=1")
		if code := k.closed(); code != closeNotFound {
			t.Errorf("the socket of someone who only read closed with %d", code)
		}
		eve.get("/c/garden-sea").want(404)
		bob.get("/c/garden-sea").to(path) // posting made Bob a member
		bob.get(path).want(200)
	})
	t.Run("delete", func(t *testing.T) {
		ann, bob := ann.in(t), bob.in(t)
		file := filePattern.FindString(ann.upload(path+"/messages", asHTMX, part{"file", "a.txt", "text"}).want(200).body)
		ann.get(file).want(200)
		bob.post(path+"/delete", nil).want(403)
		ann.get(path+"/delete").want(200, "for everyone?")
		ann.post(path+"/delete", nil).to("/c")
		for _, gone := range []string{path, "/c/garden-sea", path + "/1", file} {
			ann.get(gone).want(404)
			bob.get(gone).want(404)
		}
		if to := ann.createChannel("Garden & Sea", ""); to != "/c/garden-sea" {
			t.Errorf("the name is not free again: %s", to)
		}
	})
	for _, rest := range []string{"/archive", "/delete", "/leave", "/settings"} {
		ann.post(general+rest, url.Values{"name": {"x"}}).want(403)
	}
}

func TestBrowse(t *testing.T) {
	s := newTestServer(t)
	ann, bob := s.signedIn("Ann"), s.signedIn("Bob")
	ann.createChannel("Cats", "")
	ann.createChannel("Dogs", "")
	bob.get("/c?q=CAT").want(200, `<a href="/c/cats"><b>`, "1 member").wantNot(`<a href="/c/dogs"><b>`)
	bob.get("/c/cats").want(200) // read before joining
	bob.get("/c/cats/members").want(200, "1 member")
	bob.post("/c/cats/join", nil).to("/c/cats")
	bob.get("/c/cats/members").want(200, "2 members")
	bob.post("/c/cats/leave", nil).to("/c")
	bob.get(general).want(200, "/c/dogs").wantNot("/c/cats")
	bob.get("/c/cats").want(200)
	bob.post("/c/cats/messages", url.Values{"body": {"posting joins"}}).want(303)
	bob.get(general).want(200, "/c/cats")
	bob.get("/c/cats/members").want(200, ">Bob<")

	bob.post("/c/dogs/preferences", url.Values{"favourite": {"1"}, "muted": {"1"}, "notify": {"nothing"}}).
		to("/c/dogs/settings?saved=1")
	ann.post("/c/dogs/messages", url.Values{"body": {"woof"}}).want(303)
	page := bob.get(general).want(200, `class="muted"`, "Favourites").body
	if dogs, first := strings.Index(page, "/c/dogs"), strings.Index(page, general); dogs > first {
		t.Error("the favourite does not stand first")
	}
	if strings.Contains(page, ">1</span>") {
		t.Error("a muted channel shows a count")
	}
	bob.get("/c/dogs/settings").want(200, `value="nothing" selected`)
	bob.post("/c/dogs/preferences", url.Values{"notify": {"x"}}).want(422)
}

func TestDirect(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ann, bob, cleo := s.signedIn("Ann"), s.signedIn("Bob"), s.signedIn("Cleo")
	path := ann.direct("Bob")
	if again := bob.direct("Ann"); again != path {
		t.Errorf("two conversations between the same people: %s and %s", path, again)
	}
	if group := ann.direct("Bob", "Cleo"); group == path || cleo.direct("Ann", "Bob") != group {
		t.Error("a conversation of three is not one")
	}
	ann.post("/d", nil).want(422, "Choose")
	ann.post("/d", url.Values{"with": {"zzz"}}).want(422, "not here")

	k := bob.dial(s.at())
	k.until("Ann")
	path = cleo.direct("Bob")
	if page := bob.get(general).want(200).body; strings.Contains(page, path) {
		t.Error("a conversation is listed before something is said")
	}
	cleo.post(path+"/messages", url.Values{"body": {"psst"}}).want(303)
	k.until(path, `data-present="false"`)
	bob.get(general).want(200, path, ">1</span>")
	bob.get(path).want(200, "psst", "Cleo")
	bob.post(path+"/hide", nil).to("/c")
	bob.get(general).want(200).wantNot(path)
	cleo.post(path+"/messages", url.Values{"body": {"psst again"}}).want(303)
	bob.get(general).want(200, path)
	cleo.dial(s.at()).until("online")
	k.until(`data-present="true"`)
	bob.post(path+"/leave", nil).want(403)
	bob.post(path+"/members", url.Values{"name": {"Ann"}}).want(403)

	t.Run("who is blocked cannot write", func(t *testing.T) {
		bob, cleo := bob.in(t), cleo.in(t)
		bob.post("/me/blocks", url.Values{"name": {"cleo"}}).to("/me/blocks")
		bob.get("/me/blocks").want(200, ">Cleo<")
		cleo.post(path+"/messages", url.Values{"body": {"hey"}}).want(403, "does not take direct messages")
		cleo.get(path).want(200, "psst") // earlier messages can be read
		bob.post(path+"/messages", url.Values{"body": {"hey"}}).want(403, "You have blocked Cleo")
		dan := s.signedIn("Dan")
		bob.post("/me/blocks", url.Values{"name": {"Dan"}}).want(303)
		dan.post("/d", url.Values{"with": {dan.idOf("Bob")}}).want(403, "does not take direct messages")
		bob.post("/me/blocks/"+bob.idOf("Cleo")+"/remove", nil).to("/me/blocks")
		cleo.post(path+"/messages", url.Values{"body": {"thanks"}}).want(303)
		bob.post("/me/blocks", url.Values{"name": {"Bob"}}).want(422)
	})
}
