package views

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"chitchat/chat"
)

// A quote shows the beginning of a text, cut between characters, with its elements closed.
func TestQuoteIsShort(t *testing.T) {
	for text, want := range map[string]string{
		`short &amp; <b>bold</b>`:    `short &amp; <b>bold</b>`,
		"1\n2\n3\n4\n5":              "1\n2\n3\n4\n5",
		"1\n2\n3\n4\n5\n":            "1\n2\n3\n4\n5\n",
		"1\n2\n3\n4\n<b>5\n6</b>\n7": "1\n2\n3\n4\n<b>5…</b>",
		"1<br>2<br>3<br>4<br>5<br>6": "1<br>2<br>3<br>4<br>5…",
		"<p>1</p><ul><li>2</li><li>3</li></ul>\n<p>4</p>\n<p>5</p>\n<p>6 <a href=\"/x\">7</a></p>": "<p>1</p>" +
			"<ul><li>2</li><li>3</li></ul>\n<p>4</p>\n<p>5…</p>",
		"<ul><li>1</li><li>2</li><li>3</li><li>4</li><li><b>5</b></li><li>6</li></ul>": "<ul><li>1</li><li>2</li>" +
			"<li>3</li><li>4</li><li><b>5…</b></li></ul>",
		"<pre><code>1\n2\n3\n4\n5\n6\n</code></pre>": "<pre><code>1\n2\n3\n4\n5…</code></pre>",
		"<p>" + strings.Repeat("é", 401) + "</p>":    "<p>" + strings.Repeat("é", 400) + "…</p>",
		strings.Repeat("&lt;", 500):                  strings.Repeat("&lt;", 400) + "…",
		"":                                           "",
	} {
		got := shorten([]byte(text), quoteLines, quoteLen)
		if string(got) != want {
			t.Errorf("%q became\n%q, want\n%q", text, got, want)
		}
		wantClosed(t, got)
	}
}

// wantClosed fails unless each element of a text is closed, in order.
func wantClosed(t *testing.T, text []byte) {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(string(text)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%v stay open in %s", open, text)
			}
			return
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) != "br" {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> in %v, in %s", name, open, text)
			}
			open = open[:len(open)-1]
		default:
		}
	}
}

// A quote shows where its message is, and no previews, pictures or reactions.
func TestQuoteIsCalm(t *testing.T) {
	m := chat.Message{ChannelID: 9, ChannelSlug: "cats", Seq: 3, Author: chat.User{ID: 5, Name: "Ada <b>"}, Body: "words",
		Attachments: []chat.Attachment{{Name: "a.png"}, {Name: "b.txt"}, {Name: "c.txt"}},
		Reactions:   []chat.Reaction{{Emoji: "👍"}}, LinkPreviews: []chat.LinkPreview{{Title: "Elsewhere"}}}
	got := render(t, Quote(m, chat.Channel{Slug: "cats", Name: "Cats", Kind: chat.Public}))
	for _, want := range []string{`href="/c/cats/3"`, `href="/c/cats"`, "Cats", "Ada &lt;b&gt;", "words", "3 files"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	for _, not := range []string{"👍", "Elsewhere", "a.png", "<img"} {
		if strings.Contains(got, not) {
			t.Errorf("%q is in %s", not, got)
		}
	}
	m.Body, m.Attachments = "", m.Attachments[:1]
	if got := render(t, Quote(m, chat.Channel{Kind: chat.Direct, Slug: "d"})); strings.Contains(got, `class="body`) ||
		!strings.Contains(got, "1 file<") {
		t.Errorf("of a message with one file and no text: %s", got)
	}
}
