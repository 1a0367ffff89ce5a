package markdown

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// policy is what HTML of people may be made of. It is stated apart from what the renderer writes, so that a fault of
// the parser or the renderer shows a text wrongly, and does not run a script.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "blockquote", "ul", "ol", "li", "hr", "table", "thead", "tbody",
		"tr", "th",
		"td", "pre", "code", "div", "span")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("tabindex").Matching(regexp.MustCompile(`^0$`)).OnElements("pre")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^code$`)).OnElements("div")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[\pL\pN_+#.-]{1,32}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^([a-z]{1,2}|mention)$`)).OnElements("span")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(mention|channel)$`)).OnElements("a")

	p.AllowAttrs("class").Matching(regexp.MustCompile(`^emoji$`)).OnElements("img")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^/emoji/[0-9a-z]{1,13}$`)).OnElements("img")
	p.AllowAttrs("alt", "title").Matching(regexp.MustCompile(`^:[A-Za-z0-9_-]{2,32}:$`)).OnElements("img")

	p.AllowElements("input")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("aria-label").Matching(regexp.MustCompile(`^(To do|Done)$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(regexp.MustCompile(`^$`)).OnElements("input")

	p.AllowAttrs("href").Matching(addressed).OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()

// Sanitize returns HTML that an earlier version of Render has returned as it would be sanitized now: a link that may
// not lead there is its text. HTML without links is returned as it is.
func Sanitize(html string) string {
	if !strings.Contains(html, "<a href=") { // mentions begin otherwise
		return html
	}
	return policy.Sanitize(html)
}
