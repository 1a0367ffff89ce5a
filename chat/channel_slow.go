package chat

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// SlowSteps lists the times that slow mode can require between two messages of a user, in seconds; 0 turns it off.
var SlowSteps = []int{0, 10, 30, 60, 300, 3600}

func cleanSlow(seconds int) error {
	if !slices.Contains(SlowSteps, seconds) {
		return Invalid("slow", "Choose one of the times of the list.")
	}
	return nil
}

// FormatInterval returns an interval in words, such as "every 30 seconds".
func FormatInterval(wait time.Duration) string {
	switch wait {
	case time.Minute:
		return "every minute"
	case time.Hour:
		return "every hour"
	default:
		return "every " + span(wait)
	}
}

// span returns a time in words, in whole seconds or minutes, rounded up.
func span(d time.Duration) string {
	n, unit := int64((d+time.Second-1)/time.Second), "second"
	if n >= 120 || n == 60 {
		n, unit = (n+59)/60, "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// enforceSlowMode refuses posts that come too soon, and returns the others. It runs in the writer, where posts are
// sequential, so that of two concurrent ones one is refused. Retries do not reach it.
func enforceSlowMode(ctx context.Context, tx *sqlite.Tx, channel ID, posts []*post) ([]*post, error) {
	last := make(map[ID]time.Time)
	kept := posts[:0:0]
	for _, p := range posts {
		if p.slow == 0 {
			kept = append(kept, p)
			continue
		}
		author, now := p.message.Author.ID, p.message.CreatedAt
		before, known := last[author]
		if !known {
			var ms int64
			err := tx.QueryRowContext(ctx, `SELECT posted_at FROM memberships WHERE channel_id = $1 AND user_id = $2`, channel,
				author).Scan(&ms)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return nil, err
			}
			before = fromMillis(ms)
		}
		// more: the clock was set back; let it pass
		if wait := before.Add(p.slow).Sub(now); 0 < wait && wait <= p.slow {
			p.refusal = Errorf(CodeTooOften,
				"This channel is in slow mode: one message %s. Yours was not sent; it can be in %s.", FormatInterval(p.slow),
				span(wait))
			p.refusal.Wait = wait
			continue
		}
		last[author] = now
		kept = append(kept, p)
	}
	return kept, nil
}

// recordPostTime records when users in slow mode posted last. Their memberships exist.
func recordPostTime(ctx context.Context, tx *sqlite.Tx, channel ID, posts []*post) error {
	for _, p := range posts {
		if p.slow == 0 {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE memberships SET posted_at = $1 WHERE channel_id = $2 AND user_id = $3`,
			p.message.CreatedAt.UnixMilli(), channel, p.message.Author.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
