package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// channelByID returns a channel that is not deleted, or errNotFound.
func channelByID(ctx context.Context, q sqlite.Querier, id ID) (Channel, error) {
	ch, err := scanChannel(q.QueryRowContext(ctx,
		`SELECT `+channelColumns+` FROM channels WHERE id = $1 AND deleted_at = 0`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Channel{}, errNotFound
	}
	return ch, err
}

// updateChannel writes the editable fields of a channel, and returns its new version.
func updateChannel(ctx context.Context, tx *sqlite.Tx, ch Channel) (version int64, err error) {
	err = tx.QueryRowContext(ctx, `
		UPDATE channels SET slug = $1, name = $2, name_key = $3, kind = $4, topic = $5, description = $6, archived_at = $7,
			announce_only = $8, slow_seconds = $9, edition = edition + 1 WHERE id = $10 RETURNING edition`,
		ch.Slug, ch.Name, channelKey(ch), ch.Kind, ch.Topic, ch.Description, millis(ch.ArchivedAt),
		ch.Announce, ch.SlowSeconds, ch.ID).Scan(&version)
	if err != nil {
		return 0, err
	}
	return version, setChannelLikenesses(ctx, tx, ch)
}

// maxOldSlugs is how many of its newest earlier slugs lead to a channel: each rename leaves one.
const maxOldSlugs = 50

// moveSlug makes the old slug lead to its channel, and the new one an old slug of no channel.
func moveSlug(ctx context.Context, tx *sqlite.Tx, channel ID, version int64, old, slug string) error {
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`DELETE FROM old_slugs WHERE slug IN ($1, $2)`, []any{slug, old}},
		{`INSERT INTO old_slugs (slug, channel_id, edition) VALUES ($1, $2, $3)`, []any{old, channel, version}},
		{`DELETE FROM old_slugs WHERE channel_id = $1 AND slug NOT IN
			(SELECT slug FROM old_slugs WHERE channel_id = $1 ORDER BY edition DESC LIMIT $2)`, []any{channel, maxOldSlugs}},
	} {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// deleteChannel deletes a channel's rows except its messages and their reactions, which purgeSome deletes. It returns
// the deleted channel and the IDs of its files.
func deleteChannel(ctx context.Context, tx *sqlite.Tx, ch Channel) (Channel, []ID, error) {
	const feeds = `(channel_id = $1 OR channel_id IN (SELECT id FROM threads WHERE channel_id = $1))`
	set, err := idSet(ctx, tx, `SELECT id FROM attachments WHERE `+feeds, ch.ID)
	if err != nil {
		return Channel{}, nil, err
	}
	files := make([]ID, 0, len(set))
	for id := range set {
		files = append(files, id)
	}
	for _, query := range []string{
		`DELETE FROM attachments WHERE ` + feeds,
		`DELETE FROM memberships WHERE channel_id = $1`,
		`DELETE FROM thread_followers WHERE thread_id IN (SELECT id FROM threads WHERE channel_id = $1)`,
		`DELETE FROM old_slugs WHERE channel_id = $1`,
		`DELETE FROM mentions WHERE ` + feeds,
		`DELETE FROM drafts WHERE ` + feeds,
		`DELETE FROM invitation_channels WHERE channel_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, query, ch.ID); err != nil {
			return Channel{}, nil, err
		}
	}
	gone := Channel{ID: ch.ID, Slug: "deleted-" + ch.ID.String(), Kind: Private, CreatedAt: ch.CreatedAt, deleted: true}
	if gone.version, err = updateChannel(ctx, tx, gone); err != nil {
		return Channel{}, nil, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE channels SET deleted_at = $1, members_key = NULL WHERE id = $2`,
		tx.Now.UnixMilli(), ch.ID)
	return gone, files, err
}

// purgedAtOnce is the number of invisible rows that are deleted in one transaction, so that nobody waits for it.
const purgedAtOnce = 500

// threadsOfDeleted are the threads of deleted channels. SQLite keeps the order of a CROSS JOIN: with another one it
// looks at every thread of the workspace for its channel, within a transaction.
const threadsOfDeleted = `FROM channels c CROSS JOIN threads t WHERE t.channel_id = c.id AND c.deleted_at > 0`

// purgeSome deletes some messages of deleted channels, with all that belongs to them. It reports whether there may
// be more.
func purgeSome(ctx context.Context, tx *sqlite.Tx) (bool, error) {
	var channel, first int64
	err := tx.QueryRowContext(ctx, `SELECT id, (SELECT min(seq) FROM messages WHERE channel_id = gone.id) FROM (
			SELECT id FROM channels WHERE deleted_at > 0
			UNION ALL SELECT t.id `+threadsOfDeleted+`
		) AS gone WHERE EXISTS (SELECT 1 FROM messages WHERE channel_id = gone.id) LIMIT 1`).Scan(&channel, &first)
	if errors.Is(err, sql.ErrNoRows) {
		return purgeThreads(ctx, tx)
	}
	if err != nil {
		return false, err
	}
	if err := outdateNumbers(ctx, tx, channel, first+purgedAtOnce); err != nil {
		return false, err
	}
	for _, query := range []string{
		`DELETE FROM message_versions WHERE channel_id = $1 AND seq < $2`,
		`DELETE FROM file_texts WHERE channel_id = $1 AND seq < $2`,
		`DELETE FROM reactions WHERE channel_id = $1 AND seq < $2`,
		`DELETE FROM message_link_previews WHERE channel_id = $1 AND seq < $2`,
		`DELETE FROM saved WHERE channel_id = $1 AND seq < $2`,
		`DELETE FROM pins WHERE channel_id = $1 AND seq < $2`,
		`DELETE FROM messages WHERE channel_id = $1 AND seq < $2`,
	} {
		if _, err := tx.ExecContext(ctx, query, channel, first+purgedAtOnce); err != nil {
			return false, err
		}
	}
	return true, nil
}

// purgeThreads deletes some threads of deleted channels, whose replies are gone: until then they say where those are.
// It reports whether there may be more.
func purgeThreads(ctx context.Context, tx *sqlite.Tx) (bool, error) {
	result, err := tx.ExecContext(ctx,
		`DELETE FROM threads WHERE id IN (SELECT t.id `+threadsOfDeleted+` LIMIT $1)`, purgedAtOnce)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n == purgedAtOnce, err
}
