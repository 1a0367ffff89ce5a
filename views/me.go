package views

import "chitchat/chat"

// OwnCSS returns a user's style sheet: it shows the actions that only they have on their own messages, and hides those
// for other users' messages, and marks their reactions. It never changes, because rows refer to users by ID; if this
// function changes, pages request it by another URL.
func OwnCSS(id chat.ID) string {
	mine := `[data-author="` + id.String() + `"] `
	return mine + ".own{display:inline-flex}" + mine + ".report{display:none}[data-by~=\"" + id.String() +
		"\"]{border-color:var(--accent);background:var(--press);color:var(--accent)}\n"
}
