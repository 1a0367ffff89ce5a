package linkpreview

import (
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// page is what a page says about itself.
type page struct {
	Title, Description, Site string
	Picture                  string // the address of a picture, absolute; "": none
}

// sources of each text, the best first: Open Graph, Twitter's cards, and HTML's own.
var (
	titles       = []string{"og:title", "twitter:title", "title"}
	descriptions = []string{"og:description", "twitter:description", "description"}
	sites        = []string{"og:site_name", "application-name"}
	pictures     = []string{"og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"}
)

// parse reads the head of a page, in the character set of its Content-Type, of its own declaration, or the one that its
// bytes suggest. It stops at the end of the head, and where reading fails: what was read by then counts. The texts are
// single lines, cut to their limits, and still anything that a stranger may have written.
func parse(r io.Reader, contentType string, at *url.URL) (page, error) {
	decoded, err := charset.NewReader(endingReader{r}, contentType)
	if err != nil {
		return page{}, err
	}
	said := head(decoded)
	first := func(keys []string) string {
		for _, key := range keys {
			if said[key] != "" {
				return said[key]
			}
		}
		return ""
	}
	p := page{Title: line(first(titles), MaxTitleLen), Description: line(first(descriptions), MaxDescriptionLen),
		Site: line(first(sites), MaxSiteLen)}
	if p.Site == "" {
		p.Site = strings.TrimPrefix(strings.ToLower(at.Hostname()), "www.")
	}
	if address := strings.TrimSpace(first(pictures)); address != "" && len(address) <= MaxURLLen {
		if u, err := at.Parse(address); err == nil && allowed(u) {
			p.Picture = u.String()
		}
	}
	return p, nil
}

// endingReader ends where its reader fails, such as when the time is up.
type endingReader struct{ io.Reader }

func (r endingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// head returns what a page's head says, by the names of its meta elements. The first of a name counts.
func head(r io.Reader) map[string]string {
	said := make(map[string]string)
	z := html.NewTokenizer(r)
	inTitle := false
	for {
		switch z.Next() {
		case html.ErrorToken: // the end, or what is left is not read
			return said
		case html.TextToken:
			if inTitle {
				add(said, "title", string(z.Text()))
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "head" {
				return said
			}
			inTitle = false
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			inTitle = string(name) == "title"
			switch {
			case string(name) == "body":
				return said
			case string(name) == "meta" && more:
				addMeta(said, z)
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// addMeta adds what a meta element says.
func addMeta(said map[string]string, z *html.Tokenizer) {
	var name, content string
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "property", "name":
			if name == "" {
				name = strings.ToLower(strings.TrimSpace(string(value)))
			}
		case "content":
			content = string(value)
		}
	}
	if name != "title" { // which is the element's
		add(said, name, content)
	}
}

func add(said map[string]string, name, text string) {
	if _, ok := wanted[name]; ok && said[name] == "" && strings.TrimSpace(text) != "" {
		said[name] = text
	}
}

// wanted are the names that are kept: a page may have any number of others.
var wanted = func() map[string]struct{} {
	all := make(map[string]struct{})
	for _, keys := range [][]string{titles, descriptions, sites, pictures} {
		for _, key := range keys {
			all[key] = struct{}{}
		}
	}
	return all
}()

// line returns a text as one line of at most that many characters.
func line(text string, most int) string {
	text = strings.ToValidUTF8(text, "")
	text = strings.Join(strings.Fields(text[:min(len(text), 100*most)]), " ")
	text = strings.ToValidUTF8(text, "") // it may have been cut within a character
	n := 0
	for i := range text {
		if n++; n > most {
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}
