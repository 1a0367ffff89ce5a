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
		{URL: "https://example.org/?a&b", Href: "https://example.org/?a&b#c", Number: 10, Title: "<Title>", Description: "words", Site: "Example", Picture: 36},
		{URL: "https://example.org/2", Title: "Second"},
	}
	row := string(AppendRow(nil, m))
	for _, want := range []string{
		`<a href="https://example.org/?a&amp;b#c" rel="nofollow noreferrer noopener" target="_blank">&lt;Title&gt;</a> ` +
			`<p>words</p>`,
		`/5/link-previews/10" width="72" height="72" alt="" loading="lazy">`, `/5/link-previews/remove"`,
		`<button class="own" name="url" value="https://example.org/?a&amp;b"`, `>Second</a>`,
	} {
		if !strings.Contains(row, want) {
			t.Errorf("%s\nhas not %s", row, want)
		}
	}
	if strings.Contains(row, "hx-") || strings.Count(row, "<img") != 1 {
		t.Error(row)
	}
}

// Whatever a page says of itself, a row shows it as text.
func TestHostileLinkPreviews(t *testing.T) {
	for _, text := range hostiletest.Payloads() {
		m := message(5, "words")
		m.LinkPreviews = []chat.LinkPreview{{URL: "https://example.org/?" + url.QueryEscape(text), Href: "https://example.org/#" + url.QueryEscape(text),
			Title: text, Description: text, Site: text, Picture: 36}}
		for _, fault := range hostiletest.PageFaults(string(AppendRow(nil, m))) {
			t.Errorf("%q: %s", text, fault)
		}
	}
}
