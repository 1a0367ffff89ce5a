package handlers

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// maxZone bounds the name of a time zone, in bytes: the longest in the database has 32.
const maxZone = 64

// zoneOf returns the first of the zones that exists, by the names that browsers use: a zone of the time zone database,
// or an offset such as +05:30. Otherwise it returns UTC.
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

// zone returns the zone in which the user reads: the browser's, if a page's script has put it into the query, else the
// profile's.
func (s *Server) zone(c *fiber.Ctx, a chat.Actor) (*time.Location, error) {
	p, err := s.Chat.Users.Profile(c.UserContext(), a, a.ID)
	return zoneOf(strings.Clone(c.Query("zone")), p.TimeZone), err
}

// dayBegins returns the first moment of a day: midnight, or, where the clock skips midnight, the moment after the gap.
func dayBegins(year int, month time.Month, day int, zone *time.Location) time.Time {
	want := time.Date(year, month, day, 12, 0, 0, 0, zone).YearDay()
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	for i := 0; i < 8 && at.YearDay() != want; i++ { // before the gap: offsets are multiples of a quarter of an hour
		at = at.Add(15 * time.Minute)
	}
	if at.Hour() > 0 { // after the gap, perhaps by more than needed
		for earlier := at.Add(-15 * time.Minute); earlier.YearDay() == want; earlier = earlier.Add(-15 * time.Minute) {
			at = earlier
		}
	}
	return at
}
