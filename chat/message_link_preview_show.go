package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// fetchLinks fetches the previews that a message lacks, and shows them.
func (c *core) fetchLinks(ctx context.Context, at linkedMessage) {
	ch, err := c.feedByID(ctx, at.channel)
	if ch == nil && err == nil {
		return
	}
	if err == nil {
		err = c.fetchLinksOf(ctx, ch, at.seq)
	}
	if err != nil && ctx.Err() == nil && ErrorCode(err) != CodeNotFound {
		c.options.Log.Error("fetching links", "channel", at.channel, "seq", at.seq, "error", err)
	}
}

func (c *core) fetchLinksOf(ctx context.Context, ch *cachedChannel, seq int64) error {
	m, _, err := bareMessageAt(ctx, c.db, ch, seq)
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
			result.publish(c.hub, located{ch: ch})
		}
	})
	return err
}

// showLinkPreviews adds previews to a message for those of its first links that have none. The message may have been
// edited, or deleted, since they were fetched.
func (c *core) showLinkPreviews(ctx context.Context, tx *sqlite.Tx, ch *cachedChannel, seq int64,
	found map[string]ID) (*changedMessage, error) {
	m, has, err := bareMessageAt(ctx, tx, ch, seq)
	if err != nil || m.Deleted() || c.workspace.Load().HideLinkPreviews {
		return new(changedMessage), err
	}
	known, err := knownLinks(ctx, tx, &m)
	if err != nil {
		return nil, err
	}
	changed := false
	for i, link := range previewLinks(&m) {
		if id := found[link.url]; id != 0 && !known[link.url] {
			inserted, err := insertLinkPreview(ctx, tx, &m, link, i, id)
			if err != nil {
				return nil, err
			}
			changed = changed || inserted
		}
	}
	if !changed {
		return new(changedMessage), nil
	}
	has.linkPreviews = []any{seq}
	if err := has.attachTo(ctx, tx, &m); err != nil {
		return nil, err
	}
	result := &changedMessage{message: m, changed: true}
	return result, result.update(ctx, tx)
}
