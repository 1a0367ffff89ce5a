package markdown

import (
	"strings"
	"testing"
)

// A link leads to another host, where it bears rel and target whatever browsers make of its address, or to a channel, a
// message or a user. All else is shown as it was typed.
func TestWhereLinksLead(t *testing.T) {
	const out = ` rel="nofollow noreferrer noopener" target="_blank">`
	for src, want := range map[string]string{
		"[a](https://x.org/y?z#f)": `<a href="https://x.org/y?z#f"` + out + `a</a>`,
		"[a](HTTP://x.org)":        `<a href="http://x.org"` + out + `a</a>`,
		`[a](https://x.org/?a\\b)`: `<a href="https://x.org/?a%5Cb"` + out + `a</a>`,
		"[a](mailto:b@c.org)":      `<a href="mailto:b@c.org">a</a>`,
		"[*a*](/c/general)":        `<a href="/c/general"><em>a</em></a>`,
		"[a](/c/general/12#x)":     `<a href="/c/general/12#x">a</a>`,
		"[a](/u/1f)":               `<a href="/u/1f">a</a>`,
		"![a](https://x.org/p)":    `<a href="https://x.org/p"` + out + `a</a>`,
		"[](https://x.org)":        `<a href="https://x.org"` + out + `https://x.org</a>`,
		"[ ](https://x.org?a&b)":   `<a href="https://x.org?a&amp;b"` + out + ` https://x.org?a&amp;b</a>`,
		"<https://x.org>":          `<a href="https://x.org"` + out + `https://x.org</a>`,
		"<http:///x.org>":          `http:///x.org`,
		"<https:x.org>":            `https:x.org`,

		"[[*a*](/x)](https://x.org)":                   `<a href="https://x.org"` + out + `[<em>a</em>](/x)</a>`,
		"[a][b] *c*\n\n[b]: https://x.org":             `<a href="https://x.org"` + out + `a</a> <em>c</em>`,
		"x[^1] *y*\n\n[^1]: note":                      "<p>x[^1] <em>y</em></p>\n<p>[^1]: note</p>",
		"[a] [b]\n\n[a]: https://x.org\n[b]: /signout": "",
		"[x](https:x.org\n) *b*":                       "[x](https:x.org\n) <em>b</em>",
		"> [x](https:x.org\n> 'y') *b*": "<blockquote>\n<p>[x](https:x.org\n&#39;y&#39;)" +
			" <em>b</em></p>\n</blockquote>",
		"[*a*](/signout 't<b>') ![b **c**](javascript:x\\))": "[<em>a</em>](/signout &#39;t&lt;b&gt;&#39;)" +
			" ![b <strong>c</strong>](javascript:x\\))",
	} {
		got, _ := Render(src, nil)
		if got != want && want != "" || want == "" && strings.Contains(got, "<a") {
			t.Errorf("%q\ngot  %s\nwant %s", src, got, want)
		}
	}
	for _, bad := range []string{"https:x.org", "http:///x.org", "http:/x.org", "https:", "https://", "https://?x",
		"//x.org",
		`/\\x.org`, `\\\\x.org`, "/signout", "1/delete", "/c/", "/c/general/1/delete", "/c/general/x", "/c/a/../../signout",
		"/c/../signout", "/c/..", "/c/%2e%2e/1", "/u/%2E.", "/u/..", "/u/1/x", "/me/1.css", "?x", "#f", "c/general", ".", "/",

		"javascript:x", "JAVASCRIPT:x", "data:x", "ftp://x.org", "mailto:", "mailto:x", "mailto:@x", "https://@", "/f/1/x",
		"/c\\\\..\\\\signout", "/c/.%09./signout", "https&#58;x.org", "http://a b"} {
		for _, mark := range []string{"", "!"} {
			src := mark + "[a](<" + bad + ">) *b*"
			if got, _ := Render(src, nil); strings.Contains(got, "<a") || !strings.HasPrefix(got, mark+"[a](") {
				t.Errorf("%q is %s", src, got)
			}
		}
	}
	for _, bad := range []string{"https:x.org", "http:///x.org", "//x.org", "/signout", "1/delete", "/c/../signout/1"} {
		if got := policy.Sanitize(`<a href="` + bad + `">x</a>`); got != "x" {
			t.Errorf("the sanitizer leaves %s", got)
		}
	}
}
