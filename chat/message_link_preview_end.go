package chat

import (
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// Limits of the previews that no message shows.
const (
	maxUnusedPreviews = 10_000  // that are kept, to be used again
	maxUnusedAtOnce   = 100_000 // that are deleted at once; the rest is for the next time
)

// endUnusedLinkPreviews removes the previews that no message shows and that are old, or more than most, and their
// pictures. It finds them outside of the writer and deletes them in batches, so that nobody waits for it.
func (c *core) endUnusedLinkPreviews(ctx context.Context, most int) error {
	// twice as long as they are used: what was just looked up is still there when it is shown
	unused, err := unusedLinkPreviews(ctx, c.db, c.now().Add(-2*linkPreviewLife), most)
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(unused, purgedAtOnce) {
		pictures, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) ([]ID, error) {
			return deleteUnusedLinkPreviews(ctx, tx, batch)
		}, nil)
		if err != nil {
			return err
		}
		c.dropped(pictures)
	}
	return nil
}
