package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// Direct conversations without a message take a row in the list of each member, and cost their creator nothing: so
// their number is limited, and they end.
const (
	maxUnsaid      = 50             // per creator
	unsaidLifetime = 24 * time.Hour // since it was started
	unsaidAtOnce   = 50             // ended per transaction, so that nobody waits for it
)

// tombstoneLifetime is how long the row of a deleted channel without messages is kept: other nodes learn of the
// deletion by it, within seconds. The rows of deleted channels with messages stay, since other rows refer to their
// messages.
const tombstoneLifetime = 24 * time.Hour

// mayBeginAnother refuses another direct conversation of a user who has started too many without a message.
func mayBeginAnother(ctx context.Context, tx *sqlite.Tx, a Actor) error {
	var begun int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM channels
		WHERE created_by = $1 AND kind = 'direct' AND last_seq = 0 AND deleted_at = 0`, a.ID).Scan(&begun)
	if err == nil && begun >= maxUnsaid {
		err = Invalid("people", "You have begun %d conversations in which nothing was said yet, and that is the most. "+
			"Write something in one of them, "+
			"or wait: each of them ends a day after it was begun.", begun)
	}
	return err
}

// endUnsaid deletes the direct conversations that are a day old and have no message, nor a draft of one. An open page
// of one reports its deletion and keeps what was typed. Starting one again makes a new one.
func (c *core) endUnsaid(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		type unsaid struct {
			channels []Channel
			files    []ID
		}
		gone, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (gone unsaid, err error) {
			list, err := sqlite.Collect(ctx, tx, scanChannel, `SELECT `+channelColumns+` FROM channels
				WHERE kind = 'direct' AND last_seq = 0 AND deleted_at = 0 AND created_at <= $1
				AND NOT EXISTS (SELECT 1 FROM drafts WHERE channel_id = channels.id) LIMIT $2`,
				tx.Now.Add(-unsaidLifetime).UnixMilli(), unsaidAtOnce)
			if err != nil {
				return gone, err
			}
			for _, ch := range list {
				left, waiting, err := deleteChannel(ctx, tx, ch)
				if err != nil {
					return gone, err
				}
				gone.channels, gone.files = append(gone.channels, left), append(gone.files, waiting...)
			}
			return gone, nil
		}, func(gone unsaid) {
			if len(gone.channels) > 0 {
				c.hub.channelChanged(gone.channels...)
			}
		})
		if err != nil {
			return err
		}
		c.dropped(gone.files)
		more = len(gone.channels) == unsaidAtOnce
	}
	return nil
}

// endTombstones removes the deleted channels without messages, from the database and from memory.
func (c *core) endTombstones(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		ended, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) ([]ID, error) {
			return sqlite.Collect(ctx, tx, scanID, `DELETE FROM channels WHERE id IN (SELECT id FROM channels
				WHERE deleted_at > 0 AND deleted_at <= $1 AND last_seq = 0 LIMIT $2) RETURNING id`,
				tx.Now.Add(-tombstoneLifetime).UnixMilli(), purgedAtOnce)
		}, func(ended []ID) {
			is := make(map[ID]bool, len(ended))
			for _, id := range ended {
				is[id] = true
			}
			c.hub.channels.drop(func(ch *cachedChannel) bool { return is[ch.ID] })
		})
		if err != nil {
			return err
		}
		more = len(ended) == purgedAtOnce
	}
	return nil
}
