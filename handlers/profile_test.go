package handlers

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"chitchat/chat"
)

func TestProfile(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	bob, carol := s.signedIn("Bob"), s.signedIn("Carol")
	mine := "/u/" + bob.actor().ID.String()
	f := url.Values{"handle": {"@Bobby"}, "pronouns": {"he"}, "title": {"<b>Cook"}, "zone": {"Europe/Vienna"},
		"email": {"bob@example.org"}}
	bob.get("/me/profile").want(200, "All settings")
	bob.post("/me/profile", f).to("/me/profile?saved=1")
	carol.get(mine).want(200, "@bobby", "&lt;b&gt;Cook", "in Europe/Vienna", "Message").
		wantNot("Edit profile", "bob@example.org")
	bob.get(mine).want(200, "Edit profile", "bob@example.org").wantNot(">Message<")
	ada.get(mine).want(200, "bob@example.org")
	card := carol.get(mine, asHTMX...).want(200, "@bobby", `<form method="dialog">`).wantNot("<html")
	if page := carol.get(mine); !strings.Contains(page.body, card.body[strings.Index(card.body, "<section"):]) {
		t.Error("the card and the page are not the same")
	}
	carol.post("/me/profile", url.Values{"handle": {"BOBBY"}, "title": {"Typed"}}).want(422, "taken", `value="Typed"`)
	for _, wrong := range []url.Values{{"handle": {"a b"}}, {"handle": {"x"}}, {"zone": {"../x"}}, {"zone": {"Local"}},
		{"email": {"nobody"}}} {
		ada.post("/me/profile", wrong).want(422, `role="alert"`, `aria-invalid="true"`)
	}
	// what the card's button sends
	carol.post("/d", url.Values{"with": {bob.actor().ID.String()}}).want(http.StatusSeeOther)

	guest := s.newClient()
	guest.post(ada.invite("guest", "general-talk"), url.Values{"name": {"Gus"}}).want(http.StatusSeeOther)
	guest.get(mine).want(200) // both are in General Talk
	other := s.newClient()
	ch, err := s.Chat.Channels.Create(t.Context(), ada.actor(), "Quiet room", "private")
	if err != nil {
		t.Fatal(err)
	}
	other.post(ada.invite("guest", ch.Slug), url.Values{"name": {"Hal"}}).want(http.StatusSeeOther)
	if a, b := other.get(mine).want(404), other.get("/u/1").want(404); a.body != b.body {
		t.Error("someone who is not seen looks different from nobody")
	}
	other.get("/u/" + ada.actor().ID.String()).want(200)
}

func TestStatus(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.say("hello")
	mine := "/u/" + bob.actor().ID.String()
	status := func(emoji, words, until string) response {
		return bob.post("/me/status", url.Values{"emoji": {emoji}, "status": {words}, "until": {until}})
	}
	status("🍲", "At <lunch>", "60").to("/me/profile?saved=1")
	ada.get(mine).want(200, "🍲 <bdi>At &lt;lunch&gt;</bdi>", "until")
	ada.get(general).want(200, `title="At &lt;lunch&gt;">🍲<`)
	bob.get("/me/profile").want(200, `value="before" selected`, "Clear status")
	for _, until := range []string{"before", "today", "10080"} {
		status("", "Still", until).to("/me/profile?saved=1")
		ada.get(mine).want(200, chat.DefaultStatusEmoji+" <bdi>Still</bdi>", "until")
	}
	status("🍲", "", "").to("/me/profile?saved=1")
	ada.get(mine).want(200, "🍲").wantNot("until", "Still")
	status("admin", "words stay", "30").want(422, "One emoji", `value="words stay"`, `value="30" selected`)
	status("🍲", strings.Repeat("x", 81), "30").want(422, "At most 80")
	status("🍲", "x", "never").want(422, "Choose one")
	bob.post("/me/status", url.Values{"emoji": {"🍲"}, "status": {"x"}, "clear": {"1"}}).to("/me/profile?saved=1")
	ada.get(mine).want(200).wantNot("🍲")
}

var avatarPattern = regexp.MustCompile(`/u/[0-9a-z]+/avatar/[0-9a-z]+`)

// portrait is a picture of one colour.
func portrait(c color.Color) string {
	img := image.NewRGBA(image.Rect(0, 0, 300, 200))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	var b bytes.Buffer
	_ = png.Encode(&b, img) // a buffer takes everything
	return b.String()
}

func TestAvatar(t *testing.T) {
	s := newTestServer(t)
	ada := s.own("Ada", "open")
	bob := s.signedIn("Bob")
	bob.say("hello")
	ada.get(general).want(200).wantNot("/avatar/")
	send := func(name, content string) response {
		return bob.upload("/me/avatar", nil, part{name: "file", file: name, content: content})
	}
	send("me.png", portrait(color.White)).to("/me/profile?saved=1")
	first := avatarPattern.FindString(ada.get(general).want(200).body)
	got := ada.get(first).want(200)
	if img, err := jpeg.Decode(strings.NewReader(got.body)); err != nil ||
		img.Bounds() != image.Rect(0, 0, avatarSide, avatarSide) {
		t.Error(err)
	}
	for header, want := range map[string]string{"Content-Type": "image/jpeg", "Cache-Control": "private, no-cache",
		"Content-Security-Policy": filePolicy, "X-Content-Type-Options": "nosniff"} {
		if got.Header.Get(header) != want {
			t.Errorf("%s: %q, want %q", header, got.Header.Get(header), want)
		}
	}
	bob.get("/me/profile").want(200, first, "Remove picture")

	send("me.png", portrait(color.Black)).to("/me/profile?saved=1")
	second := avatarPattern.FindString(ada.get(general).want(200).body)
	if second == first {
		t.Error("another picture has the same address")
	}
	ada.get(first).want(404)
	ada.get(second).want(200)
	if id := first[strings.LastIndex(first, "/")+1:]; len(id) > 0 {
		if f, err := s.Files.Open(id); err == nil {
			_ = f.Close()
			t.Error("the picture of before is still there")
		}
	}

	for _, wrong := range []struct {
		name, content string
		status        int
	}{
		{"a.txt", "words", 415}, {"a.png", "words", 415}, {"a.png", "", 422}, {"a.png", portrait(color.White)[:100], 422},
		{"a.svg", "<svg/>", 415},
	} {
		send(wrong.name, wrong.content).want(wrong.status, `id="file-help" role="alert"`)
	}
	bob.post("/me/avatar", nil).want(422, "Choose a picture first")
	ada.get(second).want(200) // is what it was

	guest := s.newClient()
	ch, err := s.Chat.Channels.Create(t.Context(), ada.actor(), "Quiet room", "private")
	if err != nil {
		t.Fatal(err)
	}
	guest.post(ada.invite("guest", ch.Slug), url.Values{"name": {"Hal"}}).want(http.StatusSeeOther)
	none := guest.get("/u/1/avatar/1").want(404)
	if a := guest.get(second).want(404); a.body != none.body {
		t.Error("a picture that is not to be seen looks different from none")
	}
	s.newClient().get(second).want(http.StatusSeeOther)

	bob.post("/me/avatar/remove", nil).to("/me/profile?saved=1")
	bob.post("/me/avatar/remove", nil).to("/me/profile?saved=1")
	ada.get(second).want(404)
	ada.get(general).want(200).wantNot("/avatar/")
}
