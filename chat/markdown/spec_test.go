package markdown_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"chitchat/chat"
	"chitchat/chat/markdown"
)

// modulePath returns a path in the module of goldmark, which has the examples of the specifications for its own tests.
func modulePath(t *testing.T, elements ...string) string {
	t.Helper()
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(append([]string{strings.TrimSpace(string(dir))}, elements...)...)
}

// different lists the examples of CommonMark that come out otherwise, by the reason. What differs everywhere is in
// expected.
var different = map[string][]int{
	"it defines an address that nothing refers to: shown, not lost": {
		207, 208, 210, 317, 536, 537, 538, 545, 563, 592,
	},
	"a link to nowhere is its text": {
		200, 485, 486, 487, 567,
	},
	"only those of hosts, mail, channels, messages and users here are addresses": {
		194, 195, 203, 204, 346, 484, 492, 495, 496, 498, 499, 500, 501, 502, 503, 504, 520, 522, 573, 576, 577, 578, 579,
		580, 596, 598, 599, 601,
	},
	"the scheme is written small": {
		597,
	},
	"a link holds no other, and no image": {
		517, 531,
	},
	"a picture without a description shows its address": {
		581,
	},
	"the class of a language has letters, digits, _, +, #, . and -": {
		144,
	},
	"addresses are links without < and > too, by GFM": {602, 608, 611, 612},
	"HTML is shown as it was typed": {
		21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167,
		168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188,
		189, 190, 191, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 613, 614, 615, 616, 617, 623, 625, 626,
		627, 628, 629, 630, 631, 642, 643,
	},
}

// Of the paths in the examples, those that begin with a slash are made ones of channels, since others are no links.
var (
	hereInText = regexp.MustCompile(`(\(\s*<?|:\s*<?)/(\w|φ)`)
	hereInHTML = regexp.MustCompile(`((?:href|src)=")/`)
)

// TestCommonMark runs the examples of the specification.
func TestCommonMark(t *testing.T) {
	text, err := os.ReadFile(modulePath(t, "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Markdown, HTML string
		Example        int
	}
	if err := json.Unmarshal(text, &examples); err != nil {
		t.Fatal(err)
	}
	reasons := make(map[int]string)
	for reason, numbers := range different {
		for _, n := range numbers {
			reasons[n] = reason
		}
	}
	if len(examples) < 600 {
		t.Errorf("only %d examples", len(examples))
	}
	for _, e := range examples {
		src, html := hereInText.ReplaceAllString(e.Markdown, "$1/c/$2"), hereInText.ReplaceAllString(e.HTML, "$1/c/$2")
		got, want := shown(src), expected(hereInHTML.ReplaceAllString(html, "$1/c/"))
		switch reason := reasons[e.Example]; {
		case got != want && reason == "":
			t.Errorf("example %d: %q\ngot  %s\nwant %s", e.Example, e.Markdown, got, want)
		case got == want && reason != "":
			t.Errorf("example %d is the same, and not different because: %s", e.Example, reason)
		}
	}
}

// shown returns the HTML of a text as pages show it, without what is only ours: see canonical.
func shown(src string) string {
	var spans []markdown.Span
	for l := range chat.Links(src) {
		spans = append(spans, markdown.Span{Start: l.Start, End: l.End, Href: l.Scheme + src[l.Start:l.End]})
	}
	out, blocks := markdown.Render(src, spans)
	if out == "" { // plain: a second paragraph makes it worth formatting
		const second = "<p>\u00a0</p>"
		return strings.TrimSuffix(shown(src+"\n\n&nbsp;"), second)
	}
	if !blocks && strings.TrimSpace(out) != "" {
		out = "<p>" + out + "</p>"
	}
	return canonical(out)
}

// What a message shows otherwise than the specification: a heading is a bold line, an image a link with its
// description, a line break a break; titles of links are left out.
var rewrites = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`<h[1-6]>`), "<p><strong>"},
	{regexp.MustCompile(`</h[1-6]>`), "</strong></p>"},
	{regexp.MustCompile(`<(img) src="([^"]*)" alt="([^"]*)"[^>]*>`), `<a href="$2">$3</a>`},
	{regexp.MustCompile(`(<a[^>]*) title="[^"]*"`), "$1"},
}

func expected(spec string) string {
	for _, r := range rewrites {
		spec = r.from.ReplaceAllString(spec, r.to)
	}
	return canonical(spec)
}

// atBlock reports whether a line break beside a node is none of the text.
func atBlock(n *html.Node) bool {
	return n == nil || n.Type == html.ElementNode && !slices.Contains([]string{"a", "em", "strong", "code", "del"}, n.Data)
}

// canonical writes HTML in one way: without line breaks between elements, without the element around code, with line
// breaks in a paragraph as <br>.
func canonical(text string) string {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	var write func(n *html.Node, pre bool)
	write = func(n *html.Node, pre bool) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Type {
			case html.TextNode:
				data := c.Data
				if !pre {
					data = regexp.MustCompile(`[ \n]*\n[ \n]*`).ReplaceAllString(data, "\n")
				}
				if !pre && strings.TrimSpace(data) == "" && strings.Contains(data, "\n") &&
					(atBlock(c.PrevSibling) || atBlock(c.NextSibling)) {
					continue
				}
				if !pre {
					if atBlock(c.PrevSibling) {
						data = strings.TrimLeft(data, "\n")
					}
					if atBlock(c.NextSibling) {
						data = strings.TrimRight(data, "\n")
					}
					data = strings.ReplaceAll(data, "\n", "\x00")
				}
				b.WriteString(strings.ReplaceAll(html.EscapeString(data), "\x00", "<br>"))
			case html.ElementNode:
				attrs := ""
				for _, a := range c.Attr {
					if slices.Contains([]string{"href", "class", "start", "checked", "disabled", "align"}, a.Key) {
						attrs += " " + a.Key + "=" + a.Val
					}
				}
				ours := c.Data == "div" || c.Data == "html" || c.Data == "head" || c.Data == "body" ||
					c.Data == "span" && n.Data == "div" || c.Data == "span" && pre
				if c.Data == "span" && n.Data == "div" {
					continue
				}
				if !ours {
					b.WriteString("<" + c.Data + attrs + ">")
				}
				write(c, pre || c.Data == "pre")
				if !ours && c.Data != "br" && c.Data != "hr" {
					b.WriteString("</" + c.Data + ">")
				}
			}
		}
	}
	write(root, false)
	return b.String()
}

// differentGFM is different, for the examples of GFM's extensions, by file.
var differentGFM = map[string]map[string][]int{
	"table":         {"only those of hosts, mail, channels, messages and users here are addresses": {14}},
	"strikethrough": {"the class of a language has letters, digits, _, +, #, . and -": {5}},
	"linkify": {
		"an address that begins with www. is one of https":            {1, 2, 3, 6},
		"it ends at the closing bracket of what was opened before it": {4},
		"an & is a part of it": {5, 20},
		"nobody reads ftp":     {7},
		"it ends before < and >, which stand around it in other programs": {13},
		"~ is a part of it": {19},
	},
}

// TestGFM runs the examples of GFM's tables, strikethrough, task lists and autolinks, and those that goldmark adds.
func TestGFM(t *testing.T) {
	const from, answer, end = "\n//- - - - - - - - -//\n", "\n//- - - - - - - - -//\n", "\n//= = ="
	for _, file := range []string{"table", "strikethrough", "tasklist", "linkify"} {
		text, err := os.ReadFile(modulePath(t, "extension", "_test", file+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		reasons := make(map[int]string)
		for reason, numbers := range differentGFM[file] {
			for _, n := range numbers {
				reasons[n] = reason
			}
		}
		n := 0
		for rest := string(text); ; n++ {
			_, after, found := strings.Cut(rest, from)
			if !found {
				break
			}
			src, after, _ := strings.Cut(after, answer)
			src = strings.ReplaceAll(src, `\t`, "\t")
			var want string
			want, rest, _ = strings.Cut(after, end)
			got, want := shown(src), expected(want)
			switch reason := reasons[n+1]; {
			case got != want && reason == "":
				t.Errorf("%s, example %d: %q\ngot  %s\nwant %s", file, n+1, src, got, want)
			case got == want && reason != "":
				t.Errorf("%s, example %d is the same, and not different because: %s", file, n+1, reason)
			}
		}
		if n < 4 {
			t.Errorf("%s has only %d examples", file, n)
		}
	}
}
