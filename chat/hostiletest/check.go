package hostiletest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// elements are those of formatted text, with their attributes.
var elements = map[string][]string{
	"p": nil, "br": nil, "strong": nil, "em": nil, "del": nil, "blockquote": nil, "ul": nil, "li": nil, "hr": nil,
	"table": nil, "thead": nil, "tbody": nil, "tr": nil, "ol": {"start"}, "th": {"align"}, "td": {"align"},
	"pre": {"tabindex"}, "code": {"class"}, "div": {"class"}, "span": {"class"},
	"a":     {"class", "href", "rel", "target"},
	"input": {"type", "aria-label", "checked", "disabled"},
}

// TextFaults returns what is in the HTML of a formatted text and must not be. It is stated apart from the sanitizer.
func TextFaults(text string) (faults []string) {
	each(text, func(n *html.Node) {
		if slices.Contains([]string{"html", "head", "body"}, n.Data) && len(n.Attr) == 0 { // the parser adds them
			return
		}
		known, ok := elements[n.Data]
		if !ok || n.Namespace != "" {
			faults = append(faults, fmt.Sprintf("an element %s", n.Data))
		}
		for _, a := range n.Attr {
			if !slices.Contains(known, a.Key) || a.Key == "href" && !harmless(a.Val, "mailto") {
				faults = append(faults, fmt.Sprintf("%s %s=%q", n.Data, a.Key, a.Val))
			}
		}
	})
	return faults
}

// PageFaults returns what is in a page or a part of one and can only come from a payload: the program's own pages have
// no handlers of events, no styles, and no scripts but those of files.
func PageFaults(page string) (faults []string) {
	tokens(page, func(n html.Token) {
		scripted := n.Data == "script"
		for _, a := range n.Attr {
			name := strings.TrimPrefix(a.Key, "data-")
			switch bad := fmt.Sprintf("%s %s=%q", n.Data, a.Key, a.Val); {
			case n.Data == "script" && a.Key == "src" && strings.HasPrefix(a.Val, "/assets/"):
				scripted = false
			case strings.HasPrefix(a.Key, "on"), strings.HasPrefix(name, "hx-on"), a.Key == "style", a.Key == "srcdoc",
				a.Key == "is", a.Key == "background":
				faults = append(faults, bad)
			case strings.HasPrefix(a.Key, "data-hx-"),
				strings.HasPrefix(a.Key, "hx-") && (strings.HasPrefix(a.Val, "/"+Mark) || strings.Contains(a.Val, call)):
				faults = append(faults, bad)
			case slices.Contains([]string{"href", "src", "action", "formaction", "data", "xlink:href", "poster"}, a.Key) &&
				!harmless(a.Val, "mailto", "blob"):
				faults = append(faults, bad)
			}
		}
		if scripted || slices.Contains([]string{"iframe", "object", "embed", "base", "math", "foreignobject", "animate",
			"set",
			"marquee", "style", "xmp", "plaintext", "applet"}, strings.ToLower(n.Data)) {
			faults = append(faults, "an element "+n.Data)
		}
	})
	return faults
}

// tokens calls f with every tag of a page that begins an element: that is enough to find what no page has, and costs a
// tenth of the tree. What is in a <noscript> comes too, as for a browser without scripts.
func tokens(page string, f func(html.Token)) {
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		if t := z.Token(); t.Type == html.StartTagToken || t.Type == html.SelfClosingTagToken {
			f(t)
		}
	}
}

// each calls f with every element of a document, as a browser with scripts reads it, and as one without does.
func each(text string, f func(*html.Node)) {
	for _, scripts := range []bool{true, false} {
		if !scripts && !strings.Contains(strings.ToLower(text), "<noscript") { // nothing else differs
			return
		}
		doc, err := html.ParseWithOptions(strings.NewReader(text), html.ParseOptionEnableScripting(scripts))
		if err != nil { // a reader of a string never fails
			panic(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode {
				f(n)
			}
		}
	}
}

// harmless reports whether an address is relative, of the web, or of one of some schemes.
func harmless(address string, schemes ...string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "" || slices.Contains(append(schemes, "http", "https"), u.Scheme))
}
