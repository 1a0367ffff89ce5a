package views

import (
	"net/url"
	"time"

	"chitchat/chat"
)

// InvitationForm makes an invitation.
type InvitationForm struct {
	Role       chat.Role
	Days, Uses string
	Channels   []string // slugs of those that are chosen
	Fault
	Made *chat.Invitation
	Link *Link // of the one that was just made
}

// Invite is what the link of an invitation shows.
type Invite struct {
	Workspace     chat.Workspace
	Invitation    chat.Invitation
	Me            *chat.User // who is signed in here already, or nil
	NeedsPassword bool
	Path          string
	Name          string
	Form          string // see SignIn
	Fault
}

// usesOf says how often an invitation was used, and how often it can be.
func usesOf(i chat.Invitation) string {
	if i.MaxUses == 0 {
		return itoa(int64(i.Uses)) + ", no limit"
	}
	return itoa(int64(i.Uses)) + " of " + itoa(int64(i.MaxUses))
}

// stateOf says whether an invitation works, and if not, why.
func stateOf(i chat.Invitation, now time.Time) string {
	switch {
	case !i.RevokedAt.IsZero():
		return "Taken back"
	case i.Works(now):
		return "Works"
	case now.Before(i.ExpiresAt):
		return "Used up"
	}
	return "Ran out"
}

// signInTo is the way to an address for those who have to sign in first.
func signInTo(path string) string { return "/signin?next=" + url.QueryEscape(path) }
