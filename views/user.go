package views

import "chitchat/chat"

// OwnCSS is the style sheet of one person: it shows what only they may do with their messages.
// It never changes, because rows know their author by ID.
func OwnCSS(id chat.ID) string {
	return `[data-author="` + id.String() + `"] .own{display:inline-flex}` + "\n"
}
