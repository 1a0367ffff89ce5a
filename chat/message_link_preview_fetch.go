package chat

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sync/singleflight"

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

const (
	linkWorkers       = 4
	linkedByOne       = 20  // messages of one user that get previews in a minute: others do not wait for long
	maxLinkQueue      = 100 // messages that wait for their previews; more get none
	linkPreviewLife   = 24 * time.Hour
	failedPreviewLife = 10 * time.Minute
	maxUnusedPreviews = 10_000           // previews that are kept, besides those that messages show
	maxUnusedAtOnce   = 100_000          // previews that a sweep deletes; the next one goes on
	missedPreviews    = 10 * time.Minute // before a start: what was posted then gets its previews
)

// linkFetching fetches the previews of messages' links, after the messages were posted: posts never wait for it. It is
// safe for concurrent use.
type linkFetching struct {
	fetcher LinkFetcher
	queue   chan linkedMessage
	flights singleflight.Group // by scope and URL: two messages with one link fetch it once

	mu     sync.Mutex
	minute int64      // since 1970
	linked map[ID]int // messages in this minute, by user
	warned int64      // the minute of the last warning that too many wait
}

// warn reports whether a warning that too many wait is due: one a minute says enough.
func (f *linkFetching) warn(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	minute := now.Unix() / 60
	due := minute != f.warned
	f.warned = minute
	return due
}

// allow reports whether a user's message gets previews, and counts it.
func (f *linkFetching) allow(user ID, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if minute := now.Unix() / 60; minute != f.minute {
		f.minute, f.linked = minute, make(map[ID]int)
	}
	f.linked[user]++
	return f.linked[user] <= linkedByOne
}

// linkedMessage is a message with links that were not looked at yet.
type linkedMessage struct {
	channel ID
	seq     int64
}

// startFetchingLinks starts the workers. They end with the chat.
func (c *core) startFetchingLinks(fetcher LinkFetcher) {
	c.links = &linkFetching{fetcher: fetcher, queue: make(chan linkedMessage, maxLinkQueue)}
	c.goroutines.Go("looking for links without previews", c.fetchMissedLinks)
	for range linkWorkers {
		c.goroutines.Go("fetching links", func() {
			for {
				select {
				case at := <-c.links.queue:
					// a panic, such as of a parser, costs a preview
					_ = guard.Run(c.options.Log, "fetching links", func() { c.fetchLinks(c.background, at) })
				case <-c.background.Done():
					return
				}
			}
		})
	}
}

// fetchLinksLater fetches the previews of a message that the actor has posted or edited, unless too many wait, or the
// actor has had many in this minute: their links could have the server visit pages without end.
func (c *core) fetchLinksLater(a Actor, channel ID, seq int64, body string) {
	if c.links == nil || !mayLink(body) || c.workspace.Load().HideLinkPreviews || !c.links.allow(a.ID, c.now()) {
		return
	}
	select {
	case c.links.queue <- linkedMessage{channel, seq}:
	default:
		if c.links.warn(c.now()) {
			c.options.Log.Warn("links get no preview: too many wait", "channel", channel, "seq", seq)
		}
	}
}

// fetchMissedLinks fetches the previews of messages that were posted or edited just before the program ended. It reads
// only channels that had a message since then, and few of their messages.
func (c *core) fetchMissedLinks() {
	if c.workspace.Load().HideLinkPreviews {
		return
	}
	list, err := missedLinks(c.background, c.db, c.now().Add(-missedPreviews))
	if err != nil && c.background.Err() == nil {
		c.options.Log.Error("fetching links", "error", err)
	}
	for _, at := range list {
		select {
		case c.links.queue <- at:
		default: // newer messages wait
			return
		}
	}
}

// fetchLinks fetches the previews that a message lacks, and shows them.
func (c *core) fetchLinks(ctx context.Context, at linkedMessage) {
	ch := c.hub.channels.byID(at.channel)
	if ch == nil {
		return
	}
	err := c.fetchLinksOf(ctx, ch, at.seq)
	if err != nil && ctx.Err() == nil && ErrorCode(err) != CodeNotFound {
		c.options.Log.Error("fetching links", "channel", at.channel, "seq", at.seq, "error", err)
	}
}

func (c *core) fetchLinksOf(ctx context.Context, ch *cachedChannel, seq int64) error {
	m, err := messageAt(ctx, c.db, ch, seq)
	if err != nil {
		return err
	}
	known, err := knownLinks(ctx, c.db, &m)
	if err != nil {
		return err
	}
	found := make(map[string]ID)
	for _, link := range previewLinks(&m) {
		if known[link.url] || c.workspace.Load().HideLinkPreviews {
			continue
		}
		id, ok, err := c.fetchLink(ctx, scopedLink{link.url, previewScope(ch)})
		if err != nil {
			return err
		}
		if ok {
			found[link.url] = id
		}
	}
	if len(found) == 0 {
		return nil
	}
	_, err = updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (*changedMessage, error) {
		return c.showLinkPreviews(ctx, tx, ch, seq, found)
	}, func(result *changedMessage) {
		if result.changed {
			result.publish(c.hub, ch)
		}
	})
	return err
}

// showLinkPreviews adds previews to a message for those of its first links that have none. The message may have been
// edited, or deleted, since they were fetched.
func (c *core) showLinkPreviews(ctx context.Context, tx *sqlite.Tx, ch *cachedChannel, seq int64,
	found map[string]ID) (*changedMessage, error) {
	result := new(changedMessage)
	m, err := messageAt(ctx, tx, ch, seq)
	if err != nil || m.Deleted() || c.workspace.Load().HideLinkPreviews {
		return result, err
	}
	known, err := knownLinks(ctx, tx, &m)
	if err != nil {
		return result, err
	}
	for i, link := range previewLinks(&m) {
		if id := found[link.url]; id != 0 && !known[link.url] {
			inserted, err := insertLinkPreview(ctx, tx, &m, link, i, id)
			if err != nil {
				return result, err
			}
			result.changed = result.changed || inserted
		}
	}
	if result.changed {
		err = linkPreviewsChanged(ctx, tx, &m)
	}
	result.message = m
	return result, err
}

// scopedLink is a link within a scope: what was fetched for one is not used in another.
type scopedLink struct {
	url   string // as linkpreview.Clean returns it
	scope ID     // the channel; 0: all that are public
}

// previewScope returns the scope of what is fetched for a channel. A public channel that used what was fetched for a
// private one would tell that, and when, the link was posted there.
func previewScope(ch *cachedChannel) ID {
	if ch.info.Load().Kind == Public {
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
		id, ok, err := fetchedPreview(ctx, c.db, link, c.now())
		if err != nil || id != 0 {
			return outcome{id, ok}, err
		}
		id = NewID()
		page := c.fetchPage(ctx, link.url)
		if ctx.Err() != nil {
			return outcome{}, ctx.Err()
		}
		return outcome{id, page.Title != ""}, c.writer.updateQuietly(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
			return insertFetched(ctx, tx, id, link, page)
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

// maxMarks is the number of combining marks in a row that are kept: more are no script's, and cover other texts.
const maxMarks = 3

// fewMarks removes combining marks after the first maxMarks of a row.
func fewMarks(text string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return -1
		}
		return r
	}, text)
}

// cleanPreviewText returns a stranger's text as it is shown: one line, without invisible characters.
func cleanPreviewText(text string, most int) string {
	text = fewMarks(cleanLine(strings.Join(strings.Fields(text), " ")))
	if utf8.RuneCountInString(text) > most+1 { // with its ellipsis
		text = string([]rune(text)[:most])
	}
	return text
}

// endUnusedPreviews removes the previews that nothing needs any more, and their pictures.
func (c *core) endUnusedPreviews(ctx context.Context) error {
	return c.endUnusedPreviewsBut(ctx, maxUnusedPreviews)
}

// endUnusedPreviewsBut is endUnusedPreviews with another limit. It finds them outside of the writer and deletes them in
// batches, so that nobody waits for it.
func (c *core) endUnusedPreviewsBut(ctx context.Context, most int) error {
	// twice as long as they are used: what was just looked up is still there when it is shown
	unused, err := unusedPreviews(ctx, c.db, c.now().Add(-2*linkPreviewLife), most)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(unused, purgedAtOnce) {
		pictures, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) ([]ID, error) {
			return deleteUnusedPreviews(ctx, tx, batch)
		}, nil)
		if err != nil {
			return err
		}
		c.dropped(pictures)
	}
	return nil
}
