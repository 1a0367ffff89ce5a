package views

import (
	"strconv"
	"time"

	"chitchat/chat"
)

// SessionTable is the page of everyone's sessions. Its Fault is about the change that was asked for.
type SessionTable struct {
	chat.List[chat.UserSession]
	Idle, Most time.Duration // how long a session lives unused, and at most (0: for ever)
	Fault
	Done bool
}

func (t SessionTable) here() string { return tableURL("/admin/sessions", t.ListQuery, t.Page) }

// lifetimes says when sessions end by themselves.
func (t SessionTable) lifetimes() string {
	line := "A device is signed out by itself after " + days(t.Idle) + " without a visit"
	if t.Most > 0 {
		line += ", and " + days(t.Most) + " after signing in at the latest"
	}
	return line + ". Whoever starts the program sets that, with --session-lifetime and --session-max-age."
}

// days is a long time in days, and a short one as Go writes it.
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
