package chat

import (
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"chitchat/chat/guard"
)

const (
	linkWorkers        = 4
	maxLinkedPerMinute = 20               // messages of one user that get previews: those of others do not wait for long
	maxLinkQueue       = 100              // messages that wait for their previews; more get none
	missedPreviews     = 10 * time.Minute // before a start: what was posted then gets its previews
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
	return f.linked[user] <= maxLinkedPerMinute
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
