package chat

import (
	"context"
	"slices"
	"time"

	"chitchat/chat/sqlite"
)

// Invitation is a link that lets people into the workspace.
//
//   - It works until ExpiresAt, for MaxUses people (0: no limit), unless it is revoked.
//   - Accepting it grants the role and joins the channels. It never lowers a role.
//   - Its secret is shown once, when it is made.
type Invitation struct {
	ID        ID
	Role      Role
	Channels  []Channel // those that exist and are not archived
	CreatedBy User
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero: not revoked
	MaxUses   int
	Uses      int
}

// Works reports whether the invitation can still be accepted.
func (i Invitation) Works(now time.Time) bool {
	return i.RevokedAt.IsZero() && now.Before(i.ExpiresAt) && (i.MaxUses == 0 || i.Uses < i.MaxUses)
}

// NewInvitation holds the settings of an invitation to create.
type NewInvitation struct {
	Role     Role
	Channels []string // slugs
	Lifetime time.Duration
	MaxUses  int // 0: no limit
}

// Limits of an invitation.
const (
	MaxInvitationLifetime = 90 * 24 * time.Hour
	MaxInvitationUses     = 10_000
	maxInvitationChannels = 100
)

var errNoInvitation = Errorf(CodeNotFound,
	"This invitation does not work any more: it ran out, was used up, or was taken back. Ask for another one.")

// CreateInvitation makes an invitation and returns the secret of its link, which cannot be read again. The actor must
// see its channels; an invitation of a guest needs at least one.
func (c Admin) CreateInvitation(ctx context.Context, a Actor,
	n NewInvitation) (inv Invitation, secret string, err error) {
	if !a.Role.May(MayInvite) {
		return inv, "", errNotFound
	}
	switch {
	case !a.Role.Outranks(n.Role) || !n.Role.Valid():
		return inv, "", Invalid("role", "Please choose a role below your own.")
	case n.Lifetime < time.Minute || n.Lifetime > MaxInvitationLifetime:
		return inv, "", Invalid("days", "An invitation works for 1 to %d days.", int(MaxInvitationLifetime.Hours()/24))
	case n.MaxUses < 0 || n.MaxUses > MaxInvitationUses:
		return inv, "", Invalid("uses", "An invitation is for at most %d people; 0 is for as many as come.",
			MaxInvitationUses)
	case n.Role == RoleGuest && len(n.Channels) == 0:
		return inv, "", Invalid("channel",
			"A guest sees nothing but the channels of the invitation: please choose at least one.")
	case len(n.Channels) > maxInvitationChannels:
		return inv, "", Invalid("channel", "At most %d channels fit into an invitation.", maxInvitationChannels)
	}
	now := c.now()
	inv = Invitation{ID: NewID(), Role: n.Role, CreatedBy: a.User, CreatedAt: now, ExpiresAt: now.Add(n.Lifetime),
		MaxUses: n.MaxUses}
	for _, slug := range n.Channels {
		ch, err := c.authorize(ctx, a, slug)
		if err != nil {
			return inv, "", err
		}
		f := ch.snapshot()
		if f.Kind == Direct || f.Archived() {
			return inv, "", Invalid("channel", "An invitation cannot lead to that channel.")
		}
		if !slices.ContainsFunc(inv.Channels, func(other Channel) bool { return other.ID == f.ID }) {
			inv.Channels = append(inv.Channels, f)
		}
	}
	secret, err = actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) (string, error) {
		if !a.Role.May(MayInvite) || !a.Role.Outranks(n.Role) {
			return "", errNotFound
		}
		secret, err := insertInvitation(ctx, tx, inv)
		if err != nil {
			return "", err
		}
		return secret, c.audit(ctx, tx, a, "invitation.created", 0, 0, inv.ID.String()+" "+string(inv.Role))
	}, nil)
	return inv, secret, err
}

// Invitations finds invitations by role or by the name of their creator, newest first.
func (c Admin) Invitations(ctx context.Context, a Actor, f ListQuery) (List[Invitation], error) {
	if !a.Role.May(MayInvite) {
		return List[Invitation]{}, errNotFound
	}
	t, err := selectInvitations(ctx, c.db, f.clean())
	if err != nil {
		return t, err
	}
	of, err := channelsOfInvitations(ctx, c.db, t.Rows)
	if err != nil {
		return t, err
	}
	var channels []ID
	for _, ids := range of {
		channels = append(channels, ids...)
	}
	seen, err := c.visibleAmong(ctx, a, channels)
	for i := range t.Rows {
		for _, id := range of[t.Rows[i].ID] { // a private channel that the actor does not see is not shown to them
			if ch := seen[id]; ch != nil {
				t.Rows[i].Channels = append(t.Rows[i].Channels, ch.snapshot())
			}
		}
	}
	return t, err
}

// RevokeInvitation revokes an invitation. Those who accepted it stay. Idempotent.
func (c Admin) RevokeInvitation(ctx context.Context, a Actor, id ID) error {
	if !a.Role.May(MayInvite) {
		return errNotFound
	}
	return c.act(ctx, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) error {
		if !a.Role.May(MayInvite) {
			return errNotFound
		}
		switch there, changed, err := revokeInvitation(ctx, tx, id); {
		case err != nil:
			return err
		case !there:
			return errNotFound
		case !changed:
			return nil
		}
		return c.audit(ctx, tx, a, "invitation.revoked", 0, 0, id.String())
	}, nil)
}

// Invitation returns the invitation of the secret, without using it.
func (c Accounts) Invitation(ctx context.Context, secret string) (Invitation, error) {
	inv, err := findInvitation(ctx, c.db, secret, c.now())
	if err != nil {
		return inv, err
	}
	users, err := usersByID(ctx, c.db, []ID{inv.CreatedBy.ID})
	if err == nil && len(users) == 1 {
		inv.CreatedBy = users[0]
	}
	inv.Channels = c.openChannels(inv.Channels)
	return inv, err
}

// openChannels returns those of an invitation's channels that exist and are not archived.
func (c *core) openChannels(of []Channel) []Channel {
	var open []Channel
	for _, old := range of {
		if ch := c.hub.channels.byID(old.ID); ch != nil && !ch.info.Load().Archived() {
			open = append(open, ch.snapshot())
		}
	}
	return open
}

// NeedsPassword reports whether accepting the invitation requires an account with a password.
func (c Accounts) NeedsPassword(inv Invitation) bool {
	return c.admin.Workspace().JoinPolicy != JoinOpen || inv.Role.Outranks(RoleMember)
}

// AcceptInvitationAsNew uses an invitation to create a user of that name, with a password if the workspace or the role
// requires one. Of several concurrent calls for the last use, one succeeds.
func (c Accounts) AcceptInvitationAsNew(ctx context.Context, secret, name, password string) (Actor, error) {
	inv, err := c.Invitation(ctx, secret) // before hashing, which is expensive
	if err != nil {
		return Actor{}, err
	}
	if name, err = cleanName(name); err != nil {
		return Actor{}, err
	}
	hash := ""
	if password != "" || c.NeedsPassword(inv) {
		if err := cleanPassword(password, name); err != nil {
			return Actor{}, err
		}
		if hash, err = c.hasher.hash(ctx, password); err != nil {
			return Actor{}, err
		}
	}
	a := c.newActor(ctx, Actor{User: User{ID: NewID(), Name: name, CreatedAt: c.now()}, Role: inv.Role})
	err = c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		if _, err := findInvitation(ctx, tx, secret, tx.Now); err != nil {
			return err
		}
		if err := claimName(ctx, tx, name, a.ID); err != nil {
			return err
		}
		if err := insertInvited(ctx, tx, a); err != nil {
			return err
		}
		if hash != "" {
			if err := upsertPassword(ctx, tx, a.ID, hash); err != nil {
				return err
			}
		}
		if err := c.enterChannels(ctx, tx, inv, a.ID); err != nil {
			return err
		}
		if _, err := c.insertSession(ctx, tx, a); err != nil {
			return err
		}
		return c.audit(ctx, tx, a, "invitation.used", a.ID, 0, inv.ID.String()+" "+string(inv.Role))
	}, c.hub.membersChanged)
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// AcceptInvitation uses an invitation for the actor, who is a user already: it joins them to its channels and gives
// them its role if that is above their own. An invitation that would change nothing is not used.
func (c Accounts) AcceptInvitation(ctx context.Context, a Actor, secret string) (Role, error) {
	type accepted struct {
		role   Role
		raised bool
	}
	now, err := updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (now accepted, err error) {
		inv, err := findInvitation(ctx, tx, secret, tx.Now)
		if err != nil {
			return now, err
		}
		if err := c.signInBlocked(ctx, tx, a.ID); err != nil { // they may have been banned since the request began
			return now, err
		}
		if now.role, err = roleOf(ctx, tx, a.ID, a.Session); err != nil {
			return now, err
		}
		now.raised = inv.Role.Outranks(now.role)
		if now.raised {
			if ok, err := hasPassword(ctx, tx, a.ID); err != nil {
				return now, err
			} else if !ok && c.NeedsPassword(inv) {
				return now, Errorf(CodeForbidden,
					"This invitation makes you %s, and that needs an account: protect your name with a password first, then open "+
						"the link again.", inv.Role)
			}
		}
		missing, err := isMissing(ctx, tx, inv.ID, a.ID)
		if err != nil || !missing && !now.raised {
			return now, err
		}
		if now.raised {
			if err := c.changeRole(ctx, tx, a.ID, now.role, inv.Role); err != nil {
				return now, err
			}
			now.role = inv.Role
		}
		if err := c.enterChannels(ctx, tx, inv, a.ID); err != nil {
			return now, err
		}
		return now, c.audit(ctx, tx, a, "invitation.used", a.ID, 0, inv.ID.String()+" "+string(inv.Role))
	}, func(now accepted) {
		c.hub.membersChanged()
		if now.raised {
			c.hub.roleChanged(a.ID)
		}
	})
	return now.role, err
}

// enterChannels counts a use of the invitation and makes the user a member of its channels.
func (c *core) enterChannels(ctx context.Context, tx *sqlite.Tx, inv Invitation, user ID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE invitations SET uses = uses + 1 WHERE id = $1`, inv.ID); err != nil {
		return err
	}
	for _, ch := range c.openChannels(inv.Channels) {
		if err := join(ctx, tx, ch.ID, user); err != nil {
			return err
		}
	}
	return nil
}
