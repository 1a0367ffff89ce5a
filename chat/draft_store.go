package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"chitchat/chat/sqlite"
)

// draftColumns reads drafts with their channels, which for a thread is not where they are kept.
const draftColumns = `d.channel_id, COALESCE(t.channel_id, d.channel_id), COALESCE(t.seq, 0), d.client_id, d.body,
	d.updated_at FROM drafts d LEFT JOIN threads t ON t.id = d.channel_id`

func scanDraft(row sqlite.Scanner) (d SavedDraft, err error) {
	var updated int64
	err = row.Scan(&d.feed, &d.Channel.ID, &d.Thread, &d.ClientID, &d.Body, &updated)
	d.UpdatedAt = fromMillis(updated)
	return d, err
}

// selectDraft returns a user's draft in a channel or a thread; the zero SavedDraft if there is none.
func selectDraft(ctx context.Context, q sqlite.Querier, feed, user ID) (SavedDraft, error) {
	d, err := scanDraft(q.QueryRowContext(ctx,
		`SELECT `+draftColumns+` WHERE d.channel_id = $1 AND d.user_id = $2`, feed, user))
	if errors.Is(err, sql.ErrNoRows) {
		return SavedDraft{}, nil
	}
	return d, err
}

// selectDrafts returns all drafts of a user, newest first, each with its channel's ID.
func selectDrafts(ctx context.Context, q sqlite.Querier, user ID) ([]SavedDraft, error) {
	return sqlite.Collect(ctx, q, scanDraft,
		`SELECT `+draftColumns+` WHERE d.user_id = $1 ORDER BY d.updated_at DESC, d.channel_id DESC`, user)
}

// selectDraftFeeds returns the channels and threads in which a user has a draft, each with its channel.
func selectDraftFeeds(ctx context.Context, q sqlite.Querier, user ID) (map[ID]ID, error) {
	return sqlite.CollectMap(ctx, q, sqlite.Pair[ID, ID], `SELECT d.channel_id, COALESCE(t.channel_id, d.channel_id)
		FROM drafts d LEFT JOIN threads t ON t.id = d.channel_id WHERE d.user_id = $1`, user)
}

// saveDraft inserts or replaces a user's draft in a channel or a thread, unless its form was posted. seen are those
// that the user sees and has a draft in. fresh reports whether the user had none in this one.
func saveDraft(ctx context.Context, tx *sqlite.Tx, feed, user ID, d SavedDraft, seen []ID) (fresh bool, err error) {
	var posted bool
	err = tx.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM messages WHERE channel_id = $1 AND user_id = $2 AND client_id = $3)`,
		feed, user, d.ClientID).Scan(&posted)
	if err != nil || posted {
		return false, err
	}
	in, err := selectDraftFeeds(ctx, tx, user)
	if err != nil {
		return false, err
	}
	if fresh = in[feed] == 0; fresh && len(in) >= MaxDrafts {
		if err := makeRoomForDraft(ctx, tx, user, seen); err != nil {
			return false, err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO drafts (channel_id, user_id, client_id, body, updated_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, user_id) DO UPDATE
		SET client_id = excluded.client_id, body = excluded.body, updated_at = excluded.updated_at`,
		feed, user, d.ClientID, d.Body, d.UpdatedAt.UnixMilli())
	return fresh, err
}

// makeRoomForDraft deletes a user's oldest draft in a channel that they do not see: they could not delete it. It
// refuses if they see them all.
func makeRoomForDraft(ctx context.Context, tx *sqlite.Tx, user ID, seen []ID) error {
	all, err := selectDrafts(ctx, tx, user)
	if err != nil {
		return err
	}
	for _, d := range slices.Backward(all) {
		if !slices.Contains(seen, d.feed) {
			return deleteDrafts(ctx, tx, d.feed, []ID{user})
		}
	}
	return Invalid("body", "This draft was not saved: you have %d drafts, and that is the most. Send or delete one of "+
		"them, then go on writing here.", len(all))
}

// deleteDrafts deletes the drafts of these users in a channel or a thread.
func deleteDrafts(ctx context.Context, tx *sqlite.Tx, feed ID, users []ID) error {
	return sqlite.InBatches(users, func(users []ID) error {
		args := []any{feed}
		for _, id := range users {
			args = append(args, id)
		}
		_, err := tx.ExecContext(ctx,
			`DELETE FROM drafts WHERE channel_id = $1 AND user_id IN `+sqlite.InList(2, len(users)), args...)
		return err
	})
}

// deleteSentDrafts deletes the drafts that became these posts of a feed, and notes which they were.
func deleteSentDrafts(ctx context.Context, tx *sqlite.Tx, feed ID, posts []*post) error {
	var gone []ID
	for _, p := range posts {
		p.wasDraft = false // in case the transaction is repeated
	}
	err := sqlite.InBatches(posts, func(posts []*post) error {
		args := []any{feed}
		for _, p := range posts {
			args = append(args, p.message.Author.ID)
		}
		query := `SELECT user_id, client_id, body FROM drafts
			WHERE channel_id = $1 AND user_id IN ` + sqlite.InList(2, len(posts))
		return sqlite.Each(ctx, tx, query, args, func(row sqlite.Scanner) error {
			var user ID
			var d SavedDraft
			if err := row.Scan(&user, &d.ClientID, &d.Body); err != nil {
				return err
			}
			for _, p := range posts {
				if m := &p.message; m.Author.ID == user && d.sentAs(m.ClientID, p.draft, m.Body) {
					p.wasDraft, gone = true, append(gone, user)
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return deleteDrafts(ctx, tx, feed, gone)
}
