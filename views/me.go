package views

import "chitchat/chat"

// OwnCSS returns a user's style sheet: it shows the actions that only they have on their own messages, and marks
// where they are mentioned and what they reacted with. It never changes, because rows refer to users by ID; if this
// function changes, pages request it by another URL.
func OwnCSS(id chat.ID) string {
	return `[data-author="` + id.String() + `"] .own{display:inline-flex}` +
		`.mention[href="/u/` + id.String() + `"]{background:var(--mark);box-shadow:inset 0 -2px var(--amber);` +
		"font-weight:700}" +
		`[data-by~="` + id.String() + `"]{border-color:var(--accent);background:var(--press);color:var(--accent)}` + "\n"
}
