package chat

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"database/sql"
	"errors"
	"time"

	"chitchat/chat/sqlite"
)

// insertInvitation stores an invitation under the hash of a new secret, which it returns.
func insertInvitation(ctx context.Context, tx *sqlite.Tx, inv Invitation) (secret string, err error) {
	secret = rand.Text()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO invitations (id, hash, role, created_by, created_at, expires_at, max_uses, uses, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, inv.ID, hashToken(secret), inv.Role, inv.CreatedBy.ID,
		inv.CreatedAt.UnixMilli(), inv.ExpiresAt.UnixMilli(), inv.MaxUses)
	for _, ch := range inv.Channels {
		if err != nil {
			return "", err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO invitation_channels (invitation_id, channel_id) VALUES ($1, $2)`, inv.ID,
			ch.ID)
	}
	return secret, err
}

// invitationColumns are the columns of an Invitation without its channels, from the table invitations as i;
// scanInvitation reads them.
const invitationColumns = `i.id, i.role, i.created_by, i.created_at, i.expires_at, i.revoked_at, i.max_uses, i.uses`

// scanInvitation reads a row that begins with invitationColumns; more is the destination of the other columns.
func scanInvitation(row sqlite.Scanner, inv *Invitation, more ...any) error {
	var created, expires, revoked int64
	err := row.Scan(append([]any{&inv.ID, &inv.Role, &inv.CreatedBy.ID, &created, &expires, &revoked, &inv.MaxUses,
		&inv.Uses}, more...)...)
	inv.CreatedAt, inv.ExpiresAt, inv.RevokedAt = fromMillis(created), fromMillis(expires), fromMillis(revoked)
	return err
}

// findInvitation returns the invitation of a secret, if it works; its channels have only their IDs. Text that cannot be
// a secret is refused without a query.
func findInvitation(ctx context.Context, q sqlite.Querier, secret string, now time.Time) (inv Invitation, err error) {
	if len(secret) != tokenLen {
		return inv, errNoInvitation
	}
	var stored string
	hash := hashToken(secret)
	err = scanInvitation(q.QueryRowContext(ctx,
		`SELECT `+invitationColumns+`, i.hash FROM invitations i WHERE i.hash = $1`, hash), &inv, &stored)
	if errors.Is(err, sql.ErrNoRows) || err == nil && subtle.ConstantTimeCompare([]byte(stored), []byte(hash)) != 1 {
		return inv, errNoInvitation
	}
	if err != nil {
		return inv, err
	}
	if !inv.Works(now) {
		return inv, errNoInvitation
	}
	ids, err := invitationChannels(ctx, q, inv.ID)
	for _, id := range ids {
		inv.Channels = append(inv.Channels, Channel{ID: id})
	}
	return inv, err
}

func invitationChannels(ctx context.Context, q sqlite.Querier, invitation ID) ([]ID, error) {
	return sqlite.Collect(ctx, q, scanID,
		`SELECT channel_id FROM invitation_channels WHERE invitation_id = $1 ORDER BY channel_id`, invitation)
}

// channelsOfInvitations returns the channels of each of the invitations, by invitation ID.
func channelsOfInvitations(ctx context.Context, q sqlite.Querier, list []Invitation) (map[ID][]ID, error) {
	if len(list) == 0 {
		return nil, nil
	}
	args := make([]any, len(list))
	for i, inv := range list {
		args[i] = inv.ID
	}
	of := make(map[ID][]ID)
	err := sqlite.Each(ctx, q, `SELECT invitation_id, channel_id FROM invitation_channels WHERE invitation_id IN `+
		sqlite.InList(1, len(args))+` ORDER BY channel_id`, args, func(row sqlite.Scanner) error {
		invitation, channel, err := sqlite.Pair[ID, ID](row)
		of[invitation] = append(of[invitation], channel)
		return err
	})
	return of, err
}

// selectInvitations returns a page of invitations, without their channels.
func selectInvitations(ctx context.Context, q sqlite.Querier, f ListQuery) (t List[Invitation], err error) {
	const from = ` FROM invitations i JOIN users u ON u.id = i.created_by WHERE u.name_key LIKE $1 ESCAPE '\'
		OR i.role = $2`
	t.ListQuery = f
	if err := q.QueryRowContext(ctx, `SELECT count(*)`+from, like(NameKey(f.Text)), f.Text).Scan(&t.Total); err != nil {
		return t, err
	}
	t.Rows, err = sqlite.Collect(ctx, q, func(row sqlite.Scanner) (inv Invitation, err error) {
		err = scanInvitation(row, &inv, &inv.CreatedBy.Name)
		return inv, err
	}, `
		SELECT `+invitationColumns+`, u.name`+from+`
		ORDER BY i.id DESC LIMIT $3 OFFSET $4`, like(NameKey(f.Text)), f.Text, PageSize, f.Page*PageSize)
	return t, err
}

// revokeInvitation reports whether the invitation exists, and whether it was in force.
func revokeInvitation(ctx context.Context, tx *sqlite.Tx, id ID) (there, changed bool, err error) {
	var revoked int64
	err = tx.QueryRowContext(ctx, `SELECT revoked_at FROM invitations WHERE id = $1`, id).Scan(&revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	if err != nil || revoked > 0 {
		return true, false, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE invitations SET revoked_at = $1 WHERE id = $2`, tx.Now.UnixMilli(), id)
	return true, true, err
}

// revokeInvitationsOf revokes the invitations of a user who may no longer invite, except those for the roles in but.
func revokeInvitationsOf(ctx context.Context, tx *sqlite.Tx, user ID, but ...Role) error {
	query, args := `UPDATE invitations SET revoked_at = $1 WHERE created_by = $2
		AND revoked_at = 0`, []any{tx.Now.UnixMilli(), user}
	if len(but) > 0 {
		query += ` AND role NOT IN ` + sqlite.InList(3, len(but))
		for _, role := range but {
			args = append(args, role)
		}
	}
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// insertInvited adds a user of any role. A guest starts in no channel.
func insertInvited(ctx context.Context, tx *sqlite.Tx, a Actor) error {
	if err := insertUser(ctx, tx, a.User); err != nil {
		return err
	}
	if a.Role == RoleGuest {
		if _, err := tx.ExecContext(ctx, `DELETE FROM memberships WHERE user_id = $1`, a.ID); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE users SET role = $1 WHERE id = $2`, a.Role, a.ID)
	return err
}

// isMissing reports whether the user is not a member of one of the invitation's open channels.
func isMissing(ctx context.Context, q sqlite.Querier, invitation, user ID) (missing bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (
		SELECT 1 FROM invitation_channels i JOIN channels c ON c.id = i.channel_id
		WHERE i.invitation_id = $1 AND c.archived_at = 0 AND c.deleted_at = 0 AND NOT EXISTS (
			SELECT 1 FROM memberships m WHERE m.channel_id = c.id AND m.user_id = $2
				AND m.state = $3))`, invitation, user, Joined).Scan(&missing)
	return missing, err
}
