package handlers

import (
	"time"
)

// maxZone bounds the name of a time zone, in bytes: the longest of the database has 32.
const maxZone = 64

// zoneOf returns the first of the zones that there is, by their names as browsers say them: one of the time zone
// database, or a difference such as +05:30. Else UTC.
func zoneOf(names ...string) *time.Location {
	for _, name := range names {
		if name == "" || name == "Local" || len(name) > maxZone { // "Local" would be the server's
			continue
		}
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
		if at, err := time.Parse("-07:00", name); err == nil {
			_, seconds := at.Zone()
			return time.FixedZone(name, seconds)
		}
	}
	return time.UTC
}

// dayBegins is the first moment of a day: midnight, or where clocks are put forward at midnight, the moment when they
// are.
func dayBegins(year int, month time.Month, day int, zone *time.Location) time.Time {
	want := time.Date(year, month, day, 12, 0, 0, 0, zone).YearDay()
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	for i := 0; i < 8 && at.YearDay() != want; i++ { // before the gap: quarters of an hour are as fine as zones are
		at = at.Add(15 * time.Minute)
	}
	if at.Hour() > 0 { // behind it, perhaps not at once
		for earlier := at.Add(-15 * time.Minute); earlier.YearDay() == want; earlier = earlier.Add(-15 * time.Minute) {
			at = earlier
		}
	}
	return at
}
