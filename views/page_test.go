package views

import (
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// evil is entered in every field that pages show.
const evil = `"><script>alert(1)</script><b hx-get="/x" data-hx-get='/x'>`

// everyPage returns each page with evil in everything that users can enter.
func everyPage(t testing.TB) map[string]string {
	m := message(3, evil)
	m.Author.Name = evil
	s := Layout{Me: chat.User{ID: 7, Name: evil},
		Sidebar: chat.Sidebar{
			Channels: []chat.SidebarItem{{Channel: chat.Channel{ID: 9, Slug: "x", Name: evil, LastSeq: 4}}},
			Sections: []chat.Section{{ID: 36, Name: evil}, {ID: chat.SectionFavourites}, {ID: chat.SectionChannels},
				{ID: chat.SectionDirect}}},
		Current: 9}
	p := pageOf(t, 1, 7)
	p.Channel.Name, p.Epoch = evil, evil
	c := Composer{
		Slug: "x", ChannelName: evil, Body: evil, ClientID: evil, Error: evil,
		Kept: []chat.Attachment{{ID: 5, Name: evil}}, Refused: []Refused{{Name: evil, Reason: evil}},
	}
	problem := Problem{Status: 404, Title: evil, Message: evil, ID: evil}
	invitation := chat.Invitation{ID: 4, Role: chat.RoleMember, CreatedBy: s.Me, Channels: []chat.Channel{p.Channel},
		ExpiresAt: time.Now().Add(time.Hour)}
	s.Role = chat.RoleOwner
	find := chat.ListQuery{Text: evil, Page: 1}
	everyone := chat.List[chat.UserSummary]{ListQuery: find, Total: 200,
		Rows: []chat.UserSummary{{User: s.Me, Role: chat.RoleMember},
			{User: s.Me, Role: chat.RoleGuest, DeactivatedAt: time.Now()}}}
	s.Me.Handle, s.Me.Avatar, s.Me.Status = evil, 6, chat.Status{Emoji: evil, Text: evil, Until: time.Now()}
	profile := chat.Profile{User: s.Me, Email: evil, Pronouns: evil, Title: evil, TimeZone: evil, Role: chat.RoleMember}
	return map[string]string{
		"emoji": render(t, CustomEmojiPage(s, chat.List[chat.CustomEmoji]{ListQuery: find, Total: 200,
			Rows: []chat.CustomEmoji{{ID: 8, Name: evil, By: s.Me}}}, EmojiForm{Name: evil, Added: evil, Removed: evil,
			Fault: Fault{Field: "file", Message: evil}})),
		"no emoji":   render(t, RemoveEmojiPage(s, chat.CustomEmoji{ID: 8, Name: evil})),
		"profile":    render(t, ProfilePage(s, ProfileView{Profile: profile, MayWrite: true})),
		"card":       render(t, ProfileDialog(ProfileView{Profile: profile, Self: true})),
		"my profile": render(t, MyProfilePage(s, ProfileForm{Profile: profile, Fault: Fault{Field: "title", Message: evil}})),
		"people":     render(t, UsersPage(s, Users{List: everyone, Fault: Fault{Message: evil}})),
		"roles":      render(t, RolesPage(s)),
		"invitations": render(t,
			InvitationsPage(s, chat.List[chat.Invitation]{ListQuery: find, Rows: []chat.Invitation{invitation}, Total: 200},
				InvitationForm{Days: evil, Uses: evil, Fault: Fault{Field: "days", Message: evil}})),
		"invite": render(t,
			InvitePage(Invite{Workspace: chat.Workspace{Name: evil}, Invitation: invitation, Path: "/i/x", Name: evil,
				Fault: Fault{Message: evil}})),
		"workspace": render(t, WorkspacePage(s, WorkspaceForm{Workspace: chat.Workspace{Name: evil},
			Fault: Fault{Field: "workspace", Message: evil}})),
		"sign in": render(t, SignInPage(SignIn{Name: evil, Next: evil, Fault: Fault{Message: evil}})),
		"channel": render(t, ChannelPage(s, p, ChannelView{Arrived: true, Welcome: []chat.User{s.Me}, Composer: c})),
		"sidebar": render(t, SidebarPage(s, SidebarForms{Section: 36, Name: evil, Fault: Fault{Message: evil}})),
		"channels": render(t,
			ChannelsPage(s, ChannelBrowser{Query: evil,
				List: []ChannelSummary{{ChannelSummary: chat.ChannelSummary{SidebarItem: s.Channels[0]}}}, MayCreate: true},
				NewChannel{Name: evil, Fault: Fault{Message: evil}})),
		"edit":         render(t, EditPage(s, m, EditForm{Body: evil, Error: evil})),
		"delete":       render(t, DeletePage(s, m)),
		"me":           render(t, MePage(s, Rename{Name: evil, Fault: Fault{Message: evil}, Saved: true})),
		"sign out":     render(t, SignOutPage(s, false)),
		"error":        render(t, ErrorPage(&s, problem)),
		"error, alone": render(t, ErrorPage(nil, problem)),
	}
}

func TestPagesEscapeEveryField(t *testing.T) {
	for name, page := range everyPage(t) {
		for _, n := range parse(t, page) {
			switch {
			case n.Data == "script" && attr(n, "src") == "":
				t.Errorf("%s: an inline script", name)
			case attr(n, "hx-get") == "/x":
				t.Errorf("%s: an attribute of someone's text", name)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") ||
					strings.HasPrefix(a.Key, "data-hx") {
					t.Errorf("%s: <%s %s>: the content security policy does not allow it", name, n.Data, a.Key)
				}
			}
		}
	}
}

// Ids are unique, every label and description has its target, and nothing refers to another host.
func TestPagesHangTogether(t *testing.T) {
	for name, page := range everyPage(t) {
		ids := map[string]bool{}
		nodes := parse(t, page)
		for _, n := range nodes {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: two elements #%s", name, id)
				}
				ids[id] = true
			}
		}
		for _, n := range nodes {
			for _, key := range []string{"for", "aria-describedby", "popovertarget"} {
				for _, id := range strings.Fields(attr(n, key)) {
					if !ids[id] {
						t.Errorf("%s: %s=%q leads nowhere", name, key, id)
					}
				}
			}
			for _, key := range []string{"src", "href", "action", "hx-get", "hx-post"} {
				if v := attr(n, key); strings.Contains(v, "//") {
					t.Errorf("%s: %s=%q", name, key, v)
				}
			}
		}
	}
}
