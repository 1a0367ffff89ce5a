package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// Users who never posted: anyone can join an open workspace with a name, 120 times a minute and address, and each gets
// a row, and one for every public channel. Those who cannot sign in again and to whom nothing refers are deleted.
const (
	passerByLifetime = 7 * 24 * time.Hour
	passersByAtOnce  = 50 // per transaction: each user may have rows for some hundred channels
)

// neverPosted is the condition of users to delete: $1 is the time, $2 the latest time of their creation. They cannot
// sign in again as the same user, and nothing that others see refers to them: the audit log has names as text. They
// have the role member, and are in no channel except General Talk and those that they only visited.
const neverPosted = `NOT u.posted AND u.role = 'member' AND u.deactivated_at = 0 AND u.created_at <= $2
	AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id AND s.expires_at > $1)
	AND NOT EXISTS (SELECT 1 FROM passwords p WHERE p.user_id = u.id)
	AND NOT EXISTS (SELECT 1 FROM passkeys k WHERE k.user_id = u.id)
	AND u.id NOT IN (SELECT user_id FROM tokens WHERE expires_at > $1)
	AND NOT EXISTS (SELECT 1 FROM attachments f WHERE f.user_id = u.id AND f.seq = 0)
	AND NOT EXISTS (SELECT 1 FROM channels c WHERE c.created_by = u.id AND c.deleted_at = 0)
	AND NOT EXISTS (SELECT 1 FROM memberships m JOIN channels c ON c.id = m.channel_id WHERE m.user_id = u.id
		AND m.state = 'joined' AND NOT c.general)
	AND ` + neverReferred

// neverReferred is the condition of users to whom no other table refers.
const neverReferred = `NOT EXISTS (SELECT 1 FROM bans b WHERE b.user_id = u.id)
	AND u.id NOT IN (SELECT created_by FROM bans) AND u.id NOT IN (SELECT created_by FROM invitations)
	AND u.id NOT IN (SELECT author_id FROM reports) AND u.id NOT IN (SELECT created_by FROM reports)
		AND u.id NOT IN (SELECT closed_by FROM reports) AND u.id NOT IN (SELECT created_by FROM emoji)`

// endNeverPosted deletes users who never posted and are gone for good, in batches. It looks for them outside the
// writer, which would block it, and checks each again in the transaction that deletes it.
func (c *core) endNeverPosted(ctx context.Context) error {
	for last := ID(0); ctx.Err() == nil; {
		now := c.now()
		args := []any{now.UnixMilli(), now.Add(-passerByLifetime).UnixMilli()}
		found, err := sqlite.Collect(ctx, c.db, scanID,
			`SELECT u.id FROM users u WHERE `+neverPosted+` AND u.id > $3 ORDER BY u.id LIMIT $4`,
			append(args, last, passersByAtOnce)...)
		if err != nil || len(found) == 0 {
			return err
		}
		last = found[len(found)-1]
		type removed struct{ people, pictures []ID }
		gone, err := updateQuietlyValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (gone removed, err error) {
			list := append([]any(nil), args...)
			for _, id := range found {
				list = append(list, id)
			}
			gone.people, err = sqlite.Collect(ctx, tx, scanID,
				`SELECT u.id FROM users u WHERE `+neverPosted+` AND u.id IN `+sqlite.InList(3, len(found)), list...)
			if err != nil || len(gone.people) == 0 {
				return gone, err
			}
			gone.pictures, err = deleteUsers(ctx, tx, gone.people)
			return gone, err
		}, func(gone removed) { c.hub.usersDeleted(gone.people) })
		if err != nil {
			return err
		}
		c.dropped(gone.pictures)
	}
	return ctx.Err()
}

// deleteUsers deletes users with all their rows, and returns their pictures. Call hub.usersDeleted after the commit.
func deleteUsers(ctx context.Context, tx *sqlite.Tx, people []ID) (pictures []ID, err error) {
	args := make([]any, len(people))
	for i, id := range people {
		args[i] = id
	}
	in := sqlite.InList(1, len(args))
	pictures, err = sqlite.Collect(ctx, tx, scanID, `SELECT avatar FROM users WHERE avatar > 0 AND id IN `+in, args...)
	if err != nil {
		return nil, err
	}
	for _, id := range people { // only expired ones are left
		if _, err := endSessions(ctx, tx, id, 0, 0); err != nil {
			return nil, err
		}
	}
	for _, statement := range []string{
		`DELETE FROM tokens WHERE user_id IN `,
		`DELETE FROM passwords WHERE user_id IN `,
		`DELETE FROM totps WHERE user_id IN `,
		`DELETE FROM recovery_codes WHERE user_id IN `,
		`DELETE FROM passkeys WHERE user_id IN `,
		`DELETE FROM memberships WHERE user_id IN `,
		`DELETE FROM mentions WHERE user_id IN `,
		`DELETE FROM drafts WHERE user_id IN `,
		`DELETE FROM sections WHERE user_id IN `,
		`DELETE FROM blocks WHERE user_id IN `,
		`DELETE FROM blocks WHERE blocked_id IN `,
		`DELETE FROM likenesses WHERE user_id IN `,
		`DELETE FROM saved WHERE user_id IN `,
		`DELETE FROM read_undo WHERE user_id IN `,
		`DELETE FROM thread_followers WHERE user_id IN `,
		`DELETE FROM users WHERE id IN `,
	} {
		if _, err := tx.ExecContext(ctx, statement+in, args...); err != nil {
			return nil, err
		}
	}
	return pictures, nil
}

// usersDeleted forgets the users, none of whom is online.
func (h *hub) usersDeleted(people []ID) {
	h.profiles.mu.Lock()
	for _, id := range people {
		delete(h.profiles.byID, id)
		delete(h.profiles.read, id)
	}
	h.profiles.mu.Unlock()
	for _, id := range people {
		h.forgetGuest(id)
	}
	for _, ch := range h.channels.all() {
		ch.counted.Store(nil)
	}
}

var (
	errHasPosted = Errorf(CodeForbidden,
		"This person has said something here, which stays under their name. Deactivate them instead.")
	errIsReferred = Errorf(CodeForbidden,
		"This person never posted, but others still need to know who it is: they have made a channel or an invitation, "+
			"were written to directly, or stand in a report or a ban. Deactivate them instead.")
)

// DeleteUser deletes a user below the actor who never posted, with everything of theirs, even if they could still sign
// in. Their name becomes free. A user who has posted, or whom others need, can only be deactivated.
func (c Admin) DeleteUser(ctx context.Context, a Actor, user ID) error {
	if !a.Role.May(MayManagePeople) {
		return errNotFound
	}
	gone, err := actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (gone deletedUser, err error) {
		_, deactivated, err := requireOutranks(ctx, tx, a, user)
		switch {
		case err != nil:
			return gone, err
		case deactivated:
			return gone, errDeactivatedUser // the name stays taken on purpose
		}
		if err := mayRemove(ctx, tx, user); err != nil {
			return gone, err
		}
		if err := c.audit(ctx, tx, a, "user.removed", user, 0, ""); err != nil {
			return gone, err
		}
		begun, err := sqlite.Collect(ctx, tx, scanChannel,
			`SELECT `+channelColumns+` FROM channels WHERE kind = 'direct' AND deleted_at = 0
			AND id IN (SELECT channel_id FROM memberships WHERE user_id = $1)`, user)
		if err != nil {
			return gone, err
		}
		for _, ch := range begun { // they have no messages
			left, waiting, err := deleteChannel(ctx, tx, ch)
			if err != nil {
				return gone, err
			}
			gone.unsaid, gone.files = append(gone.unsaid, left), append(gone.files, waiting...)
		}
		waiting, err := sqlite.Collect(ctx, tx, scanID, `DELETE FROM attachments WHERE user_id = $1 AND seq = 0 RETURNING id`,
			user)
		if err != nil {
			return gone, err
		}
		gone.files = append(gone.files, waiting...)
		owned, err := sqlite.Collect(ctx, tx, scanID, `SELECT channel_id FROM memberships WHERE user_id = $1 AND role = $2`,
			user, channelOwner)
		if err != nil {
			return gone, err
		}
		if gone.sessions, err = endSessions(ctx, tx, user, 0, 0); err != nil {
			return gone, err
		}
		pictures, err := deleteUsers(ctx, tx, []ID{user})
		if err != nil {
			return gone, err
		}
		gone.files = append(gone.files, pictures...)
		for _, ch := range owned {
			if err := promoteSuccessor(ctx, tx, ch); err != nil {
				return gone, err
			}
		}
		return gone, nil
	}, func(gone deletedUser) {
		c.hub.sessionsEnded(gone.sessions)
		c.hub.disconnectUser(user)
		c.hub.usersDeleted([]ID{user})
		c.hub.channelChanged(gone.unsaid...)
	})
	c.dropped(gone.files)
	return err
}

// deletedUser is what was deleted with a user.
type deletedUser struct {
	sessions []ID
	files    []ID // to be removed from the file store
	unsaid   []Channel
}

// mayRemove refuses to remove a user who has posted, or whom others need.
func mayRemove(ctx context.Context, q sqlite.Querier, user ID) error {
	var posted, free bool
	err := q.QueryRowContext(ctx, `SELECT u.posted, `+neverReferred+`
		AND NOT EXISTS (SELECT 1 FROM channels c WHERE c.created_by = u.id AND c.deleted_at = 0 AND (c.kind <> 'direct'
			OR c.last_seq > 0))
		AND NOT EXISTS (SELECT 1 FROM memberships m JOIN channels c ON c.id = m.channel_id
			WHERE m.user_id = u.id AND m.state = 'joined' AND c.kind = 'direct' AND c.last_seq > 0)
		FROM users u WHERE u.id = $1`, user).Scan(&posted, &free)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errNotFound
	case err != nil:
		return err
	case posted:
		return errHasPosted
	case !free:
		return errIsReferred
	}
	return nil
}
