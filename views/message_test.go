package views

import (
	"context"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
	"chitchat/chat/costtest"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

var (
	ada  = chat.User{ID: 7001, Name: "Ada"}
	noon = time.Date(2026, 11, 20, 12, 0, 30, 0, time.UTC)
)

func message(seq int64, body string) chat.Message {
	return chat.Message{ChannelID: 99, ChannelSlug: "general", Seq: seq, Rev: seq + 3, Author: ada, Body: body,
		CreatedAt: noon}
}

func render(t testing.TB, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// parse returns the elements of a fragment, in order.
func parse(t testing.TB, s string) []*html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func class(nodes []*html.Node, name string) *html.Node {
	for _, n := range nodes {
		if strings.Contains(" "+attr(n, "class")+" ", " "+name+" ") {
			return n
		}
	}
	return nil
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		} else if d.Data == "br" {
			b.WriteString("\n")
		}
	}
	return b.String()
}

func TestRowIsWhatScriptsRelyOn(t *testing.T) {
	m := message(5, "hi")
	m.Continued = true
	row := parse(t, render(t, Row(m)))[3] // after html, head, body
	for key, want := range map[string]string{
		"id": "m-2r-5", "class": "message continued", "data-seq": "5", "data-rev": "8", "data-author": ada.ID.String(),
	} {
		if got := attr(row, key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	m.DeletedAt, m.Body = noon, ""
	deleted := render(t, Row(m))
	if !strings.Contains(deleted, `class="message continued deleted"`) || strings.Contains(deleted, `class="own"`) {
		t.Error("tombstone:", deleted)
	}
}

// Whatever users enter, in any field, is rendered as text: it creates no element and no attribute.
func TestRowEscapesEveryField(t *testing.T) {
	for _, evil := range []string{
		`<script>alert(1)</script>`,
		`<img src=x onerror=alert(1)>`,
		`"><b hx-get="/x" data-hx-get="/x">`,
		`' hx-on:click='alert(1)`,
		`<hx-partial hx-target="body">x</hx-partial></template></article>`,
		`&lt;b&gt; &amp;amp; &#60;`,
		"https://a.b/\"onmouseover=\"alert(1) http://x.y/<b>",
		"\u202eevil\u2066",
	} {
		m := message(1, evil)
		m.Author.Name = evil
		m.Author.Avatar, m.Author.Status = 6, chat.Status{Emoji: evil, Text: evil}
		m.EditedAt = noon
		m.Attachments = []chat.Attachment{
			{ID: 1, Name: evil, Type: evil, Size: 5},
			{ID: 2, Name: evil, Type: evil, Size: 5, Width: 10, Height: 10},
		}
		nodes := parse(t, render(t, Row(m)))
		if got := strings.TrimSuffix(text(class(nodes, "body")), " (edited)"); got != evil {
			t.Errorf("the body %q came out as %q", evil, got)
		}
		for _, n := range nodes {
			switch n.Data {
			case "html", "head", "body", "article", "span", "header", "i", "b", "a", "time", "p", "small", "div", "img",
				"svg", "use":
			default:
				t.Errorf("%q made an element %s", evil, n.Data)
			}
			if n.Data == "b" && text(n) != evil {
				t.Errorf("the name %q came out as %q", evil, text(n))
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Key, "hx-") {
					t.Errorf("%q made an attribute %s", evil, a.Key)
				}
			}
		}
	}
}

func TestBodyIsKeptExactly(t *testing.T) {
	for _, body := range []string{"a\nb\n\n  c\t d ", "\n\nfirst lines empty", " ", "x\n"} {
		if got := text(class(parse(t, render(t, Row(message(1, body)))), "body")); got != body {
			t.Errorf("%q came out as %q", body, got)
		}
		form := render(t, EditFragment(message(1, body), EditForm{Body: body}))
		for _, n := range parse(t, form) {
			if n.Data == "textarea" && text(n) != body {
				t.Errorf("to be edited, %q came out as %q", body, text(n))
			}
		}
	}
}

func TestLinks(t *testing.T) {
	for _, c := range []struct{ body, links string }{
		{"see https://example.org.", "https://example.org"},
		{"(https://example.org/a)", "https://example.org/a"},
		{"https://example.org/a_(b)!", "https://example.org/a_(b)"},
		{"https://example.org/?q=1&x=<2>", "https://example.org/?q=1&x="},
		{"http://127.0.0.1:8080/c/x/5, and http://localhost/", "http://127.0.0.1:8080/c/x/5 http://localhost/"},
		{"HTTPS://EXAMPLE.ORG/X", "HTTPS://EXAMPLE.ORG/X"},
		{"https://例え.jp/パス。", "https://例え.jp/パス"},
		{"mailto:ada@example.org", "mailto:ada@example.org"},
		{"ada@example.org example.org", "mailto:ada@example.org"},
		{"javascript:alert(1) data:text/html,x vbscript:x ftp://a.b file:///etc", ""},
		{"javascript://example.org/%0aalert(1)", ""},
		{"no links: here", ""},
		{"https://a.example/\u202egpj.exe", "https://a.example/"},
		{"https://\u2066a.example and https://b.example\u200f/x", "https://b.example"},
		{"https://a.example/مرحبا", "https://a.example/مرحبا"},
	} {
		var got []string
		for _, n := range parse(t, render(t, body(chat.Message{Body: c.body}))) {
			if n.Data != "a" {
				continue
			}
			got = append(got, attr(n, "href"))
			rel, target := "nofollow noreferrer noopener", "_blank"
			if strings.Contains(c.links, "mailto:") { // opens the mail program
				rel, target = "", ""
			}
			if attr(n, "rel") != rel || attr(n, "target") != target ||
				text(n) != attr(n, "href") && "mailto:"+text(n) != attr(n, "href") {
				t.Errorf("%q: a link with %v", c.body, n.Attr)
			}
		}
		if strings.Join(got, " ") != c.links {
			t.Errorf("%q: links %q, want %q", c.body, got, c.links)
		}
	}
}

// A URL that begins with www. becomes a link; and however many URLs a message has, only a few become links.
func TestLinksOfARow(t *testing.T) {
	if got := render(t, body(chat.Message{Body: "see www.example.org/x."})); !strings.Contains(got,
		`<a href="https://www.example.org/x" `) || !strings.Contains(got, `>www.example.org/x</a>.`) {
		t.Error(got)
	}
	body := strings.Repeat("http://a ", chat.MaxBodyLen/9)
	nodes := parse(t, render(t, Row(message(1, body))))
	n := 0
	for _, node := range nodes {
		if strings.HasPrefix(attr(node, "href"), "http://a") {
			n++
		}
	}
	if n != chat.MaxLinks || text(class(nodes, "body")) != body {
		t.Errorf("%d links", n)
	}
}

// No text costs much more than its length, for its author and its readers.
func TestNoRowCostsMoreThanItsLength(t *testing.T) {
	var b []byte
	draw := func(body string) func() {
		m := message(1, body)
		return func() {
			for range 5 {
				b = AppendRow(b[:0], m)
			}
		}
	}
	fill := func(unit string) string {
		runes := []rune(strings.Repeat(unit, chat.MaxBodyLen/len([]rune(unit))+1))
		return string(runes[:chat.MaxBodyLen])
	}
	for what, body := range map[string]string{
		"links": fill("http://a "), "www": fill("www.a.b "), "brackets": "http://a/" + fill("(")[9:],
		"no host": "http://" + fill("(")[7:],
		"schemes": fill("http://"), "quotes": "http://a?" + fill("\"")[9:], "dots": "http://a" + fill(".")[8:],
		"at": fill("@"), "colons": fill(":"),
		"letters that swell": fill("\ufdfa"), "marks": fill("\u0301"), "letters with marks": fill("a\u0316"),
		"emoji":        fill("😀"),
		"joined emoji": fill("👩\u200d"), "flags": fill("🇩"), "invisible": fill("\u200b"), "turns": fill("\u202e"),
	} {
		plain := strings.Repeat("plain ", len(body)/6+1)[:len(body)]
		if ratio := costtest.Ratio(t, 5, draw(body), draw(plain)); ratio > 5 {
			t.Errorf("%s cost %.1f times what plain words cost", what, ratio)
		}
	}
}

func TestEmojiAreLarger(t *testing.T) {
	for body, want := range map[string]bool{"🎉🎉 🚀\n": true, "ok 👍": false, "1️⃣": true, "☎": false} {
		if got := strings.Contains(render(t, Row(message(1, body))), `class="body big"`); got != want {
			t.Errorf("%q: %v", body, got)
		}
	}
}

// A row repeats nothing that the page can have once: what it weighs is what all pages, sockets and caches carry.
func TestRowsAreLight(t *testing.T) {
	m := message(123456, strings.Repeat("a", 100))
	m.ChannelID, m.ChannelSlug, m.Rev = 1<<63-1, "general-talk", 123456 // ids of 13 letters
	m.Author = chat.User{ID: 1<<63 - 2, Name: "Bartholomeus"}
	full := len(AppendRow(nil, m))
	m.Continued = true
	continued := len(AppendRow(nil, m))
	t.Logf("a row of 100 characters has %d bytes, a continued one %d", full, continued)
	if full > 600 || continued > 400 {
		t.Error("at most 600 and 400 were promised")
	}
}
