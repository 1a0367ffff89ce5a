package chat

import (
	"go/ast"
	"regexp"
	"testing"
)

// Whether a ban is in force is said in one place: where one query forgot that bans run out, or are lifted, somebody
// would be kept out for ever, or let in.
func TestBanInForceIsSaidOnce(t *testing.T) {
	ends := regexp.MustCompile(`\buntil >|lifted_at = 0 AND\b`)
	var said []string
	for path, f := range parse(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && ends.MatchString(text.Value) {
				said = append(said, path+": "+text.Value)
			}
			return true
		})
	}
	if len(said) != 1 {
		t.Errorf("%q", said)
	}
}

// Moderators ban those below them; who owns a channel bans from it, but nobody who manages it or the workspace.
func TestCanBan(t *testing.T) {
	ch := &Channel{Kind: Private}
	in, owner := Membership{State: Joined}, Membership{State: Joined, Owner: true}
	as := func(user ID, role Role, m Membership) Access {
		return Access{Channel: ch, User: user, Role: role, Membership: m}
	}
	admin, runs := as(1, RoleAdmin, in), as(2, RoleMember, owner)
	left := as(3, RoleMember, Membership{State: Removed, Owner: true})
	banned := runs
	banned.banned = true
	direct := as(1, RoleOwner, owner)
	direct.Channel = &Channel{Kind: Direct}
	for _, c := range []struct {
		what        string
		acc, target Access
		may         bool
	}{
		{"a moderator, a member", admin, as(4, RoleMember, in), true},
		{"a moderator, who owns the channel", admin, runs, true},
		{"a moderator, another", admin, as(4, RoleAdmin, Membership{}), false},
		{"a moderator who does not see the channel", as(1, RoleAdmin, Membership{}), as(4, RoleMember, in), false},
		{"in a direct conversation", direct, as(4, RoleMember, in), false},
		{"the channel's owner, a member", runs, as(4, RoleMember, in), true},
		{"the channel's owner, somebody who is not in it", runs, as(4, RoleMember, Membership{}), true},
		{"the channel's owner, themself", runs, as(2, RoleMember, Membership{}), false},
		{"the channel's owner, another owner", runs, as(4, RoleMember, owner), false},
		{"the channel's owner, who was one", runs, left, true},
		{"the channel's owner, a moderator who is not in it", runs, as(4, RoleAdmin, Membership{}), false},
		{"who was the channel's owner", left, as(4, RoleMember, in), false},
		{"the channel's owner, banned from it", banned, as(4, RoleMember, in), false},
		{"a member", as(5, RoleMember, in), as(4, RoleMember, in), false},
	} {
		if may := c.acc.CanBan(c.target); may != c.may {
			t.Errorf("%s: %v", c.what, may)
		}
	}
}
