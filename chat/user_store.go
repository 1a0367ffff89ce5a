package chat

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"
)

// nameHolder is someone whom a word names after an @.
type nameHolder struct {
	id            ID
	name, handle  string
	byName, keeps bool // it is their name, or else their handle; nobody else can have it
}

// nameHolders returns whose name has the key, and whose handle it is: a handle is its own key. One keeps both while one has a
// session, has ever posted, has a way to sign in, or is somebody special: banned too, who would come in again by it.
func nameHolders(ctx context.Context, tx *sql.Tx, key string, now time.Time) ([]nameHolder, error) {
	return scanNameHolders(tx.QueryContext(ctx, nameHolderQuery+`WHERE name_key = $1 OR handle = $1`, key, now.UnixMilli()))
}

// nameHolderQuery takes a key and the time, and wants to know which users.
const nameHolderQuery = `
	SELECT id, name, COALESCE(handle, ''), COALESCE(name_key, '') = $1, posted OR role <> 'member' OR deactivated_at > 0
		OR EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = users.id AND s.expires_at > $2)
		OR EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = users.id)
		OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = users.id)
		OR EXISTS (SELECT 1 FROM bans b WHERE b.user_id = users.id AND b.channel_id = 0 AND b.lifted_at = 0 AND (b.until = 0 OR b.until > $2))
	FROM users `

func scanNameHolders(rows *sql.Rows, err error) ([]nameHolder, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []nameHolder
	for rows.Next() {
		var h nameHolder
		if err := rows.Scan(&h.id, &h.name, &h.handle, &h.byName, &h.keeps); err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

// claimName makes sure that the claimer can take the name: it is free, or their own, or those whom it names do not keep
// it, or look like it. One's own name in other letters may look like those only that it looked like already: aiice is not
// alice, and aIice is. It writes nothing when it refuses.
func claimName(ctx context.Context, tx *sql.Tx, name string, claimer ID, now time.Time) error {
	list, err := nameHolders(ctx, tx, NameKey(name), now)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(list, func(h nameHolder) bool { return h.id == claimer && h.byName }); i >= 0 {
		return mayRewrite(ctx, tx, name, list[i], now) // also when it is another's handle from earlier times
	}
	for _, h := range list {
		switch {
		case h.id == claimer || !h.keeps:
		case !h.byName:
			return Invalid("name", "“%s” is somebody's handle: it would be theirs when someone writes @%s. Please choose another name.", name, name)
		case h.name == name:
			return Invalid("name", "The name “%s” is taken. Please choose another one.", name)
		default:
			return tooMuchAlike(name, h)
		}
	}
	alike, err := lookalikesOf(ctx, tx, name, now)
	if err != nil {
		return err
	}
	for _, h := range alike {
		if h.keeps && h.id != claimer {
			return tooMuchAlike(name, h)
		}
	}
	return freeNames(ctx, tx, append(list, alike...), claimer)
}

// mayRewrite refuses one's own name in letters that make it look like another's which it did not look like.
func mayRewrite(ctx context.Context, tx *sql.Tx, name string, own nameHolder, now time.Time) error {
	alike, err := lookalikesOf(ctx, tx, name, now)
	if err != nil || len(alike) == 0 {
		return err
	}
	before, err := lookalikesOf(ctx, tx, own.name, now)
	if err != nil {
		return err
	}
	for _, h := range alike {
		if h.keeps && h.id != own.id && !slices.ContainsFunc(before, func(b nameHolder) bool { return b.id == h.id }) {
			return tooMuchAlike(name, h)
		}
	}
	return nil
}

func tooMuchAlike(name string, h nameHolder) error {
	if h.looksByName(name) {
		return Invalid("name", "The name “%s” looks too much like “%s”, which is taken. Please choose another one.", name, h.name)
	}
	return Invalid("name", "The name “%s” looks too much like @%s, which is somebody's handle. Please choose another one.", name, h.handle)
}

// looksByName reports whether somebody's name is what another looks like, and not their handle alone.
func (h nameHolder) looksByName(name string) bool {
	return h.byName || h.handle == "" || likenessOf(name).alike(likenessOf(h.name))
}

// claimHandle is claimName for a handle that is not the claimer's yet. Whose name it is may have it, whatever it looks like:
// it calls them without it.
func claimHandle(ctx context.Context, tx *sql.Tx, handle string, claimer ID, now time.Time) error {
	list, err := nameHolders(ctx, tx, handle, now)
	if err != nil {
		return err
	}
	own := false
	for _, h := range list {
		switch {
		case h.id == claimer || !h.keeps:
			own = own || h.id == claimer && h.byName
		case h.byName:
			return Invalid("handle", "@%s calls someone of that name. Please choose another handle.", handle)
		default:
			return Invalid("handle", "The handle @%s is taken. Please choose another one.", handle)
		}
	}
	alike, err := lookalikesOf(ctx, tx, handle, now)
	if err != nil {
		return err
	}
	for _, h := range alike {
		switch {
		case h.id == claimer || !h.keeps || own:
		case h.looksByName(handle):
			return Invalid("handle", "@%s looks too much like “%s”, which is somebody's name. Please choose another handle.", handle, h.name)
		default:
			return Invalid("handle", "@%s looks too much like @%s, which is somebody's handle. Please choose another one.", handle, h.handle)
		}
	}
	return freeNames(ctx, tx, list, claimer)
}

// freeNames takes name and handle from those who do not keep them. Nobody can be them any more: what they said of
// themselves goes too.
func freeNames(ctx context.Context, tx *sql.Tx, list []nameHolder, claimer ID) error {
	for _, h := range list {
		if h.id == claimer {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET name_key = NULL, handle = NULL, email = '', pronouns = '', title = '', time_zone = '',
			status_emoji = '', status_text = '', status_until = 0, avatar = 0, avatar_size = 0 WHERE id = $1`, h.id)
		if err != nil {
			return err
		}
	}
	return nil
}

// insertUser adds the user. They begin in the first channel, and with everything read: history is there to look up,
// not to catch up on. Where nothing was said there is nothing to note, and of channels that are archived passOver does it
// when they are taken into use again: each row is the writer's work, at every newcomer.
func insertUser(ctx context.Context, tx *sql.Tx, u User) error {
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
		FROM channels WHERE kind = $5 AND deleted_at = 0 AND (general OR archived_at = 0 AND last_seq > 0)`, u.ID, u.CreatedAt.UnixMilli(), Joined, Seen, Public)
	return err
}

// updateName sets the name.
func updateName(ctx context.Context, tx *sql.Tx, u User) error {
	rev, err := nextProfileRev(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET name = $1, name_key = $2, name_rev = $3 WHERE id = $4`, u.Name, NameKey(u.Name), rev, u.ID)
	if err != nil {
		return err
	}
	return setLikenesses(ctx, tx, u.ID)
}

// nextProfileRev raises the counter of names.
func nextProfileRev(ctx context.Context, tx *sql.Tx) (rev int64, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value`, "names").Scan(&rev)
	return rev, err
}

// userColumns are what a User is made of, from the table users as u; scanUser reads them.
const userColumns = `u.id, u.name, u.created_at, COALESCE(u.handle, ''), u.avatar, u.status_emoji, u.status_text, u.status_until`

// scanUser reads a row that begins with userColumns; more is where the others go.
func scanUser(row interface{ Scan(...any) error }, u *User, more ...any) error {
	var created, until int64
	err := row.Scan(append([]any{&u.ID, &u.Name, &created, &u.Handle, &u.Avatar, &u.Status.Emoji, &u.Status.Text, &until}, more...)...)
	u.CreatedAt, u.Status.Until = fromMillis(created), fromMillis(until)
	return err
}

// usersByID returns the users that there are, sorted by name.
func usersByID(ctx context.Context, q querier, ids []ID) ([]User, error) {
	var list []keyedUser
	for chunk := range slices.Chunk(ids, 1000) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		rows, err := q.QueryContext(ctx, `SELECT `+userColumns+`, COALESCE(u.name_key, '') FROM users u WHERE id IN `+inList(1, len(args)), args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var u keyedUser
			if err := scanUser(rows, &u.User, &u.key); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			list = append(list, u)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(list, func(x, y keyedUser) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.ID, y.ID)) })
	users := make([]User, len(list))
	for i, u := range list {
		users[i] = u.User
	}
	return users, nil
}

// keyedUser is a user with the key of their name, which the database keeps: making it takes longer than reading it.
type keyedUser struct {
	User
	key string
}

func scanUsers(rows *sql.Rows, err error) ([]User, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var users []User
	for rows.Next() {
		var u User
		if err := scanUser(rows, &u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// selectProfilesSince returns those whose face has changed after the counter of names stood at since, in the order of it: at most so
// many, or all when most is negative.
func selectProfilesSince(ctx context.Context, q querier, since int64, most int) ([]profileEntry, error) {
	if most < 0 {
		most = math.MaxInt
	}
	rows, err := q.QueryContext(ctx, `SELECT `+userColumns+`, u.name_rev FROM users u WHERE u.name_rev > $1 ORDER BY u.name_rev LIMIT $2`, since, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []profileEntry
	for rows.Next() {
		var f profileEntry
		if err := scanUser(rows, &f.User, &f.rev); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

func profileCounter(ctx context.Context, q querier) (rev int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = $1`, "names").Scan(&rev)
	return rev, err
}
