package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// CreateSetupLink returns the secret of the link that makes its user the owner. It replaces the previous link. The
// secret is "" when the workspace has an owner.
func (c Accounts) CreateSetupLink(ctx context.Context) (secret string, err error) {
	return updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) (string, error) {
		if owned, err := hasOwner(ctx, tx); err != nil || owned {
			return "", err
		}
		if err := deleteTokens(ctx, tx, tokenSetup, 0); err != nil {
			return "", err
		}
		return insertToken(ctx, tx, tokenSetup, token{}, setupLinkLifetime)
	}, nil)
}

// CheckSetupLink fails with CodeNotFound when the secret makes nobody the owner.
func (c Accounts) CheckSetupLink(ctx context.Context, secret string) error {
	_, err := findToken(ctx, c.db, tokenSetup, secret, c.now())
	return err
}

// ClaimWorkspace uses up the setup link: it starts a session of the owner, with that name and password. A signed-in
// actor a stays the same user; otherwise a is the zero Actor.
func (c Accounts) ClaimWorkspace(ctx context.Context, a Actor, secret string, p Workspace, name,
	password string) (Actor, error) {
	if err := c.CheckSetupLink(ctx, secret); err != nil { // before hashing, which is expensive
		return Actor{}, err
	}
	p, err := cleanWorkspace(p)
	if err != nil {
		return Actor{}, err
	}
	if name, err = cleanName(name); err != nil {
		return Actor{}, err
	}
	if err := cleanPassword(password, name); err != nil {
		return Actor{}, err
	}
	hash, err := c.hasher.hash(ctx, password)
	if err != nil {
		return Actor{}, err
	}
	known, before := a.ID != 0, a.Name
	if !known {
		a.User = User{ID: NewID(), CreatedAt: c.now()}
	}
	a.Name, a.Role = name, RoleOwner
	a = c.newActor(ctx, a)
	_, err = updateValue(ctx, c.writer, func(ctx context.Context, tx *sqlite.Tx) ([]ID, error) {
		t, err := findToken(ctx, tx, tokenSetup, secret, tx.Now)
		if err != nil {
			return nil, err
		}
		if err := claimName(ctx, tx, name, a.ID); err != nil {
			return nil, err
		}
		if known {
			if err := c.signInBlocked(ctx, tx, a.ID); err != nil {
				return nil, err
			}
		}
		if err := useToken(ctx, tx, t); err != nil {
			return nil, err
		}
		switch {
		case !known:
			err = insertUser(ctx, tx, a.User)
		case name != before:
			err = updateName(ctx, tx, a.User)
		}
		if err != nil {
			return nil, err
		}
		ended, err := endSessions(ctx, tx, a.ID, 0, 0) // someone else may have signed in without the password
		if err != nil {
			return nil, err
		}
		return ended, c.insertOwner(ctx, tx, a, p, hash)
	}, func(ended []ID) {
		c.hub.sessionsEnded(ended)
		c.setWorkspace(p)
		if known && name != before {
			c.hub.profilesChanged()
		}
	})
	if err != nil {
		return Actor{}, err
	}
	return a, nil
}

// insertOwner makes the actor, whose user exists, the owner of the workspace.
func (c *core) insertOwner(ctx context.Context, tx *sqlite.Tx, a Actor, p Workspace, hash string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE users SET role = $1 WHERE id = $2`, RoleOwner, a.ID); err != nil {
		return err
	}
	if err := upsertPassword(ctx, tx, a.ID, hash); err != nil {
		return err
	}
	if err := upsertWorkspace(ctx, tx, p, true); err != nil {
		return err
	}
	if _, err := c.insertSession(ctx, tx, a); err != nil {
		return err
	}
	return c.audit(ctx, tx, a, "workspace.claimed", a.ID, 0, "")
}

// hasOwner reports whether the workspace has an owner.
func hasOwner(ctx context.Context, q sqlite.Querier) (owned bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE role = $1 AND deactivated_at = 0)`, RoleOwner).
		Scan(&owned)
	return owned, err
}

// setupLinkLifetime is long: the link stays in a log until somebody opens it, and every start makes a new one.
const setupLinkLifetime = 30 * 24 * time.Hour
