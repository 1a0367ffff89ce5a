package chat

import (
	"fmt"
	"strings"
	"testing"

	"chitchat/chat/costtest"
)

// A name between colons is the picture, wherever the text is not code, and only if there is one of that name.
func TestCustomEmojiInTexts(t *testing.T) {
	c := mustOpen(t, Options{})
	boss := mustOwn(t, c, "Olga")
	p := mustEmoji(t, c, boss, "party")
	digits := mustEmoji(t, c, boss, "30")
	img := picture(p, ":party:")
	for body, want := range map[string]string{
		"hello :party:!":                     "hello " + img + "!",
		":party::party:":                     img + img,
		"語:party:語":                          "語" + img + "語",
		"Yes :Party:":                        "Yes " + picture(p, ":Party:"),
		"**:party:**":                        "<strong>" + img + "</strong>",
		"[:party:](/c/x)":                    `<a href="/c/x">` + img + `</a>`,
		"<b>:party:</b>":                     "&lt;b&gt;" + img + "&lt;/b&gt;",
		"# :party:":                          "<strong>" + img + "</strong>",
		":party:\n:30:":                      img + "<br>" + picture(digits, ":30:"),
		":nobody: :party:":                   ":nobody: " + img,
		":x:party:":                          "",
		"::party:":                           "",
		`\:party:`:                           ":party:",
		"`:party:`":                          "<code>:party:</code>",
		":nobody:":                           "",
		"at 10:30:45":                        "",
		":party:time":                        "",
		":party :party":                      "",
		"http://a.b/:party:":                 "",
		"![:party:](/c/x)":                   `<a href="/c/x">:party:</a>`,
		`<img class="emoji" src="/emoji/a">`: `&lt;img class=&#34;emoji&#34; src=&#34;/emoji/a&#34;&gt;`,
		`:party" onerror="pwn(1):`:           "",
		":<script>:":                         ":&lt;script&gt;:",
	} {
		m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), body)
		must(t, err)
		if m.HTML != want && (want != "" || strings.Contains(m.HTML, "<img")) {
			t.Errorf("%q\ngot  %s\nwant %s", body, m.HTML, want)
		}
	}
	block := "```\n:party:\n```"
	m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), block)
	if err != nil || strings.Contains(m.HTML, "<img") {
		t.Errorf("in code: %s (%v)", m.HTML, err)
	}
	for body, want := range map[string]bool{
		":party:": true, ":party: 🎉": true, strings.Repeat(":party:", 6): true, strings.Repeat(":party:", 7): false,
		":party: x": false, ":nobody:": false, "**:party:**": false, "🎉": true,
	} {
		m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), body)
		if err != nil || m.Big(body) != want {
			t.Errorf("%q is shown larger: %v", body, !want)
		}
	}
}

// A shortcode that is typed in full is its emoji, but for a custom one of that name, and in code.
func TestShortcodes(t *testing.T) {
	codes := map[string]string{"tada": "🎉", "+1": "👍", "party": "🥳", "heart_eyes": "😍"}
	c := mustOpen(t, Options{Shortcode: func(code string) string { return codes[code] }})
	boss := mustOwn(t, c, "Olga")
	party := picture(mustEmoji(t, c, boss, "party"), ":party:")
	for body, want := range map[string]string{
		":tada:":                     "🎉",
		"nice :Tada: :+1::+1:":       "nice 🎉 👍👍",
		"**:heart_eyes:** :party:":   "<strong>😍</strong> " + party,
		"[:tada:](/c/x)":             `<a href="/c/x">🎉</a>`,
		"`:tada:`":                   "<code>:tada:</code>",
		`\:tada:`:                    ":tada:",
		"_:tada:_":                   "<em>🎉</em>",
		"_:tada: x_":                 "<em>🎉 x</em>",
		"__:party:__":                "<strong>" + party + "</strong>",
		"**b** a_:tada: 1__:+1:":     "<strong>b</strong> a_:tada: 1__:+1:",
		":tada 1:+1:2 :++1: a:tada:": "",
	} {
		m, err := c.Messages.Preview(t.Context(), boss, mustAccess(t, c, boss, "general-talk"), body)
		if must(t, err); m.HTML != want {
			t.Errorf("%q\ngot  %s\nwant %s", body, m.HTML, want)
		}
		if big := body == ":tada:"; m.Big(body) != big {
			t.Errorf("%q is shown larger: %v", body, !big)
		}
	}
}

// Posting pays for custom emoji only where a text has colons, and then in proportion to its length.
func TestEmojiCost(t *testing.T) {
	plain := strings.Repeat("a plain text, ", 8000/14)
	idle := new(core) // without goroutines, whose allocations would count
	if n := testing.AllocsPerRun(10, func() { idle.emojiSpans(plain) }); n > 0 {
		t.Errorf("a text without a colon costs %v allocations", n)
	}
	c := mustOpen(t, Options{})
	boss := mustOwn(t, c, "Olga")
	for i := range 300 {
		mustEmoji(t, c, boss, fmt.Sprint("emoji-", i))
	}
	spans := func(text string) func() {
		return func() {
			for range 200 {
				c.emojiSpans(text)
			}
		}
	}
	words := strings.Repeat("a plain :text, ", 8000/15)
	for _, unit := range []string{":", ":a", "::a", ":emoji", ":" + strings.Repeat("a", 31), ":EMOJI-999:",
		" :emoji-1:x"} {
		worst := strings.Repeat(unit, 8000/len(unit))
		if ratio := costtest.Ratio(t, 60, spans(worst), spans(words)); ratio > 60 {
			t.Errorf("%q costs %.0f times as much as words", unit, ratio)
		}
	}
	if n := len(c.emojiSpans(strings.Repeat(":emoji-1: ", 800))); n != maxEmojiInText {
		t.Errorf("a text has %d pictures", n)
	}
}
