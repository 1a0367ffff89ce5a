package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

// setLikenesses stores the likenesses of a user's name and handle, as they are in the database.
func setLikenesses(ctx context.Context, tx *sqlite.Tx, user ID) error {
	var name, handle string
	err := tx.QueryRowContext(ctx, `SELECT name, COALESCE(handle, '') FROM users WHERE id = $1`, user).Scan(&name, &handle)
	if err != nil {
		return err
	}
	kept := likenessOf(name).kept
	if handle != "" {
		kept = append(kept, likenessOf(handle).kept...)
	}
	return replaceLikenesses(ctx, tx, `likenesses`, `user_id`, user, kept)
}

// setChannelLikenesses stores the likenesses of a channel's name, or none if not everyone sees it.
func setChannelLikenesses(ctx context.Context, tx *sqlite.Tx, ch Channel) error {
	var kept []string
	if ch.Kind == Public && !ch.deleted {
		kept = channelLikeness(ch.Name).kept
	}
	return replaceLikenesses(ctx, tx, `channel_likenesses`, `channel_id`, ch.ID, kept)
}

func replaceLikenesses(ctx context.Context, tx *sqlite.Tx, table, column string, id ID, kept []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE `+column+` = $1`, id); err != nil || len(kept) == 0 {
		return err
	}
	args := make([]any, 0, 2*len(kept))
	for _, likeness := range kept {
		args = append(args, likeness, id)
	}
	_, err := tx.ExecContext(ctx,
		`INSERT INTO `+table+` (likeness, `+column+`) VALUES `+sqlite.Placeholders(1, len(kept), 2)+` ON CONFLICT DO NOTHING`,
		args...)
	return err
}

// refreshNames computes keys and likenesses of names of users and public channels anew when the version of their rules
// has changed. A key that another row has by now stays as it was: both names go on working.
func refreshNames(ctx context.Context, tx *sqlite.Tx) error {
	var rules string
	err := tx.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, "likenesses").Scan(&rules)
	if err == nil && rules == likenessRules || err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	people, err := namesAndKeys(ctx, tx, `SELECT id, name, name_key FROM users WHERE name_key IS NOT NULL`)
	if err != nil {
		return err
	}
	for id, n := range people {
		if err := setLikenesses(ctx, tx, id); err != nil {
			return err
		}
		if key := NameKey(n.name); key != n.key {
			if err := freshKey(ctx, tx, `users`, id, key); err != nil {
				return err
			}
		}
	}
	channels, err := namesAndKeys(ctx, tx, `SELECT id, name, name_key FROM channels WHERE kind = $1 AND deleted_at = 0`,
		Public)
	if err != nil {
		return err
	}
	for id, n := range channels {
		if err := setChannelLikenesses(ctx, tx, Channel{ID: id, Name: n.name, Kind: Public}); err != nil {
			return err
		}
		if key := NameKey(n.name); key != n.key {
			if err := freshKey(ctx, tx, `channels`, id, key); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx,
		`INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		"likenesses", likenessRules)
	return err
}

// freshKey gives a row of a table another key, unless another row has it.
func freshKey(ctx context.Context, tx *sqlite.Tx, table string, id ID, key string) error {
	_, err := tx.ExecContext(ctx,
		`UPDATE `+table+` SET name_key = $1 WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM `+table+` o WHERE o.name_key = $1)`,
		key, id)
	return err
}

type nameAndKey struct{ name, key string }

func namesAndKeys(ctx context.Context, tx *sqlite.Tx, query string, args ...any) (map[ID]nameAndKey, error) {
	return sqlite.CollectMap(ctx, tx, func(row sqlite.Scanner) (id ID, n nameAndKey, err error) {
		err = row.Scan(&id, &n.name, &n.key)
		return id, n, err
	}, query, args...)
}

// lookalikesOf returns the users whose names or handles look like the name, except those whom it names.
func lookalikesOf(ctx context.Context, tx *sqlite.Tx, name string) ([]nameHolder, error) {
	sought, args := soughtLikenesses(likenessOf(name), NameKey(name), tx.Now.UnixMilli())
	return sqlite.Collect(ctx, tx, scanNameHolder, nameHolderQuery+`WHERE name_key IS NOT NULL AND name_key <> $1
		AND id IN (SELECT user_id FROM likenesses WHERE likeness IN `+sought+`)`, args...)
}

// soughtLikenesses returns a list of placeholders for a query, and its arguments after args.
func soughtLikenesses(l likeness, args ...any) (list string, all []any) {
	list = sqlite.InList(len(args)+1, len(l.sought))
	for _, sought := range l.sought {
		args = append(args, sought)
	}
	return list, args
}

// channelLookalikes returns the active public channels whose names look like the name, except one channel.
func channelLookalikes(ctx context.Context, tx *sqlite.Tx, name string, but ID) ([]Channel, error) {
	sought, args := soughtLikenesses(channelLikeness(name), but, Public)
	return sqlite.Collect(ctx, tx, scanChannel,
		`SELECT `+channelColumns+` FROM channels WHERE id <> $1 AND kind = $2 AND archived_at = 0 AND deleted_at = 0
		AND id IN (SELECT channel_id FROM channel_likenesses WHERE likeness IN `+sought+`)`, args...)
}
