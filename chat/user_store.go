package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// claimName makes sure that the claimer can take the name: it is free, or their own, or its holder has no session, never
// posted, has no way to sign in, and is nobody special: nor banned, who would come in again by it. It writes nothing when
// it refuses.
func claimName(ctx context.Context, tx *sql.Tx, name string, claimer ID, now time.Time) error {
	var holder ID
	var holderName string
	var keeps bool
	err := tx.QueryRowContext(ctx, `
		SELECT id, name, posted OR role <> 'member' OR deactivated_at > 0
			OR EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = users.id AND s.expires_at > $1)
			OR EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = users.id)
			OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = users.id)
			OR EXISTS (SELECT 1 FROM bans b WHERE b.user_id = users.id AND b.channel_id = 0 AND b.lifted_at = 0 AND (b.until = 0 OR b.until > $1))
		FROM users WHERE name_key = $2`, now.UnixMilli(), NameKey(name)).Scan(&holder, &holderName, &keeps)
	if errors.Is(err, sql.ErrNoRows) || err == nil && holder == claimer {
		return nil
	}
	if err != nil {
		return err
	}
	if keeps {
		if holderName == name {
			return Invalid("name", "The name “%s” is taken. Please choose another one.", name)
		}
		return Invalid("name", "The name “%s” looks too much like “%s”, which is taken. Please choose another one.", name, holderName)
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET name_key = NULL WHERE id = $1`, holder)
	return err
}

// insertUser adds the user. They begin in the first channel, and with everything read: history is there to look up,
// not to catch up on.
func insertUser(ctx context.Context, tx *sql.Tx, u User) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO users (id, name, name_key, name_rev, posted, last_channel_id, created_at)
		VALUES ($1, $2, $3, 0, FALSE, 0, $4)`, u.ID, u.Name, NameKey(u.Name), u.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
		SELECT id, $1, last_seq, $2, CASE WHEN id = (SELECT min(id) FROM channels) THEN $3 ELSE $4 END
		FROM channels WHERE kind = $5`, u.ID, u.CreatedAt.UnixMilli(), Joined, Seen, Public)
	return err
}

// updateName sets the name and returns the counter of names, raised by this change.
func updateName(ctx context.Context, tx *sql.Tx, u User) (rev int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value`, "names").Scan(&rev)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET name = $1, name_key = $2, name_rev = $3 WHERE id = $4`,
		u.Name, NameKey(u.Name), rev, u.ID)
	return rev, err
}

// usersByID returns the users that there are, in no order.
func usersByID(ctx context.Context, q querier, ids []ID) ([]User, error) {
	const most = 1000
	var users []User
	for len(ids) > 0 {
		n := min(len(ids), most)
		args := make([]any, n)
		for i, id := range ids[:n] {
			args[i] = id
		}
		ids = ids[n:]
		more, err := scanUsers(q.QueryContext(ctx, `SELECT id, name, created_at FROM users WHERE id IN `+inList(1, n), args...))
		if err != nil {
			return nil, err
		}
		users = append(users, more...)
	}
	return users, nil
}

// usersRenamed returns who changed their name after the counter stood at since.
func usersRenamed(ctx context.Context, q querier, since int64) ([]User, error) {
	return scanUsers(q.QueryContext(ctx, `SELECT id, name, created_at FROM users WHERE name_rev > $1 ORDER BY name_rev`, since))
}

func scanUsers(rows *sql.Rows, err error) ([]User, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var users []User
	for rows.Next() {
		var u User
		var created int64
		if err := rows.Scan(&u.ID, &u.Name, &created); err != nil {
			return nil, err
		}
		u.CreatedAt = fromMillis(created)
		users = append(users, u)
	}
	return users, rows.Err()
}
