package chat

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"chitchat/chat/linkpreview"
	"chitchat/chat/sqlite"
)

// MaxLinkPreviews is the number of a message's links that get a preview: the first ones.
const MaxLinkPreviews = 2

// LinkPreview is what the page behind a link of a message said of itself when it was fetched. Its texts are single
// lines without invisible characters.
type LinkPreview struct {
	URL                      string // the link's, as linkpreview.Clean returns it
	Href                     string // the link's, as linkpreview.Href returns it
	Title, Description, Site string
	Picture                  ID    // in the file store; 0: none
	Number                   int64 // names it in the message: no other one ever has it there
}

// Host returns the host of the link, which a page cannot choose as it does its texts, in ASCII.
func (p LinkPreview) Host() string { return linkpreview.Host(p.URL) }

// mayLink reports whether a text may have links with previews. It is far cheaper than finding out.
func mayLink(body string) bool {
	return strings.Contains(body, "://") || strings.Contains(body, "www.") || strings.Contains(body, "Www.") ||
		strings.Contains(body, "WWW.")
}

// previewLink is a link that gets a preview: as previews know it, and as it is followed.
type previewLink struct{ url, href string }

// previewLinks returns the first links of a message's text, as it is shown: so none in code, and none of the program's
// own, such as mentions. Of those that lead to the same page it is the first.
func previewLinks(m *Message) (links []previewLink) {
	if !mayLink(m.Body) {
		return nil
	}
	add := func(link string) (more bool) {
		url, ok := linkpreview.Clean(link)
		if ok && !slices.ContainsFunc(links, func(l previewLink) bool { return l.url == url }) {
			links = append(links, previewLink{url, linkpreview.Href(link)})
		}
		return len(links) < MaxLinkPreviews
	}
	if m.HTML == "" {
		n := 0
		for link := range Links(m.Body) {
			if n++; n > MaxLinks || !add(link.Scheme+m.Body[link.Start:link.End]) {
				break
			}
		}
		return links
	}
	z := html.NewTokenizer(strings.NewReader(m.HTML))
	for z.Next() != html.ErrorToken {
		t := z.Token()
		if t.Type != html.StartTagToken || t.Data != "a" {
			continue
		}
		for _, a := range t.Attr {
			if a.Key == "href" && !add(a.Val) {
				return links
			}
		}
	}
	return links
}

// keepLinkPreviews keeps the previews of an edited message for the links that are still its first ones.
func keepLinkPreviews(ctx context.Context, tx *sqlite.Tx, old Message, m *Message) error {
	if !mayLink(old.Body) {
		return nil // it can have none
	}
	links := previewLinks(m)
	m.LinkPreviews = nil
	for _, link := range links {
		i := slices.IndexFunc(old.LinkPreviews, func(p LinkPreview) bool { return p.URL == link.url })
		if i >= 0 {
			p := old.LinkPreviews[i]
			p.Href = link.href
			m.LinkPreviews = append(m.LinkPreviews, p)
		}
	}
	return moveLinkPreviews(ctx, tx, m, links)
}

// RemoveLinkPreview removes the preview of a link from a message. Idempotent: it stays removed while an edit keeps the
// link. Who may remove the message may do so.
func (c Messages) RemoveLinkPreview(ctx context.Context, a Actor, slug string, seq int64, url string) (Row, error) {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return Row{}, err
	}
	result, err := actInValue(ctx, c.core, a, at.ch,
		func(ctx context.Context, tx *sqlite.Tx, _ Actor, acc Access) (*changedMessage, error) {
			if refusal := acc.ChangeRefusal(); refusal != nil {
				return nil, refusal
			}
			m, err := messageAt(ctx, tx, acc.cached, at.seq)
			if err != nil {
				return nil, err
			}
			if refusal := acc.RemoveRefusal(m); refusal != nil {
				return nil, refusal
			}
			if m.Deleted() {
				return nil, errNotFound
			}
			i := slices.IndexFunc(m.LinkPreviews, func(p LinkPreview) bool { return p.URL == url })
			if i < 0 {
				return &changedMessage{message: m}, nil
			}
			m.LinkPreviews = slices.Delete(m.LinkPreviews, i, i+1)
			if err := hideLinkPreview(ctx, tx, &m, url); err != nil {
				return nil, err
			}
			result := &changedMessage{message: m, changed: true}
			return result, result.update(ctx, tx)
		}, func(result *changedMessage) { result.publish(c.hub, at) })
	if err != nil {
		return Row{}, err
	}
	row, _, err := result.answer()
	return row, err
}

// LinkPreviewPicture returns the picture of the preview of that number, and its version: of all pictures at this
// address no other one has it. The version does not tell when the page was fetched, which may have been for another
// channel; the file's ID does. It fails unless the message shows the preview and the actor sees the message: it
// authorizes pictures, as authorize does channels.
func (c Messages) LinkPreviewPicture(ctx context.Context, a Actor, slug string, seq, number int64) (file ID,
	version string, err error) {
	at, err := c.findMessage(ctx, a, slug, seq)
	if err != nil {
		return 0, "", err
	}
	if c.workspace.Load().HideLinkPreviews {
		return 0, "", errNotFound
	}
	file, err = shownPicture(ctx, c.db, at.ch.ID, at.seq, number)
	// an address is a slug's, which another channel may get
	return file, at.ch.ID.String() + "-" + strconv.FormatInt(number, 10), err
}

// withoutHidden removes from a message what the workspace does not show, and the links to channels of which not all of
// its readers may know.
func (c *core) withoutHidden(m Message) Message {
	if len(m.LinkPreviews) > 0 && c.workspace.Load().HideLinkPreviews {
		m.LinkPreviews = nil
	}
	m.Formatted = c.hub.showChannels(m.In(), m.Formatted)
	return m
}
