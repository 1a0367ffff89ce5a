package views

import (
	"time"

	"chitchat/chat"
)

// ProfileView is somebody as the reader sees them.
type ProfileView struct {
	chat.Profile
	Self     bool // they are the reader
	MayWrite bool // the reader can write to them directly
}

// ProfileForm is the page on which one says who one is: three forms, of which one may come back with an error.
type ProfileForm struct {
	chat.Profile
	Until  string    // the end of the status, as it was chosen
	Ends   time.Time // when the status that they have ends; zero: it does not
	Fault  Fault     // named, for a profile has a Status of its own
	Saved  bool
	Accept string // the endings of the pictures that are taken
}

// StatusEnds are the ends of a status that one can choose: by the value that the form sends, and in words.
var StatusEnds = [][2]string{
	{"", "When I clear it"}, {"30", "In half an hour"}, {"60", "In an hour"}, {"240", "In four hours"},
	{"today", "At the end of the day"}, {"10080", "In a week"},
}

// StatusEndBefore keeps the end that the status has.
const StatusEndBefore = "before"

// statusIdeas are emoji to choose from.
var statusIdeas = []string{"📅", "🍲", "🏡", "🚌", "🌴", "🤒", "🎧", "⏳"}

// zones are some time zones to choose from: the largest place of most hours.
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

// clockOf is the time where someone is.
func clockOf(p chat.Profile) string {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return p.TimeZone
	}
	return time.Now().In(zone).Format("Monday, 15:04") + " in " + p.TimeZone
}

// zone is where they are, as far as their profile says it.
func (f ProfileForm) zone() *time.Location {
	if zone, err := time.LoadLocation(f.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}
