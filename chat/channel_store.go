package chat

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const channelColumns = `id, slug, name, kind, topic, description, created_at, archived_at, announce_only, slow_seconds,
	general, name_key, edition, deleted_at, last_seq, last_rev, last_at`

func scanChannel(row interface{ Scan(...any) error }) (Channel, error) {
	var ch Channel
	var created, archived, deleted int64
	err := row.Scan(&ch.ID, &ch.Slug, &ch.Name, &ch.Kind, &ch.Topic, &ch.Description, &created, &archived, &ch.Announce, &ch.SlowSeconds,
		&ch.general, &ch.key, &ch.version, &deleted, &ch.LastSeq, &ch.LastRev, &ch.lastAt)
	ch.CreatedAt, ch.ArchivedAt, ch.deleted = fromMillis(created), fromMillis(archived), deleted > 0
	if strings.HasPrefix(ch.key, hiddenKey) {
		ch.key = NameKey(ch.Name)
	}
	return ch, err
}

// channelKey is what is unique of a channel's name. Names that not everyone sees are nobody's business: theirs is made
// of the id, behind two spaces, which no key of a name has.
func channelKey(ch Channel) string {
	if ch.Kind == Public && !ch.deleted {
		return NameKey(ch.Name)
	}
	return hiddenKey + ch.ID.String()
}

// hiddenKey begins the key of a name that not everyone sees.
const hiddenKey = "  "

// claimChannelName refuses the name of a public channel that another one has, one that is archived too: it may be taken into
// use again; and one that looks like another's which is in use, but for those that before, its name until now, looked like.
// Names that not everyone sees are neither compared nor told. It writes nothing.
func claimChannelName(ctx context.Context, tx *sql.Tx, ch, before Channel) error {
	if ch.Kind != Public {
		return nil
	}
	var taken, slug string
	var archived int64
	err := tx.QueryRowContext(ctx, `SELECT name, slug, archived_at FROM channels WHERE name_key = $1 AND id <> $2`, channelKey(ch), ch.ID).
		Scan(&taken, &slug, &archived)
	if errors.Is(err, sql.ErrNoRows) {
		return claimChannelLooks(ctx, tx, ch, before)
	}
	if err != nil {
		return err
	}
	refusal := Invalid("name", "There is a channel called “%s” already.", taken)
	if archived > 0 {
		refusal = Invalid("name", "There is an archived channel called “%s” already. It can be read, and its owner or a moderator can take it "+
			"into use again, in its settings.", taken)
	}
	refusal.Channel = slug
	return refusal
}

// claimChannelLooks is claimChannelName for what a name looks like.
func claimChannelLooks(ctx context.Context, tx *sql.Tx, ch, before Channel) error {
	if before.Kind == Public && before.Name == ch.Name {
		return nil
	}
	alike, err := channelLookalikes(ctx, tx, ch.Name, ch.ID)
	if err != nil || len(alike) == 0 {
		return err
	}
	var already []Channel
	if before.Kind == Public {
		if already, err = channelLookalikes(ctx, tx, before.Name, ch.ID); err != nil {
			return err
		}
	}
	for _, other := range alike {
		if !slices.ContainsFunc(already, func(a Channel) bool { return a.ID == other.ID }) {
			refusal := Invalid("name", "“%s” looks too much like “%s”, a channel that is there already. Please choose another name.", ch.Name, other.Name)
			refusal.Channel = other.Slug
			return refusal
		}
	}
	return nil
}

// mayReturn refuses to take an archived channel into use whose name looks like that of one which is in use.
func mayReturn(ctx context.Context, tx *sql.Tx, ch Channel) error {
	if ch.Kind != Public {
		return nil
	}
	alike, err := channelLookalikes(ctx, tx, ch.Name, ch.ID)
	if err != nil || len(alike) == 0 {
		return err
	}
	refusal := Invalid("name", "“%s” looks too much like “%s”, a channel that is in use. It stays archived. Once that one has another name or is archived, "+
		"this one can be taken into use again.", ch.Name, alike[0].Name)
	refusal.Channel = alike[0].Slug
	return refusal
}

// maxNumbered is how many channels share a slug but for their number.
const maxNumbered = 9

// freeSlug finds a slug for a channel, which no other one has or had. Names that differ only in punctuation would
// share one: a number is added. Who does not see a channel cannot guess its slug, nor learn from a number that it is
// there: a random part is added.
func freeSlug(ctx context.Context, tx *sql.Tx, ch Channel) (string, error) {
	switch ch.Kind {
	case Direct:
		return "d-" + strings.ToLower(rand.Text()), nil
	case Private:
		return slugify(ch.Name) + "-" + strings.ToLower(rand.Text()), nil
	}
	base := slugify(ch.Name)
	for n := 1; ; n++ {
		slug := base
		switch {
		case n > maxNumbered:
			slug += "-" + strings.ToLower(rand.Text())[:8] // one member may have taken thousands
		case n > 1:
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		var used bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM channels WHERE slug = $1 AND id <> $2)
			OR EXISTS (SELECT 1 FROM old_slugs WHERE slug = $1 AND channel_id <> $2)`, slug, ch.ID).Scan(&used)
		if err != nil || !used {
			return slug, err
		}
	}
}

// insertChannel adds a channel under a free slug. membersKey is a direct conversation's, else empty.
func insertChannel(ctx context.Context, tx *sql.Tx, ch Channel, by ID, membersKey string) (Channel, error) {
	ch.ID = NewID()
	var err error
	if ch.Slug, err = freeSlug(ctx, tx, ch); err != nil {
		return Channel{}, err
	}
	key := sql.NullString{String: membersKey, Valid: membersKey != ""}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO channels (id, slug, name, name_key, kind, members_key, created_by, created_at, general, last_seq, last_rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`,
		ch.ID, ch.Slug, ch.Name, channelKey(ch), ch.Kind, key, by, ch.CreatedAt.UnixMilli(), ch.general)
	if err != nil || ch.Kind != Public {
		return ch, err
	}
	return ch, setChannelLikenesses(ctx, tx, ch)
}

func selectChannels(ctx context.Context, q querier) ([]Channel, error) {
	return scanChannels(q.QueryContext(ctx, `SELECT `+channelColumns+` FROM channels ORDER BY id`))
}

func scanChannels(rows *sql.Rows, err error) ([]Channel, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []Channel
	for rows.Next() {
		ch, err := scanChannel(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, ch)
	}
	return list, rows.Err()
}

// oldSlugs returns the channels to which slugs lead that are not theirs any more.
func oldSlugs(ctx context.Context, q querier) (map[string]ID, error) {
	rows, err := q.QueryContext(ctx, `SELECT slug, channel_id FROM old_slugs`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	old := make(map[string]ID)
	for rows.Next() {
		var slug string
		var id ID
		if err := rows.Scan(&slug, &id); err != nil {
			return nil, err
		}
		old[slug] = id
	}
	return old, rows.Err()
}

func channelCounters(ctx context.Context, q querier, id ID) (seq, rev int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT last_seq, last_rev FROM channels WHERE id = $1`, id).Scan(&seq, &rev)
	return seq, rev, err
}

// upsertReads moves people's read marks in one channel forward, never back. Reading is not joining: of those whose mark
// has moved, it returns who is not in the channel.
func upsertReads(ctx context.Context, tx *sql.Tx, channel ID, reads map[ID]int64, now time.Time) (outside []ID, err error) {
	people := slices.Sorted(maps.Keys(reads)) // neighbours in the index, too
	return outside, inBatches(people, func(people []ID) error {
		args := make([]any, 0, 5*len(people))
		for _, user := range people {
			args = append(args, channel, user, reads[user], now.UnixMilli(), Seen)
		}
		rows, err := tx.QueryContext(ctx, `
			INSERT INTO memberships (channel_id, user_id, read_seq, joined_at, state) VALUES `+placeholders(1, len(people), 5)+`
			ON CONFLICT (channel_id, user_id) DO UPDATE SET read_seq = excluded.read_seq
			WHERE memberships.read_seq < excluded.read_seq RETURNING user_id, state`, args...)
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // rows.Err tells
		for rows.Next() {
			var user ID
			var state State
			if err := rows.Scan(&user, &state); err != nil {
				return err
			}
			if state != Joined {
				outside = append(outside, user)
			}
		}
		return rows.Err()
	})
}

// updateRead raises the read mark of someone who is in a channel.
func updateRead(ctx context.Context, tx *sql.Tx, channel, user ID, seq int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE memberships SET read_seq = $1 WHERE channel_id = $2 AND user_id = $3 AND read_seq < $1`, seq, channel, user)
	return err
}

// members returns a page of those who are in a channel, sorted by name.
func members(ctx context.Context, q querier, channel ID, f ListQuery) (t List[Member], err error) {
	const from = ` FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND m.state = $2 AND u.deactivated_at = 0 AND u.name_key LIKE $3 ESCAPE '\'`
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*)`+from, channel, Joined, like(NameKey(f.Text))).Scan(&t.Total); err != nil {
		return t, err
	}
	rows, err := q.QueryContext(ctx, `SELECT `+userColumns+`, m.role, m.joined_at`+from+` ORDER BY u.name_key, u.id LIMIT $4 OFFSET $5`,
		channel, Joined, like(NameKey(f.Text)), PageSize, f.Page*PageSize)
	if err != nil {
		return t, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var m Member
		var role string
		var joined int64
		if err := scanUser(rows, &m.User, &role, &joined); err != nil {
			return t, err
		}
		m.Owner, m.JoinedAt = role == channelOwner, fromMillis(joined)
		t.Rows = append(t.Rows, m)
	}
	return t, rows.Err()
}

func countMembers(ctx context.Context, q querier, channel ID) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.channel_id = $1 AND m.state = $2 AND u.deactivated_at = 0`, channel, Joined).Scan(&n)
	return n, err
}
