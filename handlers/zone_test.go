package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

func TestZoneOf(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"Asia/Tokyo", "Europe/Vienna"}, "Asia/Tokyo"}, {[]string{"", "Europe/Vienna"}, "Europe/Vienna"},
		{[]string{"", ""}, "UTC"}, {nil, "UTC"},
		{[]string{"Local", "Nowhere/At_all", "Europe/Vienna"}, "Europe/Vienna"}, {[]string{"../../etc/passwd"}, "UTC"},
		{[]string{"/etc/localtime"}, "UTC"},
		{[]string{"+05:30"}, "+05:30"}, {[]string{"-09:30", "UTC"}, "-09:30"}, {[]string{"5 o'clock"}, "UTC"},
		{[]string{strings.Repeat("x", 1<<16)}, "UTC"},
	} {
		if got := zoneOf(c.names...).String(); got != c.want {
			t.Errorf("%.60q: %s, want %s", c.names, got, c.want)
		}
	}
	if _, seconds := time.Now().In(zoneOf("-09:30")).Zone(); seconds != -(9*3600 + 1800) {
		t.Error(seconds)
	}
}

// A day begins at midnight, except where midnight is skipped, or occurs twice.
func TestDayBegins(t *testing.T) {
	for _, c := range []struct {
		zone, day, want string
	}{
		{"UTC", "2026-11-28", "2026-11-28T00:00:00Z"}, {"Asia/Tokyo", "2026-11-28", "2026-11-28T00:00:00+09:00"},
		{"America/Los_Angeles", "2026-11-28", "2026-11-28T00:00:00-08:00"},
		{"Pacific/Kiritimati", "2027-01-01", "2027-01-01T00:00:00+14:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"}, // the clock skips midnight
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"}, // the clock goes back from one o'clock to midnight
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayBegins(day.Year(), day.Month(), day.Day(), zoneOf(c.zone)).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

// A status for today ends at midnight in the browser's zone; without it, in the profile's; and the page shows when.
func TestStatusEndsAtTheReadersMidnight(t *testing.T) {
	s := newTestServer(t)
	bob := s.signedIn("Bob")
	for _, c := range []struct{ sent, profile, want string }{
		{"America/Los_Angeles", "", "America/Los_Angeles"}, {"Asia/Tokyo", "", "Asia/Tokyo"},
		{"Asia/Tokyo", "Europe/Vienna", "Asia/Tokyo"},
		{"", "Pacific/Kiritimati", "Pacific/Kiritimati"}, {"Mars/Olympus", "Pacific/Pago_Pago", "Pacific/Pago_Pago"},
		{"", "", "UTC"},
	} {
		bob.post("/me/profile", url.Values{"zone": {c.profile}}).want(303)
		zone := zoneOf(c.want)
		midnight := func() time.Time {
			now := time.Now().In(zone)
			return dayBegins(now.Year(), now.Month(), now.Day()+1, zone)
		}
		before := midnight()
		bob.post("/me/status", url.Values{"emoji": {"🍲"}, "until": {"today"}, "zone": {c.sent}}).to("/me/profile?saved=1")
		after := midnight()
		p, err := s.Chat.Users.Profile(t.Context(), bob.actor(), bob.actor().ID)
		if err != nil {
			t.Fatal(err)
		}
		if !p.Status.Until.Equal(before) && !p.Status.Until.Equal(after) {
			t.Errorf("%+v: until %v, want %v", c, p.Status.Until, before.UTC())
		}
		shown, name := zoneOf(c.profile), "UTC"
		if c.profile != "" {
			name = c.profile
		}
		bob.get("/me/profile").want(200, `<input type="hidden" name="zone" data-zone`,
			p.Status.Until.In(shown).Format("2 January 2006, 15:04"),
			"<span data-zone>"+name+"</span>", p.Status.Until.UTC().Format(time.RFC3339))
	}
}

// The audit log's filter uses the days of the zone in which the page shows it.
func TestAuditDaysAreTheReaders(t *testing.T) {
	s := openFixtures(t)
	boss := s.clients[admin]
	boss.post("/c", url.Values{"name": {"Once"}}).to("/c/once")
	boss.post("/c/once/delete", nil).want(303)
	list, _, err := s.Chat.Admin.Audit(t.Context(), boss.actor(), chat.AuditFilter{Action: "channel.deleted"}, 0)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	one := list[0]
	boss.get("/admin/audit").want(200, "<span data-zone>UTC</span>", `<input type="hidden" name="zone" data-zone`)
	for _, zone := range []string{"", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Nowhere"} {
		at := one.At.In(zoneOf(zone))
		day := func(off int) string { return at.AddDate(0, 0, off).Format(time.DateOnly) }
		ask := func(days url.Values, found bool) {
			t.Helper()
			days.Set("zone", zone)
			days.Set("action", one.Action)
			page := boss.get("/admin/audit?" + days.Encode()).want(200)
			if found {
				page.wantNot("Nothing was found")
				if zone != "" { // the export and older entries use the same zone
					page.want(200, "&amp;zone="+url.QueryEscape(zone))
				}
				boss.get("/admin/audit.jsonl?"+days.Encode()).want(200, one.ID.String())
			} else {
				page.want(200, "Nothing was found")
				boss.get("/admin/audit.jsonl?" + days.Encode()).want(200).wantNot(one.ID.String())
			}
		}
		ask(url.Values{"from": {day(0)}, "to": {day(0)}}, true)
		ask(url.Values{"from": {day(1)}}, false)
		ask(url.Values{"to": {day(-1)}}, false)
	}
}
