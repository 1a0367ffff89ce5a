package views

import (
	"strconv"
	"time"

	"chitchat/chat"
)

// SessionTable is the table of all users' sessions. Its Fault concerns the requested change.
type SessionTable struct {
	chat.List[chat.UserSession]
	Idle, Most time.Duration // a session's maximum idle time and age (0: no limit)
	Fault
	Done bool
}

func (t SessionTable) here() string { return tableURL("/admin/sessions", t.ListQuery, t.Page) }

// lifetimes returns in words when sessions expire.
func (t SessionTable) lifetimes() string {
	line := "A device is signed out by itself after " + days(t.Idle) + " without a visit"
	if t.Most > 0 {
		line += ", and " + days(t.Most) + " after signing in at the latest"
	}
	return line + ". Whoever starts the program sets that, with --session-lifetime and --session-max-age."
}

// days returns a long duration in days, and a short one as Go prints it.
func days(d time.Duration) string {
	const day = 24 * time.Hour
	if d < day || d%day != 0 {
		return d.String()
	}
	if d == day {
		return "a day"
	}
	return strconv.Itoa(int(d/day)) + " days"
}
