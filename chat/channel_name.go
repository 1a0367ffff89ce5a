package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"chitchat/chat/sqlite"
)

// claimChannelName refuses a public channel's name that another public channel has, archived ones included, since they
// may be restored. It also refuses a name that looks like that of an active one, except those that the previous name
// looked like too. Names of channels that not everyone sees are neither compared nor revealed. It writes nothing.
func claimChannelName(ctx context.Context, tx *sqlite.Tx, ch, before Channel) error {
	if ch.Kind != Public {
		return nil
	}
	var taken, slug string
	var archived int64
	err := tx.QueryRowContext(ctx, `SELECT name, slug, archived_at FROM channels WHERE name_key = $1 AND id <> $2`,
		channelKey(ch), ch.ID).
		Scan(&taken, &slug, &archived)
	if errors.Is(err, sql.ErrNoRows) {
		return claimChannelLooks(ctx, tx, ch, before)
	}
	if err != nil {
		return err
	}
	refusal := Invalid("name", "There is a channel called “%s” already.", taken)
	if archived > 0 {
		refusal = Invalid("name",
			"There is an archived channel called “%s” already. It can be read, and its owner or a moderator can take it "+
				"into use again, in its settings.", taken)
	}
	refusal.Channel = slug
	return refusal
}

// claimChannelLooks is the part of claimChannelName about what a name looks like.
func claimChannelLooks(ctx context.Context, tx *sqlite.Tx, ch, before Channel) error {
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
			refusal := Invalid("name",
				"“%s” looks too much like “%s”, a channel that is there already. Please choose another name.", ch.Name, other.Name)
			refusal.Channel = other.Slug
			return refusal
		}
	}
	return nil
}

// mayReturn refuses to restore an archived channel whose name looks like that of an active one.
func mayReturn(ctx context.Context, tx *sqlite.Tx, ch Channel) error {
	if ch.Kind != Public {
		return nil
	}
	alike, err := channelLookalikes(ctx, tx, ch.Name, ch.ID)
	if err != nil || len(alike) == 0 {
		return err
	}
	refusal := Invalid("name",
		"“%s” looks too much like “%s”, a channel that is in use. It stays archived. Once that one has another name "+
			"or is archived, "+
			"this one can be taken into use again.", ch.Name, alike[0].Name)
	refusal.Channel = alike[0].Slug
	return refusal
}
