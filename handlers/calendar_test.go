package handlers

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// posted sets when the messages of the general channel were posted.
func (s *testServer) posted(p *testClient, times ...string) {
	s.t.Helper()
	for i, at := range times {
		p.say("at " + at)
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			s.t.Fatal(err)
		}
		_, err = s.db.ExecContext(s.t.Context(), `UPDATE messages SET created_at = $1 WHERE seq = $2`, when.UnixMilli(),
			i+1)
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

var dayLink = regexp.MustCompile(`on=(\d{4}-\d\d-\d\d)[^"]*" aria-label`)

// days returns the days that a calendar marks.
func (a response) days() string {
	var list []string
	for _, m := range dayLink.FindAllStringSubmatch(a.body, -1) {
		list = append(list, m[1])
	}
	return strings.Join(list, " ")
}

// The calendar marks days in the reader's zone: the profile's, or the browser's if its script says it. Each leads to
// its first message.
func TestCalendar(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	days := general + "/days"
	ada.get(days).want(200, "Jump to a date").wantNot("aria-label=\"Monday", "Earlier", "Later")
	s.posted(ada, "2026-01-31T23:30:00Z", "2026-11-01T03:30:00Z", "2026-11-01T04:30:00Z", "2026-11-27T15:30:00Z")
	ada.get(general+"/4").want(200, `<h2 class="day"><a href="`+days+`?on=2026-11-27">`)
	for _, c := range []struct{ query, want string }{
		{"month=2026-11", "2026-11-01 2026-11-27"},
		{"month=2026-11&zone=Asia/Tokyo", "2026-11-01 2026-11-28"},
		{"month=2026-11&zone=America/Havana", "2026-11-01 2026-11-27"}, // its clock goes back from one o'clock to midnight
		{"month=2026-10&zone=America/Los_Angeles", "2026-10-31"},
		{"month=2026-01", "2026-01-31"}, {"month=2026-02", ""},
		{"month=2026-02&zone=%2B05:30", "2026-02-01"}, {"on=2026-01-05", "2026-01-31"},
		{"month=2026-11&zone=Nowhere", "2026-11-01 2026-11-27"}, {"month=9999-12", ""}, {"month=0000-01", ""},
	} {
		if got := ada.get(days + "?" + c.query).want(200).days(); got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
	// Months without messages are skipped.
	ada.get(days+"?month=2026-05").want(200, "Earlier: January 2026", "Later: November 2026",
		`href="`+general+`/1"`, days+"?month=2026-01")
	ada.get(days+"?month=2026-11&zone=Asia/Tokyo").want(200, "?month=2026-02&amp;zone=Asia%2FTokyo",
		"?on=2026-11-28&amp;zone=Asia%2FTokyo", "Asia/Tokyo</span>").wantNot("Later")
	ada.post("/me/profile", url.Values{"zone": {"Asia/Tokyo"}}).want(303)
	if got := ada.get(days+"?month=2026-11").want(200, "Asia/Tokyo</span>").wantNot("zone=").days(); got !=
		"2026-11-01 2026-11-28" {
		t.Error(got)
	}
	for _, bad := range []string{"month=2026-13", "month=x", "month=2026-11-01", "on=2026-02-30"} {
		ada.get(days+"?"+bad).want(422, "Write it as")
	}
}

// ?on shows the first message of a day, or of the next one that has any, with its day line above it.
func TestJumpToADay(t *testing.T) {
	s := newTestServer(t)
	ada := s.signedIn("Ada")
	ada.get(general+"?on=2026-11-27").want(200, "the very beginning")
	s.posted(ada, "2026-01-31T23:30:00Z", "2026-09-06T03:30:00Z", "2026-11-27T15:30:00Z")
	for _, c := range []struct {
		query, want string
	}{
		{"on=2026-01-31", "1"}, {"on=2020-01-01", "1"}, {"on=2026-02-01", "2"}, {"on=2026-02-01&zone=Asia/Tokyo", "1"},
		{"on=2026-09-06&zone=America/Santiago", "3"}, // the day begins at one o'clock, 04:00 UTC
		{"on=2026-09-06", "2"}, {"on=2026-09-05&zone=America/Santiago", "2"}, {"on=2026-11-27", "3"},
	} {
		page := ada.get(general + "?" + c.query).want(200).body
		_, after, found := strings.Cut(page, `class="highlight"`)
		_, after, _ = strings.Cut(after, `data-seq="`)
		if seq, _, _ := strings.Cut(after, `"`); !found || seq != c.want {
			t.Errorf("%s leads to message %q, want %s", c.query, seq, c.want)
		}
	}
	page := ada.get(general + "?on=2026-11-28").want(200).wantNot(`class="highlight"`)
	if len(rows(page.body)) != 3 {
		t.Error("after the end it is not the newest page")
	}
	for _, bad := range []string{"2026-02-30", "yesterday", "2026-11", "1", "%FF"} {
		ada.get(general+"?on="+bad).want(422, "Write it as 2026-11-27")
	}
	s.newClient().get(general + "?on=2026-11-27").want(303)
}

// Who reads elsewhere in a channel finds the way to the first unread message.
func TestCalendarLeadsToTheFirstUnread(t *testing.T) {
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	bob.get(general).want(200)
	ada.say("one")
	bob.get(general).want(200)
	bob.get(general+"/days").want(200, "The beginning").wantNot("First unread")
	ada.say("two")
	ada.say("three")
	bob.get(general+"/days").want(200, `<a href="`+general+`/2">First unread</a>`)
	const link = "Jump to the first unread message"
	bob.get(general).want(200).wantNot(link)
	for range 101 {
		ada.say("more")
	}
	bob.get(general).want(200, `<a href="`+general+`/4">`+link)
	bob.get(general).want(200).wantNot(link)
}
