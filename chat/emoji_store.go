package chat

import (
	"context"
	"database/sql"
	"errors"

	"chitchat/chat/sqlite"
)

const emojiColumns = `e.id, e.name, e.size, e.created_at, e.created_by, COALESCE(u.name, '')
	FROM emoji e LEFT JOIN users u ON u.id = e.created_by`

func scanEmoji(row sqlite.Scanner) (e CustomEmoji, err error) {
	var at int64
	err = row.Scan(&e.ID, &e.Name, &e.Size, &at, &e.By.ID, &e.By.Name)
	e.At = fromMillis(at)
	return e, err
}

// selectEmoji returns all custom emoji, by name.
func selectEmoji(ctx context.Context, q sqlite.Querier) ([]CustomEmoji, error) {
	return sqlite.Collect(ctx, q, scanEmoji, `SELECT `+emojiColumns+` ORDER BY e.name`)
}

func emojiByID(ctx context.Context, q sqlite.Querier, id ID) (CustomEmoji, error) {
	e, err := scanEmoji(q.QueryRowContext(ctx, `SELECT `+emojiColumns+` WHERE e.id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return e, errNotFound
	}
	return e, err
}

// hasEmoji reports whether there is a custom emoji of that name.
func hasEmoji(ctx context.Context, q sqlite.Querier, name string) (has bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM emoji WHERE name = $1)`, name).Scan(&has)
	return has, err
}

func insertEmoji(ctx context.Context, tx *sqlite.Tx, by ID, e CustomEmoji) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM emoji`).Scan(&n); err != nil {
		return err
	}
	if n >= MaxCustomEmoji {
		return errManyEmoji
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO emoji (id, name, size, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, e.ID, e.Name, e.Size, by, tx.Now.UnixMilli())
	if err != nil {
		return err
	}
	switch n, err := done.RowsAffected(); {
	case err != nil:
		return err
	case n == 0:
		return errEmojiTaken
	}
	return bumpEmoji(ctx, tx)
}

// deleteEmoji returns the name of the emoji that it has deleted.
func deleteEmoji(ctx context.Context, tx *sqlite.Tx, id ID) (name string, err error) {
	err = tx.QueryRowContext(ctx, `DELETE FROM emoji WHERE id = $1 RETURNING name`, id).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", errNotFound
	}
	if err != nil {
		return "", err
	}
	return name, bumpEmoji(ctx, tx)
}

// emojiCounter returns the rev of the custom emoji: it changes with them.
func emojiCounter(ctx context.Context, q sqlite.Querier) (rev int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = $1`, "emoji").Scan(&rev)
	return rev, err
}

func bumpEmoji(ctx context.Context, tx *sqlite.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = $1`, "emoji")
	return err
}
