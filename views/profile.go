package views

import (
	"time"

	"chitchat/chat"
)

// ProfileView is a user as the reader sees them.
type ProfileView struct {
	chat.Profile
	Self     bool // the user is the reader
	MayWrite bool // the reader can write to them directly
}

// ProfileForm is the page to edit the own profile: three forms, of which one may have a fault.
type ProfileForm struct {
	chat.Profile
	Until  string    // the chosen end of the status
	Ends   time.Time // when the current status ends; zero: never
	Fault  Fault     // named, because a profile has a Status of its own
	Saved  bool
	Accept string // the extensions of accepted pictures
}

// StatusEnds are the choices for the end of a status: the form's value, and the words.
var StatusEnds = [][2]string{
	{"", "When I clear it"}, {"30", "In half an hour"}, {"60", "In an hour"}, {"240", "In four hours"},
	{"today", "At the end of the day"}, {"10080", "In a week"},
}

// StatusEndBefore keeps the end of the current status.
const StatusEndBefore = "before"

// statusIdeas are suggested emoji.
var statusIdeas = []string{"📅", "🍲", "🏡", "🚌", "🌴", "🤒", "🎧", "⏳"}

// zones are suggested time zones: the largest city of most hours.
var zones = []string{
	"UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago",
	"America/Mexico_City",
	"America/New_York", "America/Toronto", "America/Bogota", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
	"Atlantic/Azores",
	"Europe/London", "Europe/Lisbon", "Africa/Lagos", "Europe/Berlin", "Europe/Madrid", "Europe/Paris", "Europe/Rome",
	"Europe/Vienna",
	"Europe/Warsaw", "Europe/Athens", "Europe/Kyiv", "Africa/Cairo", "Africa/Johannesburg", "Europe/Istanbul",
	"Africa/Nairobi",
	"Asia/Tehran", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Jakarta", "Asia/Shanghai",
	"Asia/Singapore",
	"Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland",
}

// clockOf returns the time where the user is.
func clockOf(p chat.Profile) string {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return p.TimeZone
	}
	return time.Now().In(zone).Format("Monday, 15:04") + " in " + p.TimeZone
}

// zone returns the user's time zone, if their profile has one.
func (f ProfileForm) zone() *time.Location {
	if zone, err := time.LoadLocation(f.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}
