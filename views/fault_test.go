package views

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"chitchat/chat"
)

// A form shown again shows the reason once, also if no field is at fault (rate limit, disk full), and on pages that
// omit the form for users who may no longer send it.
func TestEveryFormSaysWhyItCameBack(t *testing.T) {
	const why = "This is why."
	s := Layout{Role: chat.RoleOwner, Me: chat.User{ID: 7, Name: "Ada"}}
	channel := chat.Channel{ID: 9, Slug: "x", Name: "X", Kind: chat.Public}
	access := chat.Access{
		Channel: &channel, Role: chat.RoleOwner, User: s.Me.ID, Membership: chat.Membership{State: chat.Joined, Owner: true},
	}
	mere := chat.Access{Channel: &channel, Role: chat.RoleGuest, User: s.Me.ID} // had the form open before
	invitation := chat.Invitation{ID: 4, Role: chat.RoleMember, CreatedBy: s.Me, ExpiresAt: time.Now().Add(time.Hour)}
	at := func(field string) Fault { return Fault{Field: field, Message: why} }
	bans := BanForm{Fault: at("name")}
	link := DeviceLink{User: s.Me, Displaced: Displaced{Before: &s.Me, Lost: true}}
	refused := func(field string) DeviceLink {
		l := link
		l.Fault = at(field)
		return l
	}
	for name, page := range map[string]templ.Component{
		"workspace":                 WorkspacePage(s, WorkspaceForm{Fault: at("workspace")}),
		"setup":                     SetupPage(SetupForm{Fault: at("")}),
		"invitations":               InvitationsPage(s, chat.List[chat.Invitation]{}, InvitationForm{Fault: at("")}),
		"invite":                    InvitePage(Invite{Invitation: invitation, Fault: at("")}),
		"invite, signed in":         InvitePage(Invite{Invitation: invitation, Me: &s.Me, Fault: at("")}),
		"sign in":                   SignInPage(SignIn{Fault: at("name")}),
		"sign in, code":             TwoFactorSignInPage(TwoFactorSignIn{Code: true, Fault: at("")}),
		"sign in, passkey":          TwoFactorSignInPage(TwoFactorSignIn{Passkey: true, Fault: at("")}),
		"two-factor, without":       TwoFactorPage(s, TwoFactor{Fault: at("")}),
		"two-factor, off":           TwoFactorPage(s, TwoFactor{Account: chat.Account{Password: true}, Fault: at("")}),
		"two-factor, begun":         TwoFactorPage(s, TwoFactor{Key: &Key{}, Fault: at("")}),
		"two-factor, on":            TwoFactorPage(s, TwoFactor{Account: chat.Account{TwoFactor: true}, Fault: at("")}),
		"password":                  PasswordPage(s, PasswordForm{Fault: at("password")}),
		"passkeys":                  PasskeysPage(s, Passkeys{Fault: at("")}),
		"link":                      DeviceLinkPage(refused("")),
		"link, not ticked":          DeviceLinkPage(refused("lose")),
		"new password":              PasswordResetPage(refused("")),
		"new password, not ticked":  PasswordResetPage(refused("lose")),
		"new password, its field's": PasswordResetPage(refused("password")),
		"reset access":              ResetAccessPage(s, PasswordReset{Fault: at("")}),
		"people":                    UsersPage(s, Users{Fault: at("")}),
		"sessions":                  SessionTablePage(s, SessionTable{Fault: at("")}),
		"bans":                      BansPage(s, chat.List[chat.Ban]{}, bans),
		"members":                   MembersPage(s, Members{Channel: channel, Access: access, Fault: at("")}),
		"members, ban":              MembersPage(s, Members{Channel: channel, Access: access, Ban: bans}),
		"settings": ChannelSettingsPage(s,
			ChannelSettings{Channel: channel, Access: access, Fault: at("name")}),
		"channels":               ChannelsPage(s, ChannelBrowser{MayCreate: true}, NewChannel{Fault: at("")}),
		"members, not hers":      MembersPage(s, Members{Channel: channel, Access: mere, Fault: at("")}),
		"members, ban, not hers": MembersPage(s, Members{Channel: channel, Access: mere, Ban: bans}),
		"settings, not hers": ChannelSettingsPage(s,
			ChannelSettings{Channel: channel, Access: mere, Fault: at("name")}),
		"channels, not hers": ChannelsPage(s, ChannelBrowser{}, NewChannel{Fault: at("")}),
		"direct":             DirectPage(s, NewDirect{Fault: at("")}),
		"blocks":             BlocksPage(s, Blocks{Fault: at("")}),
		"report":             ReportPage(s, message(3, "Hello"), ReportForm{Fault: at("")}),
		"reports":            ReportsPage(s, chat.List[chat.Report]{}, false, why),
		"me":                 MePage(s, Rename{Fault: at("")}),
		"profile":            MyProfilePage(s, ProfileForm{Fault: at("handle")}),
		"status":             MyProfilePage(s, ProfileForm{Fault: at("emoji")}),
		"picture":            MyProfilePage(s, ProfileForm{Fault: at("file")}),
	} {
		html := render(t, page)
		if n := strings.Count(html, why); n != 1 {
			t.Errorf("%s: said %d times", name, n)
		}
		if !strings.Contains(html, `role="alert">`+why) {
			t.Errorf("%s: not as an alert", name)
		}
	}
}
