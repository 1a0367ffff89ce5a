package views

import "chitchat/chat"

// Menu is what a reader may do with a message.
type Menu struct {
	chat.MessageState
	Link string // the message's permalink, with the scheme and the host
}

// menuItem is something to do with a message. Just one of link, post and copied is not empty.
type menuItem struct {
	label      string
	link, post string // a path below the message's URL
	copied     string // a text for the clipboard
	class      string // of a link that opens inside the row: see assets/js/menu.js
	dialog     bool   // the link opens in the menu's place
}

// items returns what the reader may do, in groups. Edits, deletions and reports come last, where no hand slips.
func (m Menu) items() [][]menuItem {
	acc, reply := m.Access, m.Message.Thread.Root != 0
	var list []menuItem
	add := func(may bool, item menuItem) {
		if may {
			list = append(list, item)
		}
	}
	add(!reply && acc.CanPost(), menuItem{label: "Reply in thread", link: "/thread"})
	add(!m.Saved, menuItem{label: "Save for later", post: "/save"})
	add(m.Saved, menuItem{label: "Remove from saved", post: "/unsave"})
	if !reply && acc.CanPost() {
		add(!m.Pinned, menuItem{label: "Pin to channel", post: "/pin"})
		add(m.Pinned, menuItem{label: "Unpin", post: "/unpin"})
	}
	add(!reply, menuItem{label: "Mark unread from here", post: "/unread"})
	groups := [][]menuItem{list}

	list = nil
	add(true, menuItem{label: "Forward…", link: "/forward", dialog: true})
	add(true, menuItem{label: "Copy link", copied: m.Link})
	add(m.Message.Body != "", menuItem{label: "Copy text", copied: m.Message.Body})
	groups = append(groups, list)

	list = nil
	add(acc.EditRefusal(m.Message) == nil, menuItem{label: "Edit", link: "/edit", class: "own"})
	add(acc.RemoveRefusal(m.Message) == nil, menuItem{label: "Delete", link: "/delete", class: "own danger"})
	add(acc.ReportRefusal(m.Message) == nil, menuItem{label: "Report", link: "/report", class: "report"})
	if len(list) > 0 {
		groups = append(groups, list)
	}
	return groups
}
