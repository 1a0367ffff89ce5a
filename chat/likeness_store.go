package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// setLikenesses keeps what the person's name looks like.
func setLikenesses(ctx context.Context, tx *sql.Tx, u User) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM likenesses WHERE user_id = $1`, u.ID); err != nil {
		return err
	}
	for _, likeness := range likenesses(u.Name) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO likenesses (likeness, user_id) VALUES ($1, $2)`, likeness, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// refreshNames makes what is derived from names anew, when the rules for it are of another version: keys and likenesses of
// people's names, and keys of channels'. A key that is another's by now stays as it was: both names go on working.
func refreshNames(ctx context.Context, tx *sql.Tx) error {
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
		if err := setLikenesses(ctx, tx, User{ID: id, Name: n.name}); err != nil {
			return err
		}
		if key := NameKey(n.name); key != n.key {
			if err := freshKey(ctx, tx, `users`, id, key); err != nil {
				return err
			}
		}
	}
	channels, err := namesAndKeys(ctx, tx, `SELECT id, name, name_key FROM channels WHERE kind = $1 AND deleted_at = 0`, Public)
	if err != nil {
		return err
	}
	for id, n := range channels {
		if key := NameKey(n.name); key != n.key {
			if err := freshKey(ctx, tx, `channels`, id, key); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
		"likenesses", likenessRules)
	return err
}

// freshKey gives a row of a table another key, unless that is another's.
func freshKey(ctx context.Context, tx *sql.Tx, table string, id ID, key string) error {
	_, err := tx.ExecContext(ctx, `UPDATE `+table+` SET name_key = $1 WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM `+table+` o WHERE o.name_key = $1)`, key, id)
	return err
}

type nameAndKey struct{ name, key string }

func namesAndKeys(ctx context.Context, tx *sql.Tx, query string, args ...any) (map[ID]nameAndKey, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	list := make(map[ID]nameAndKey)
	for rows.Next() {
		var id ID
		var n nameAndKey
		if err := rows.Scan(&id, &n.name, &n.key); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		list[id] = n
	}
	return list, errors.Join(rows.Err(), rows.Close())
}

// lookalikesOf returns those whose names look like one, but for those whom the name itself calls.
func lookalikesOf(ctx context.Context, tx *sql.Tx, name string, now time.Time) ([]namesake, error) {
	looks := likenesses(name)
	return scanNamesakes(tx.QueryContext(ctx, namesakeQuery+`WHERE name_key IS NOT NULL AND name_key <> $1
		AND id IN (SELECT user_id FROM likenesses WHERE likeness IN ($3, $4))`, NameKey(name), now.UnixMilli(), looks[0], looks[len(looks)-1]))
}
