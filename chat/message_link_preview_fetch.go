package chat

import (
	"context"
	"time"

	"chitchat/chat/guard"
	"chitchat/chat/linkpreview"
	"chitchat/chat/sqlite"
)

// LinkFetcher fetches what a page says of itself. It must end soon, also when ctx ends, and be safe for concurrent use.
type LinkFetcher interface {
	FetchLink(ctx context.Context, url string) (FetchedLink, error)
}

// FetchedLink is what a LinkFetcher returns: texts as strangers wrote them, and a picture that it has put into the file
// store; 0: none.
type FetchedLink struct {
	Title, Description, Site string
	Picture                  ID
	PictureSize              int64 // bytes
}

// How long what was fetched is used.
const (
	linkPreviewLife   = 24 * time.Hour
	failedPreviewLife = 10 * time.Minute // after which a page that could not be fetched is tried again
)

// scopedLink is a link within a scope: what was fetched for one is not used in another.
type scopedLink struct {
	url   string // as linkpreview.Clean returns it
	scope ID     // the channel; 0: all that are public
}

// previewScope returns the scope of what is fetched for a channel. A public channel that used what was fetched for a
// private one would tell that, and when, the link was posted there.
func previewScope(ch *cachedChannel) ID {
	if ch = ch.gate(); ch.info.Load().Kind == Public {
		return 0
	}
	return ch.ID
}

// fetchLink returns the preview of a link, fetched now or not long ago; not ok when the page has none.
func (c *core) fetchLink(ctx context.Context, link scopedLink) (id ID, ok bool, err error) {
	type outcome struct {
		id ID
		ok bool
	}
	found, err, _ := c.links.flights.Do(link.scope.String()+" "+link.url, func() (any, error) {
		id, ok, err := fetchedLinkPreview(ctx, c.db, link, c.now())
		if err != nil || id != 0 {
			return outcome{id, ok}, err
		}
		id = NewID()
		page := c.fetchPage(ctx, link.url)
		if ctx.Err() != nil {
			return outcome{}, ctx.Err()
		}
		return outcome{id, page.Title != ""}, c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
			return insertFetchedLink(ctx, tx, id, link, page)
		}, nil)
	})
	if err != nil {
		return 0, false, err
	}
	result := found.(outcome)
	return result.id, result.ok, nil
}

// fetchPage fetches a page and cleans its texts. It returns the zero FetchedLink when that fails.
func (c *core) fetchPage(ctx context.Context, url string) (p FetchedLink) {
	var err error
	if failure := guard.Run(c.options.Log, "fetching links",
		func() { p, err = c.links.fetcher.FetchLink(ctx, url) }); failure != nil || err != nil {
		if failure == nil {
			c.options.Log.Debug("a link has no preview", "error", err)
		}
		return FetchedLink{}
	}
	p.Title = cleanPreviewText(p.Title, linkpreview.MaxTitleLen)
	p.Description = cleanPreviewText(p.Description, linkpreview.MaxDescriptionLen)
	p.Site = cleanPreviewText(p.Site, linkpreview.MaxSiteLen)
	if blank(p.Title) {
		return FetchedLink{}
	}
	return p
}
