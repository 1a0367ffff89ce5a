package views

import (
	"net/url"

	"chitchat/chat"
)

// adminPage is one of the pages for admins.
type adminPage struct {
	path, name, help string
	may              chat.Permission // required to open it
}

// label returns its name in the menu, with the number of waiting items.
func (p adminPage) label(s Layout) string {
	if p.path == "/admin/reports" && s.Reports > 0 {
		return p.name + " (" + itoa(int64(s.Reports)) + ")"
	}
	return p.name
}

// adminPages are all of them, in menu order.
var adminPages = []adminPage{
	{"/admin/people", "People", "Roles; who is deactivated", chat.MayManagePeople},
	{"/admin/channels", "Channels", "Archive, restore and delete them", chat.MayModerate},
	{"/admin/invitations", "Invitations", "Links that let people in", chat.MayInvite},
	{"/admin/sessions", "Devices", "Where everyone is signed in", chat.MayManagePeople},
	{"/admin/roles", "Roles", "What each of them may do", ""}, // for everyone
	{"/admin/reports", "Reports", "What people have pointed out", chat.MayModerate},
	{"/admin/bans", "Bans", "Who is kept out, and why", chat.MayModerate},
	{"/admin/reset-access", "Reset access", "A link for someone who cannot sign in", chat.MayManagePeople},
	{"/admin/storage", "Storage", "What takes up room", chat.MaySeeStorage},
	{"/admin/emoji", "Emoji", "Pictures of your own, for everyone", chat.MayManageEmoji},
	{"/admin/audit", "Audit log", "Who did what, when and from where", chat.MayReadAudit},
	{"/admin/settings", "Workspace", "Its name, and who may come in", chat.MayManageWorkspace},
}

// adminPagesFor returns those that a role may open.
func adminPagesFor(r chat.Role) []adminPage {
	var open []adminPage
	for _, p := range adminPages {
		if p.may == "" || r.May(p.may) {
			open = append(open, p)
		}
	}
	return open
}

// tableURL returns the URL of a table's page, with the search text. page counts from 0; URLs count from 1.
func tableURL(path string, f chat.ListQuery, page int) string {
	q := url.Values{}
	if f.Text != "" {
		q.Set("q", f.Text)
	}
	if page > 0 {
		q.Set("page", itoa(int64(page)+1))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// roleName returns a role with its article.
func roleName(r chat.Role) string {
	if r == chat.RoleMember || r == chat.RoleGuest {
		return "a " + string(r)
	}
	return "an " + string(r)
}
