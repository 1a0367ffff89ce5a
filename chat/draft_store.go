package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"chitchat/chat/sqlite"
)

const draftColumns = `channel_id, client_id, body, updated_at`

func scanDraft(row sqlite.Scanner) (d SavedDraft, err error) {
	var updated int64
	err = row.Scan(&d.Channel.ID, &d.ClientID, &d.Body, &updated)
	d.UpdatedAt = fromMillis(updated)
	return d, err
}

// selectDraft returns a user's draft in a channel; the zero SavedDraft if there is none.
func selectDraft(ctx context.Context, q sqlite.Querier, channel, user ID) (SavedDraft, error) {
	d, err := scanDraft(q.QueryRowContext(ctx,
		`SELECT `+draftColumns+` FROM drafts WHERE channel_id = $1 AND user_id = $2`, channel, user))
	if errors.Is(err, sql.ErrNoRows) {
		return SavedDraft{}, nil
	}
	return d, err
}

// selectDrafts returns all drafts of a user, newest first, each with its channel's ID.
func selectDrafts(ctx context.Context, q sqlite.Querier, user ID) ([]SavedDraft, error) {
	return sqlite.Collect(ctx, q, scanDraft,
		`SELECT `+draftColumns+` FROM drafts WHERE user_id = $1 ORDER BY updated_at DESC, channel_id DESC`, user)
}

// selectDraftChannels returns the channels in which a user has a draft; nil if there are none.
func selectDraftChannels(ctx context.Context, q sqlite.Querier, user ID) (map[ID]bool, error) {
	ids, err := sqlite.Collect(ctx, q, scanID, `SELECT channel_id FROM drafts WHERE user_id = $1`, user)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	in := make(map[ID]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	return in, nil
}

// saveDraft inserts or replaces a user's draft in a channel, unless its form was posted. seen are the channels that the
// user sees and has a draft in. fresh reports whether the user had none in this channel.
func saveDraft(ctx context.Context, tx *sqlite.Tx, channel, user ID, d SavedDraft, seen []ID) (fresh bool, err error) {
	var posted bool
	err = tx.QueryRowContext(ctx,
		`SELECT EXISTS (SELECT 1 FROM messages WHERE channel_id = $1 AND user_id = $2 AND client_id = $3)`,
		channel, user, d.ClientID).Scan(&posted)
	if err != nil || posted {
		return false, err
	}
	in, err := selectDraftChannels(ctx, tx, user)
	if err != nil {
		return false, err
	}
	if fresh = !in[channel]; fresh && len(in) >= MaxDrafts {
		if err := makeRoomForDraft(ctx, tx, user, seen); err != nil {
			return false, err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO drafts (channel_id, user_id, client_id, body, updated_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, user_id) DO UPDATE
		SET client_id = excluded.client_id, body = excluded.body, updated_at = excluded.updated_at`,
		channel, user, d.ClientID, d.Body, d.UpdatedAt.UnixMilli())
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
		if !slices.Contains(seen, d.Channel.ID) {
			return deleteDrafts(ctx, tx, d.Channel.ID, []ID{user})
		}
	}
	return Invalid("body", "This draft was not saved: you have %d drafts, and that is the most. Send or delete one of "+
		"them, then go on writing here.", len(all))
}

// deleteDrafts deletes the drafts of these users in a channel.
func deleteDrafts(ctx context.Context, tx *sqlite.Tx, channel ID, users []ID) error {
	return sqlite.InBatches(users, func(users []ID) error {
		args := []any{channel}
		for _, id := range users {
			args = append(args, id)
		}
		_, err := tx.ExecContext(ctx,
			`DELETE FROM drafts WHERE channel_id = $1 AND user_id IN `+sqlite.InList(2, len(users)), args...)
		return err
	})
}

// deleteSentDrafts deletes the drafts that became these posts of a channel, and notes which they were.
func deleteSentDrafts(ctx context.Context, tx *sqlite.Tx, channel ID, posts []*post) error {
	var gone []ID
	for _, p := range posts {
		p.wasDraft = false // in case the transaction is repeated
	}
	err := sqlite.InBatches(posts, func(posts []*post) error {
		args := []any{channel}
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
	return deleteDrafts(ctx, tx, channel, gone)
}
