package views

import "chitchat/chat"

// People is the page of all people. Error is about the change that was asked for.
type People struct {
	chat.Table[chat.Enrolled]
	Error string
	Done  bool
}

// mayChange reports whether the reader may change the person.
func mayChange(s Shell, p chat.Enrolled) bool { return s.Role.Above(p.Role) }

func changeURL(p chat.Enrolled, what string) string {
	return "/admin/people/" + p.ID.String() + "/" + what
}
