package chat

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"

	"chitchat/chat/sqlite"
)

const channelColumns = `id, slug, name, kind, topic, description, created_at, archived_at, announce_only, slow_seconds,
	general, name_key, edition, deleted_at, last_seq, last_rev, last_at, pins`

func scanChannel(row sqlite.Scanner) (Channel, error) {
	var ch Channel
	var created, archived, deleted int64
	err := row.Scan(&ch.ID, &ch.Slug, &ch.Name, &ch.Kind, &ch.Topic, &ch.Description, &created, &archived, &ch.Announce,
		&ch.SlowSeconds,
		&ch.general, &ch.key, &ch.version, &deleted, &ch.LastSeq, &ch.LastRev, &ch.lastAt,
		&ch.Pins)
	ch.CreatedAt, ch.ArchivedAt, ch.deleted = fromMillis(created), fromMillis(archived), deleted > 0
	if strings.HasPrefix(ch.key, hiddenKey) {
		ch.key = NameKey(ch.Name)
	}
	return ch, err
}

// channelKey returns the unique key of a channel's name. The key of a channel that not everyone sees is made of its ID,
// after two spaces, which no name's key has: its name may be taken by others.
func channelKey(ch Channel) string {
	if ch.Kind == Public && !ch.deleted {
		return NameKey(ch.Name)
	}
	return hiddenKey + ch.ID.String()
}

// hiddenKey is the prefix of the key of a name that not everyone sees.
const hiddenKey = "  "

// maxNumbered is how many channels can share a slug that differs only in its number.
const maxNumbered = 9

// freeSlug returns a slug for a channel that no other one has or had. Names that differ only in punctuation would share
// one: a number is added. For a channel that not everyone sees a random part is added: others can neither guess its
// slug nor infer from a number that it exists.
func freeSlug(ctx context.Context, tx *sqlite.Tx, ch Channel) (string, error) {
	switch ch.Kind {
	case Direct:
		return "d-" + strings.ToLower(rand.Text()), nil
	case Private:
		return slugify(ch.Name) + "-" + strings.ToLower(rand.Text()), nil
	case Public:
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

// insertChannel adds a channel under a free slug. membersKey is set for a direct conversation, else empty.
func insertChannel(ctx context.Context, tx *sqlite.Tx, ch Channel, by ID, membersKey string) (Channel, error) {
	ch.ID = NewID()
	var err error
	if ch.Slug, err = freeSlug(ctx, tx, ch); err != nil {
		return Channel{}, err
	}
	key := sql.NullString{String: membersKey, Valid: membersKey != ""}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO channels (id, slug, name, name_key, kind, members_key, created_by, created_at, general, last_seq,
			last_rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`,
		ch.ID, ch.Slug, ch.Name, channelKey(ch), ch.Kind, key, by, ch.CreatedAt.UnixMilli(), ch.general)
	if err != nil || ch.Kind != Public {
		return ch, err
	}
	return ch, setChannelLikenesses(ctx, tx, ch)
}

// selectChannels returns the channels with those IDs, deleted ones included. Of many, as when the program starts, it
// reads all that there are.
func selectChannels(ctx context.Context, q sqlite.Querier, ids []ID) (list []Channel, err error) {
	if len(ids) > 256 {
		return sqlite.Collect(ctx, q, scanChannel, `SELECT `+channelColumns+` FROM channels ORDER BY id`)
	}
	err = sqlite.InBatches(ids, func(batch []ID) error {
		args := make([]any, len(batch))
		for i, id := range batch {
			args[i] = id
		}
		some, err := sqlite.Collect(ctx, q, scanChannel,
			`SELECT `+channelColumns+` FROM channels WHERE id IN `+sqlite.InList(1, len(batch))+` ORDER BY id`, args...)
		list = append(list, some...)
		return err
	})
	return list, err
}

// channelVersion is how far a channel has come.
type channelVersion struct {
	id                    ID
	version, seq, rev, at int64
}

// selectChannelVersions returns those of every channel, deleted ones included.
func selectChannelVersions(ctx context.Context, q sqlite.Querier) ([]channelVersion, error) {
	return sqlite.Collect(ctx, q, func(row sqlite.Scanner) (n channelVersion, err error) {
		err = row.Scan(&n.id, &n.version, &n.seq, &n.rev, &n.at)
		return n, err
	}, `SELECT id, edition, last_seq, last_rev, last_at FROM channels ORDER BY id`)
}

// oldSlugs returns the earlier slugs with the channels that they lead to.
func oldSlugs(ctx context.Context, q sqlite.Querier) (map[string]ID, error) {
	return sqlite.CollectMap(ctx, q, sqlite.Pair[string, ID], `SELECT slug, channel_id FROM old_slugs`)
}

// feedCounters returns the counters of a channel or a thread.
func feedCounters(ctx context.Context, q sqlite.Querier, ch *cachedChannel) (seq, rev int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT last_seq, last_rev FROM `+feedTable(ch.ref())+` WHERE id = $1`, ch.ID).
		Scan(&seq, &rev)
	return seq, rev, err
}
