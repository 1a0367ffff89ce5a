package views

import (
	"time"

	"chitchat/chat"
)

// ProfileForm is the form of one's own profile.
type ProfileForm struct {
	chat.Profile
	Field, Error string
	Saved        bool
}

// clockOf is the time where someone is.
func clockOf(p chat.Profile) string {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return p.TimeZone
	}
	return time.Now().In(zone).Format("15:04") + " in " + p.TimeZone
}
