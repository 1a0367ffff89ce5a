package chat

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"chitchat/chat/sqlite"
)

// Role is what a user may do in the whole workspace.
type Role string

// The roles, highest first.
const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleMember Role = "member"
	RoleGuest  Role = "guest" // sees only the channels that they were added to, and the members of those
)

// Roles lists all roles, highest first.
var Roles = []Role{RoleOwner, RoleAdmin, RoleMember, RoleGuest}

// Permission is something that only some roles may do.
type Permission string

// The permissions. Acting in a channel also requires that the actor sees it.
const (
	MayPost            Permission = "post"
	MayUpload          Permission = "upload"
	MayReport          Permission = "report"
	MayCreateChannels  Permission = "create_channels"
	MayWriteDirectly   Permission = "direct_messages"
	MayInvite          Permission = "invite"
	MayMentionAll      Permission = "mention_all"
	MayModerate        Permission = "moderate"
	MayManagePeople    Permission = "manage_people"
	MayReadAudit       Permission = "read_audit"
	MaySeeStorage      Permission = "see_storage"
	MayManageEmoji     Permission = "manage_emoji"
	MayManageWorkspace Permission = "manage_place"
)

// Rule is a row of the table of permissions.
type Rule struct {
	Permission Permission
	Sentence   string // what it allows, as the settings page shows it
	Roles      []Role
}

// Rules is the table of permissions, the only place that defines what a role may do. The settings page shows it as it
// is.
var Rules = []Rule{
	{MayPost, "Write in the channels that they see", []Role{RoleOwner, RoleAdmin, RoleMember, RoleGuest}},
	{MayUpload, "Send files", []Role{RoleOwner, RoleAdmin, RoleMember, RoleGuest}},
	{MayReport, "Report messages that they see to those who moderate",
		[]Role{RoleOwner, RoleAdmin, RoleMember, RoleGuest}},
	{MayWriteDirectly, "Write to people directly", []Role{RoleOwner, RoleAdmin, RoleMember, RoleGuest}},
	{MayCreateChannels, "Create channels", []Role{RoleOwner, RoleAdmin, RoleMember}},
	{MayInvite, "Invite people", []Role{RoleOwner, RoleAdmin}},
	{MayMentionAll, "Mention everyone in a channel", []Role{RoleOwner, RoleAdmin, RoleMember}},
	{MayModerate, "Remove messages, ban and unban people, manage every channel that they see",
		[]Role{RoleOwner, RoleAdmin}},
	{MayManagePeople, "Change roles, deactivate people, reset access", []Role{RoleOwner, RoleAdmin}},
	{MayReadAudit, "Read the audit log", []Role{RoleOwner, RoleAdmin}},
	{MaySeeStorage, "See what takes up room", []Role{RoleOwner, RoleAdmin}},
	{MayManageEmoji, "Add and remove custom emoji", []Role{RoleOwner, RoleAdmin}},
	{MayManageWorkspace, "Change the workspace settings", []Role{RoleOwner}},
}

// May reports whether the role has the permission.
func (r Role) May(p Permission) bool {
	return slices.ContainsFunc(Rules,
		func(rule Rule) bool { return rule.Permission == p && slices.Contains(rule.Roles, r) })
}

// Outranks reports whether r is higher than other: users may change only users below them.
func (r Role) Outranks(other Role) bool { return slices.Index(Roles, r) < slices.Index(Roles, other) }

// Below returns the roles that a user of role r can grant.
func (r Role) Below() []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(other Role) bool { return !r.Outranks(other) })
}

// Valid reports whether r is a role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// requireOutranks returns the role of a user below the actor, or fails. Both roles are read in the transaction.
func requireOutranks(ctx context.Context, tx *sqlite.Tx, a Actor, user ID) (role Role, deactivated bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT role, deactivated_at > 0 FROM users WHERE id = $1 AND name_key IS NOT NULL`,
		user).Scan(&role, &deactivated)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, errNotFound
	case err == nil && (!a.Role.May(MayManagePeople) || !a.Role.Outranks(role)):
		return "", false, errRankTooLow
	}
	return role, deactivated, err
}

var errRankTooLow = Errorf(CodeForbidden,
	"You can only change people whose role is below your own, and only to roles below your own.")
