package views

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"chitchat/chat"
)

// hebrew is entered in every field that pages show. Its last character is at its left if it has its own direction.
const hebrew = "שלום, עולם!"

func directedPages(t *testing.T) map[string]string {
	ada := chat.User{ID: 7, Name: hebrew, Status: chat.Status{Emoji: "🍲", Text: hebrew}}
	ch := chat.Channel{ID: 9, Slug: "x", Name: hebrew, Topic: hebrew, Description: hebrew, Kind: chat.Public}
	listing := chat.SidebarItem{Channel: ch}
	s := Layout{Me: ada, Role: chat.RoleOwner, Sidebar: chat.Sidebar{Channels: []chat.SidebarItem{listing}}, Current: 9}
	empty := pageOf(t, 1, 0)
	empty.Channel, empty.Rows = ch, nil
	ban := chat.Ban{ID: 3, Channel: ch, User: ada, By: ada, Reason: hebrew}
	report := chat.Report{ID: 4, Channel: ch, Seen: true, Author: ada, By: ada, Reason: hebrew, Body: hebrew,
		Files: []string{hebrew}}
	entries := []chat.AuditEntry{{Actor: hebrew, Action: "ban.created", User: hebrew, ChannelID: 9, Channel: hebrew,
		Detail: hebrew},
		{Actor: hebrew, Action: "report.created", Detail: "message 3: " + hebrew}, {Actor: hebrew, Action: "message.removed",
			Detail: "message 3: " + hebrew}}
	invitation := chat.Invitation{ID: 4, Role: chat.RoleMember, CreatedBy: ada, Channels: []chat.Channel{ch, ch},
		ExpiresAt: time.Now().Add(time.Hour)}
	profile := chat.Profile{User: ada, Pronouns: hebrew, Title: hebrew, Role: chat.RoleMember}
	use := chat.ChannelUsage{Channel: ch}
	return map[string]string{
		"bans":    render(t, BansPage(s, chat.List[chat.Ban]{Rows: []chat.Ban{ban}, Total: 1}, BanForm{Banned: hebrew})),
		"reports": render(t, ReportsPage(s, chat.List[chat.Report]{Rows: []chat.Report{report}, Total: 1}, false, "")),
		"report":  render(t, ReportedPage(s, report)),
		"audit":   render(t, AuditPage(s, AuditView{Entries: entries})),
		"members": render(t,
			MembersPage(s, Members{Channel: ch, Access: accessOf(ch, chat.RoleOwner), Bans: []chat.Ban{ban},
				Ban: BanForm{Banned: hebrew}})),
		"settings": render(t, ChannelSettingsPage(s, ChannelSettings{Channel: ch, Access: accessOf(ch, chat.RoleOwner)})),
		"deletion": render(t, DeleteChannelPage(s, ch, "")),
		"channels": render(t,
			ChannelsPage(s, ChannelBrowser{List: []ChannelSummary{{ChannelSummary: chat.ChannelSummary{SidebarItem: listing}}}},
				NewChannel{})),
		"channel": render(t,
			ChannelPage(s, empty, ChannelView{Composer: Composer{Slug: "x", Kept: []chat.Attachment{{ID: 5, Name: hebrew}},
				Refused: []Refused{{Name: hebrew}}}})),
		"invitations": render(t,
			InvitationsPage(s, chat.List[chat.Invitation]{Rows: []chat.Invitation{invitation}, Total: 1}, InvitationForm{})),
		"invite": render(t,
			InvitePage(Invite{Workspace: chat.Workspace{Name: "Here"}, Invitation: invitation, Path: "/i/x"})),
		"profile": render(t, ProfilePage(s, ProfileView{Profile: profile})),
		"channel uses": render(t,
			ChannelTablePage(s, ChannelTable{List: chat.List[chat.ChannelUsage]{Rows: []chat.ChannelUsage{use}, Total: 1}})),
		"storage": render(t,
			StoragePage(s, Storage{Channels: chat.List[chat.ChannelUsage]{Rows: []chat.ChannelUsage{use}, Total: 1}})),
	}
}

// The style sheets isolate the direction of these (base.css, channel.css). Other elements than bdi may have nothing
// before the text.
func ownDirection(n *html.Node) bool {
	switch {
	case n.Data == "bdi":
		return true
	case n.Data == "b", attr(n, "dir") == "auto", (n.Data == "span" || n.Data == "a") &&
		attr(n, "data-name") != "", attr(n, "class") == "name":
		return strings.HasPrefix(strings.TrimLeft(text(n), "# \n\t"), hebrew)
	}
	return false
}

// Users' texts do not reorder the text around them, and have their own direction wherever they are shown.
func TestTextsRunInTheirOwnDirection(t *testing.T) {
	for page, source := range directedPages(t) {
		root, err := html.Parse(strings.NewReader(source))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for n := range root.Descendants() {
			if n.Type != html.TextNode || !strings.Contains(n.Data, hebrew) {
				continue
			}
			found = true
			own := false
			for up := n.Parent; up != nil && !own; up = up.Parent {
				own = ownDirection(up) || up.Data == "title" || up.Data == "option"
			}
			if !own {
				var b strings.Builder
				_ = html.Render(&b, n.Parent)
				t.Errorf("%s: %s", page, b.String())
			}
		}
		if !found {
			t.Errorf("%s shows nothing of it", page)
		}
	}
}
