package views

import (
	"net/url"
	"strings"
	"testing"

	"chitchat/chat"
	"chitchat/chat/hostiletest"
)

func TestLinkPreviewsInTheRow(t *testing.T) {
	m := message(5, "https://example.org/")
	m.LinkPreviews = []chat.LinkPreview{
		{URL: "https://example.org/?a&b", Href: "https://example.org/?a&b#c", Number: 10, Title: "<Title>",
			Description: "words", Site: "Example", Picture: 36},
		{URL: "https://example.org/2", Title: "Second"},
	}
	row := string(AppendRow(nil, m))
	for _, want := range []string{
		`<a href="https://example.org/?a&amp;b#c" rel="nofollow noreferrer noopener" target="_blank">&lt;Title&gt;</a> ` +
			`<p>words</p>`,
		`/5/link-previews/10" width="72" height="72" alt="" loading="lazy">`, `/5/link-previews/remove"`,
		`<button class="own" name="url" value="https://example.org/?a&amp;b"`, `>Second</a>`,
		`<small dir="ltr">example.org</small> <small class="site">Example</small>`,
	} {
		if !strings.Contains(row, want) {
			t.Errorf("%s\nhas not %s", row, want)
		}
	}
	if strings.Contains(row, "hx-") || strings.Count(row, "<img") != 1 {
		t.Error(row)
	}
}

// A page chooses its name, and cannot pass for another site: the host of the link comes first.
func TestHostsOfLinkPreviews(t *testing.T) {
	for _, c := range []struct{ url, site, want string }{
		{"https://evil.example/", "accounts.google.com",
			`<small dir="ltr">evil.example</small> <small class="site">accounts.google.com</small>`},
		{"https://xn--pypal-4ve.example/", "paypal.example",
			`<small dir="ltr">xn--pypal-4ve.example</small> <small class="site">paypal.example</small>`},
		{"https://www.example.org:443/", "Example.org", `<small dir="ltr">www.example.org</small> <a`},
		{"https://example.org/", "", `<small dir="ltr">example.org</small> <a`},
	} {
		m := message(5, "words")
		m.LinkPreviews = []chat.LinkPreview{{URL: c.url, Href: c.url, Title: "T", Site: c.site}}
		if row := string(AppendRow(nil, m)); !strings.Contains(row, c.want) {
			t.Errorf("%s\nhas not %s", row, c.want)
		}
	}
}

// Whatever a page says of itself, a row shows it as text.
func TestHostileLinkPreviews(t *testing.T) {
	for _, text := range hostiletest.Payloads() {
		m := message(5, "words")
		m.LinkPreviews = []chat.LinkPreview{{URL: "https://example.org/?" + url.QueryEscape(text),
			Href:  "https://example.org/#" + url.QueryEscape(text),
			Title: text, Description: text, Site: text, Picture: 36}}
		for _, fault := range hostiletest.PageFaults(string(AppendRow(nil, m))) {
			t.Errorf("%q: %s", text, fault)
		}
	}
}
