package chat

import (
	"cmp"
	"context"
	"slices"

	"chitchat/chat/sqlite"
)

// insertUser adds a user. They join General Talk, and have read everything: history is there to look up, not to catch
// up on. Channels without messages need no row, and for archived channels markReadForNewUsers adds them on Restore:
// each row costs the writer time, for every new user.
func insertUser(ctx context.Context, tx *sqlite.Tx, u User) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO users (id, name, name_key, name_rev, posted, last_channel_id, created_at)
		VALUES ($1, $2, $3, 0, FALSE, 0, $4)`, u.ID, u.Name, NameKey(u.Name), u.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	if err := setLikenesses(ctx, tx, u.ID); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state)
		SELECT id, $1, last_seq, $2, CASE WHEN general THEN $3 ELSE $4 END
		FROM channels WHERE kind = $5 AND deleted_at = 0 AND (general OR archived_at = 0
			AND last_seq > 0)`, u.ID, u.CreatedAt.UnixMilli(), Joined, Seen, Public)
	return err
}

// updateName sets the name.
func updateName(ctx context.Context, tx *sqlite.Tx, u User) error {
	rev, err := nextProfileRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET name = $1, name_key = $2, name_rev = $3 WHERE id = $4`, u.Name,
		NameKey(u.Name), rev, u.ID)
	if err != nil {
		return err
	}
	return setLikenesses(ctx, tx, u.ID)
}

// userColumns are the columns of a User, from the table users as u; scanUser reads them.
const userColumns = `u.id, u.name, u.created_at, COALESCE(u.handle, ''), u.avatar, u.status_emoji, u.status_text,
	u.status_until, u.away`

// scanUser reads a row of userColumns.
func scanUser(row sqlite.Scanner) (u User, err error) {
	err = scanUserAnd(row, &u)
	return u, err
}

// scanUserAnd reads a row that begins with userColumns; more is the destination of the other columns.
func scanUserAnd(row sqlite.Scanner, u *User, more ...any) error {
	var created, until int64
	err := row.Scan(append([]any{&u.ID, &u.Name, &created, &u.Handle, &u.Avatar, &u.Status.Emoji, &u.Status.Text, &until,
		&u.Away}, more...)...)
	u.CreatedAt, u.Status.Until = fromMillis(created), fromMillis(until)
	return err
}

// usersByID returns the users that exist, sorted by name.
func usersByID(ctx context.Context, q sqlite.Querier, ids []ID) ([]User, error) {
	var list []keyedUser
	for chunk := range slices.Chunk(ids, 1000) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		some, err := sqlite.Collect(ctx, q, scanKeyedUser, `SELECT `+userColumns+`, COALESCE(u.name_key, '') FROM users u
			WHERE id IN `+sqlite.InList(1, len(args)), args...)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(x, y keyedUser) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.ID, y.ID)) })
	users := make([]User, len(list))
	for i, u := range list {
		users[i] = u.User
	}
	return users, nil
}

// keyedUser is a user with their name key as stored in the database: computing it takes longer than reading it.
type keyedUser struct {
	User
	key string
}

func scanKeyedUser(row sqlite.Scanner) (u keyedUser, err error) {
	err = scanUserAnd(row, &u.User, &u.key)
	return u, err
}
