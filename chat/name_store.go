package chat

import (
	"context"

	"chitchat/chat/sqlite"
)

// nameHolder is a user whom a word names after an @.
type nameHolder struct {
	id            ID
	name, handle  string
	byName, keeps bool // their name, or else their handle; nobody else can take it
}

// nameHolders returns the users whose name or handle has the key: a handle is its own key. A user keeps both while they
// have a session, have ever posted, have a way to sign in, have a role other than member, are deactivated, or are
// banned, since they could return under the name.
func nameHolders(ctx context.Context, tx *sqlite.Tx, key string) ([]nameHolder, error) {
	return sqlite.Collect(ctx, tx, scanNameHolder, nameHolderQuery+`WHERE name_key = $1 OR handle = $1`, key,
		tx.Now.UnixMilli())
}

// nameHolderQuery takes a key and the time, and wants to know which users.
var nameHolderQuery = `
	SELECT id, name, COALESCE(handle, ''), COALESCE(name_key, '') = $1, posted OR role <> 'member' OR deactivated_at > 0
		OR EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = users.id AND s.expires_at > $2)
		OR EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = users.id)
		OR EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = users.id)
		OR EXISTS (SELECT 1 FROM bans b WHERE b.user_id = users.id AND b.channel_id = 0 AND ` + banInForce(2) + `)
	FROM users `

func scanNameHolder(row sqlite.Scanner) (h nameHolder, err error) {
	err = row.Scan(&h.id, &h.name, &h.handle, &h.byName, &h.keeps)
	return h, err
}

// freeNames removes name and handle of users who do not keep them. Nobody can be those users again, so their profiles
// are removed too.
func freeNames(ctx context.Context, tx *sqlite.Tx, list []nameHolder, claimer ID) error {
	for _, h := range list {
		if h.id == claimer {
			continue
		}
		_, err := tx.ExecContext(ctx,
			`UPDATE users SET name_key = NULL, handle = NULL, email = '', pronouns = '', title = '', time_zone = '',
			status_emoji = '', status_text = '', status_until = 0, away = FALSE, avatar = 0, avatar_size = 0
			WHERE id = $1`, h.id)
		if err != nil {
			return err
		}
	}
	return nil
}
