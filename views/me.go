package views

import "chitchat/chat"

// OwnCSS is the style sheet of one person: it shows what only they may do with their messages, and hides what is for
// those of others. It never changes, because rows know their author by ID; the page asks for it by another address when
// this function does.
func OwnCSS(id chat.ID) string {
	mine := `[data-author="` + id.String() + `"] `
	return mine + ".own{display:inline-flex}" + mine + ".report{display:none}\n"
}
