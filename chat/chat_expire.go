package chat

import (
	"context"
	"errors"
	"time"

	"chitchat/chat/guard"
	"chitchat/chat/sqlite"
)

// expire removes what has expired: at the start, then once an hour, or more often when sessions are short.
func (c *core) expire() {
	tick := time.NewTicker(min(time.Hour, max(time.Second, c.sessionTouch())))
	defer tick.Stop()
	for {
		if err := c.expireNow(c.background); err != nil && c.background.Err() == nil {
			c.options.Log.Error("removing what has expired", "error", err)
		}
		// it is tried again in an hour
		_ = guard.Run(c.options.Log, "removing the messages of deleted channels", func() { c.purge(c.background) })
		select {
		case <-tick.C:
		case <-c.background.Done():
			return
		}
	}
}

// expireNow removes everything that has expired, each kind even if others fail.
func (c *core) expireNow(ctx context.Context) error {
	var errs []error
	for _, end := range []func(context.Context) error{
		c.endExpired, c.endUnsaid, c.endTombstones, c.endNeverPosted, c.showMissedReplies,
		func(ctx context.Context) error { return c.endUnusedLinkPreviews(ctx, maxUnusedPreviews) },
		func(ctx context.Context) error { return c.endAudit(ctx, MaxAudit) },
	} {
		var err error
		failure := guard.Run(c.options.Log, "removing what has expired", func() { err = end(ctx) })
		errs = append(errs, err, failure)
	}
	return errors.Join(errs...)
}

// endExpired removes expired sessions, pending files and secrets, and disconnects the subscriptions of those sessions.
func (c *core) endExpired(ctx context.Context) error {
	type expired struct{ sessions, files []ID }
	gone, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (gone expired, err error) {
		if err = c.touchListening(ctx, tx); err != nil {
			return gone, err
		}
		if gone.sessions, err = deleteExpiredSessions(ctx, tx); err != nil {
			return gone, err
		}
		if gone.files, err = deleteOverdue(ctx, tx, tx.Now.Add(-pendingFileLifetime)); err != nil {
			return gone, err
		}
		return gone, c.deleteExpired(ctx, tx)
	}, func(gone expired) { c.hub.sessionsEnded(gone.sessions) })
	if err != nil {
		return err
	}
	c.dropped(gone.files)
	return nil
}

// dropped removes files to which nothing refers any more, through Options.Dropped.
func (c *core) dropped(files []ID) {
	if c.options.Dropped != nil && len(files) > 0 {
		c.options.Dropped(files)
	}
}

func (c *core) deleteExpired(ctx context.Context, tx *sqlite.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM tokens WHERE expires_at <= $1`, tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	return deleteOldUndo(ctx, tx)
}
