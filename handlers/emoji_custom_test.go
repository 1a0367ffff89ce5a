package handlers

import (
	"bytes"
	"html"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"chitchat/chat"
)

// sendEmoji sends the form that adds an emoji.
func (p *testClient) sendEmoji(name, file, content string) response {
	p.t.Helper()
	return p.upload("/admin/emoji", nil, part{name: "name", content: name},
		part{name: "file", file: file, content: content})
}

// addEmoji adds an emoji and returns its ID.
func (p *testClient) addEmoji(name string) chat.ID {
	p.t.Helper()
	p.sendEmoji(name, "a.png", drawing).to("/admin/emoji?added=" + name)
	e, ok := p.Chat.Messages.CustomEmojiNamed(":" + name + ":")
	if !ok {
		p.t.Fatalf(":%s: is not there", name)
	}
	return e.ID
}

// An admin adds an emoji; everyone uses it in texts and as a reaction, and finds it; then it is removed.
func TestCustomEmoji(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	boss, bob := s.own("Boss", "open"), s.signedIn("Bob")
	page := bob.dial(subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()})
	src := `src="/emoji/` + boss.addEmoji("party-parrot").String() + `"`
	img := `<img class="emoji" ` + src + ` alt=":party-parrot:"`
	list := boss.get("/admin/emoji").want(200, src+` alt="" loading="lazy"> :party-parrot:</th>`, "Boss")
	if !strings.Contains(list.body, `href="/admin/emoji/`) {
		t.Error("it cannot be removed")
	}

	bob.post(general+"/messages", url.Values{"body": {"a :party-parrot: b"}}).want(303)
	bob.post(general+"/1/reactions", url.Values{"emoji": {":party-parrot:"}}, asHTMX...).want(200,
		`value=":party-parrot:" data-reaction=":party-parrot:" data-count="1"`, img+"> 1</button>",
		":party-parrot: 1: Bob reacted")
	if frame := page.until(`data-reaction=":party-parrot:"`); !strings.Contains(frame, img) {
		t.Errorf("pages were told %s", frame)
	}
	if list := bob.completions("general-talk", "emoji", "par"); len(list) == 0 || list[0] != ":party-parrot: " {
		t.Errorf("completions are %q", list)
	}
	bob.get("/complete?kind=emoji&channel=general-talk&q=par").
		want(200, `<img class="emoji" `+src+` alt="" loading="lazy">`)
	const picker = "/emoji?for=" + general + "/1"
	choice := `<button name="emoji" value=":party-parrot:" aria-label="party-parrot" title=":party-parrot:">`
	for _, path := range []string{picker, picker + "&group=8", picker + "&q=parr"} { // recent, its group, found
		bob.get(path).want(200, choice, src)
	}
	boss.get(picker+"&group=0").want(200, `aria-label="Custom"`)

	picture := strings.Split(src, `"`)[1]
	a := bob.get(picture).want(200)
	if small, err := png.DecodeConfig(strings.NewReader(a.body)); err != nil || small.Width > emojiSide ||
		a.Header.Get("Content-Type") != "image/png" || a.Header.Get("Content-Security-Policy") != filePolicy ||
		a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Cache-Control") != "private, max-age=86400" {
		t.Error(small, err, a.Header)
	}
	bob.get(picture, "If-None-Match", a.Header.Get("ETag")).want(http.StatusNotModified)
	s.newClient().get(picture).want(http.StatusSeeOther)

	remove := regexp.MustCompile(`/admin/emoji/\w+/remove`).FindString(list.body)
	bob.get(remove).want(404)
	bob.post(remove, nil).want(404)
	boss.get(remove).want(200, "Remove", ":party-parrot: for everyone?")
	boss.post(remove, nil).to("/admin/emoji?removed=party-parrot")
	boss.get("/admin/emoji?removed=party-parrot").want(200, ":party-parrot: is removed", "There are none yet.")
	bob.get(picture).want(404)
	id, err := chat.ParseID(strings.TrimPrefix(picture, "/emoji/"))
	if err != nil {
		t.Fatal(err)
	}
	if f, err := s.Files.Open(id.String()); err == nil {
		t.Error("its file is still there", f.Close())
	}
	row := bob.get(general).want(200).body
	if !strings.Contains(row, `data-reaction=":party-parrot:"`) || !strings.Contains(row, `">:party-parrot: 1</button>`) {
		t.Error("the reaction does not show its name")
	}
	row = bob.post(general+"/1/reactions", url.Values{"toggle": {":party-parrot:"}}, asHTMX...).want(200, img).body
	if strings.Contains(row, "data-reaction") {
		t.Error("the reaction cannot be taken back")
	}
	boss.post(general+"/1/reactions", url.Values{"toggle": {":party-parrot:"}}).want(422, "no custom emoji of that name")
	if page := bob.get(picker).body; strings.Contains(page, "party-parrot") || strings.Contains(page, "Custom") {
		t.Error("it is still offered")
	}
}

// A refused form says why beside the field, keeps the name, and leaves no file.
func TestRefusedEmoji(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	boss, bob := s.own("Boss", "open"), s.signedIn("Bob")
	boss.addEmoji("taken")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	const limit = 256 << 10
	small := b.String()
	exact := small + strings.Repeat("\x00", limit-len(small)) // what comes after a picture's end is not kept
	for what, c := range map[string]struct {
		name, file, content, field, words string
		status                            int
	}{
		"a byte more than fits": {"zeppelin", "a.png", exact + "x", "file", "It is larger than 256 kB", 413},
		"far more":              {"zeppelin", "a.png", strings.Repeat(exact, 9), "file", "It is larger than 256 kB", 413},
		"a text":                {"zeppelin", "a.txt", "words", "file", "It is no picture.", 415},
		"a text named so":       {"zeppelin", "a.png", "words", "file", "", 415},
		"a drawing":             {"zeppelin", "a.svg", `<svg onload="pwn(1)"/>`, "file", "", 415},
		"no picture":            {"zeppelin", "", "", "file", "Choose a picture first.", 422},
		"no name":               {"", "a.png", small, "name", "Please choose a name of 2 to 32 letters", 422},
		"a hostile name":        {`"><b hx-get=/x>`, "a.png", small, "name", "Please choose a name", 422},
		"a name with a space":   {"zeppelin two", "a.png", small, "name", "Please choose a name", 422},
		"a name of Unicode's":   {"Tada", "a.png", small, "name", ":tada: is the name of 🎉.", 422},
		"a name that is taken":  {":Taken:", "a.png", small, "name", "There is a custom emoji of this name already", 422},
	} {
		a := boss.sendEmoji(c.name, c.file, c.content)
		if a.StatusCode != c.status || !strings.Contains(a.body, c.words) ||
			!strings.Contains(a.body, `<p class="error" id="`+c.field+`-help"`) ||
			!strings.Contains(a.body, ` value="`+html.EscapeString(c.name)+`"`) {
			t.Errorf("%s: %d\n%s", what, a.StatusCode, a.excerpt())
		}
	}
	bob.sendEmoji("zeppelin", "a.png", small).want(404)
	if n := len(s.Chat.Messages.CustomEmoji()); n != 1 {
		t.Errorf("there are %d emoji", n)
	}
	boss.sendEmoji("zeppelin", "a.png", exact).to("/admin/emoji?added=zeppelin")
}
