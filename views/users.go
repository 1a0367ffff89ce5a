package views

import "chitchat/chat"

// Users is the page of all people. Its Fault is about the change that was asked for.
type Users struct {
	chat.List[chat.UserSummary]
	Fault
	Done bool
}

// mayChange reports whether the reader may change the person.
func mayChange(s Layout, p chat.UserSummary) bool { return s.Role.Outranks(p.Role) }

func changeURL(p chat.UserSummary, what string) string {
	return "/admin/people/" + p.ID.String() + "/" + what
}
