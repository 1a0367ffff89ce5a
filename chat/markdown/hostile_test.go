package markdown

import (
	"bytes"
	"strings"
	"testing"

	"chitchat/chat/hostiletest"
)

// TestHostileTexts tests that no payload makes anything but formatted text: alone, around a span, and in constructs
// that Markdown has. What the renderer writes is held to it before the sanitizer too, but for addresses and titles,
// which only the sanitizer judges.
func TestHostileTexts(t *testing.T) {
	for _, payload := range hostiletest.Payloads() {
		indented := strings.ReplaceAll(payload, "\n", "\n  ")
		for _, src := range []string{payload, "- " + indented, "*" + payload + "*", "`" + payload + "`",
			"```" + payload + "\n```", "[" + payload + "](/c)", "<" + payload + ">"} {
			span := Span{End: min(3, len(src)), Href: `/u/1"onclick="pwn(1)`, Class: "mention"}
			if strings.Contains(src[:span.End], "\n") {
				span.End = 0
			}
			for _, spans := range [][]Span{nil, {span}, {{End: span.End, Href: "javascript:pwn(1)", Class: `x" id="y`}}} {
				html, _ := Render(src, spans)
				for _, fault := range hostiletest.TextFaults(html) {
					t.Errorf("%q with %d spans makes %s\n%s", src, len(spans), fault, html)
				}
			}
			doc, ok := parse([]byte(src), nil)
			if !ok {
				continue
			}
			var raw bytes.Buffer
			if err := renderer.Render(&raw, []byte(src), doc); err != nil {
				t.Fatal(err)
			}
			for _, fault := range hostiletest.TextFaults(raw.String()) {
				if strings.HasPrefix(fault, "a href=") || strings.HasPrefix(fault, "a title=") {
					continue
				}
				t.Errorf("%q makes %s before the sanitizer\n%s", src, fault, raw.String())
			}
		}
	}
}
