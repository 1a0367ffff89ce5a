package chat

import (
	"context"
	"testing"

	"chitchat/chat/sqlite"
)

func TestRoles(t *testing.T) {
	for _, rule := range Rules {
		if !RoleOwner.May(rule.Permission) {
			t.Errorf("the owner may not %s", rule.Permission)
		}
		for i, role := range Roles[1:] {
			if role.May(rule.Permission) && !Roles[i].May(rule.Permission) {
				t.Errorf("%s may %s, %s may not", role, rule.Permission, Roles[i])
			}
		}
		if rule.Sentence == "" {
			t.Errorf("%s has no sentence", rule.Permission)
		}
	}
	if RoleGuest.May(MayCreateChannels) || RoleMember.May(MayModerate) || RoleAdmin.May(MayManageWorkspace) ||
		Role("").May(MayPost) || RoleOwner.May("") {
		t.Error("someone may what they may not")
	}
	if !RoleOwner.Outranks(RoleAdmin) || RoleAdmin.Outranks(RoleAdmin) || RoleGuest.Outranks(RoleMember) {
		t.Error("the order of roles is wrong")
	}
}

func TestDeactivatedIsSignedOut(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	a, err := c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session)
	if err != nil || a.Role != RoleMember {
		t.Fatal(a, err)
	}
	err = c.writer.update(t.Context(), func(ctx context.Context, tx *sqlite.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET deactivated_at = 1 WHERE id = $1`, ada.ID)
		return err
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Accounts.Authenticate(t.Context(), ada.ID, ada.Session)
	wantCode(t, err, CodeSignedOut)
}
