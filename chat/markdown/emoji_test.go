package markdown

import (
	"strings"
	"testing"
)

// Only an own emoji passes the sanitizer as a picture: whatever a span says, and whatever another part of the program
// would write.
func TestPictures(t *testing.T) {
	const good = `<img class="emoji" src="/emoji/3f9" alt=":party:" title=":party:">`
	if got, _ := Render(":party:", []Span{{End: 7, Picture: "/emoji/3f9"}}); got != good {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"https://a.example/emoji/1", "//a.example/emoji/1", "/emoji/1/../../f/2/x", "/f/1/a.png",
		"/emoji/", "/emoji/?for=/c/a/1", "data:image/png;base64,AA", "javascript:pwn(1)", `/emoji/1" onerror="pwn(1)`,
		"/emoji/1\n", "/EMOJI/1", "/emoji/" + strings.Repeat("1", 14)} {
		if got, _ := Render(":party:", []Span{{End: 7, Picture: bad}}); strings.Contains(got, "src") ||
			strings.Contains(got, "onerror") {
			t.Errorf("%q makes %s", bad, got)
		}
	}
	for _, bad := range []string{`<img src="/emoji/1" onerror="pwn(1)">`, `<img src="/emoji/1" srcset="/f/1/x">`,
		`<img class="message" src="/emoji/1">`, `<img src="/emoji/1" style="position:fixed">`,
		`<img src="/emoji/1" alt="anything">`, `<img src="/emoji/1" width="9999">`, `<img src="/emoji/1" hx-get="/x">`} {
		if got := policy.Sanitize(bad); got != `<img src="/emoji/1">` {
			t.Errorf("%s becomes %s", bad, got)
		}
	}
	if got := policy.Sanitize(`<img><img alt="x"><img src="x">`); got != "" {
		t.Errorf("a picture without an address becomes %s", got)
	}
}
