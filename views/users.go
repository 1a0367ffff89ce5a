package views

import "chitchat/chat"

// Users is the table of all users. Its Fault concerns the requested change.
type Users struct {
	chat.List[chat.UserSummary]
	Fault
	Done bool
}

// mayChange reports whether the reader may change the user.
func mayChange(s Layout, p chat.UserSummary) bool { return s.Role.Outranks(p.Role) }

func changeURL(p chat.UserSummary, what string) string {
	return "/admin/people/" + p.ID.String() + "/" + what
}
