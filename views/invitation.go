package views

import (
	"net/url"
	"time"

	"chitchat/chat"
)

// InvitationForm creates an invitation.
type InvitationForm struct {
	Role       chat.Role
	Days, Uses string
	Channels   []string // slugs of the chosen ones
	Fault
	Made *chat.Invitation
	Link *Link // of the new invitation
}

// Invite is what an invitation's link shows.
type Invite struct {
	Workspace     chat.Workspace
	Invitation    chat.Invitation
	Me            *chat.User // the user signed in here, or nil
	NeedsPassword bool
	Path          string
	Name          string
	Form          string // see SignIn
	Fault
}

// usesOf returns how often an invitation was used, and how often it can be.
func usesOf(i chat.Invitation) string {
	if i.MaxUses == 0 {
		return itoa(int64(i.Uses)) + ", no limit"
	}
	return itoa(int64(i.Uses)) + " of " + itoa(int64(i.MaxUses))
}

// stateOf returns whether an invitation works, and if not, why.
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

// signInTo returns the URL to sign in and continue at another.
func signInTo(path string) string { return "/signin?next=" + url.QueryEscape(path) }
