package views

import "chitchat/chat"

func reportsPath(closed bool) string {
	if closed {
		return "/admin/reports/closed"
	}
	return "/admin/reports"
}

// reportPlace says where a reported message is: no more than its kind, where the reader does not see it.
func reportPlace(r chat.Report) string {
	switch {
	case r.Seen && r.Channel.Kind == chat.Direct:
		return "A direct conversation of yours"
	case r.Seen:
		return "# " + r.Channel.Name
	case r.Channel.Kind == chat.Direct:
		return "A direct conversation"
	}
	return "A channel that you do not see"
}
