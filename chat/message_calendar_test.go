package chat

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// calendarText returns the numbers of the days with messages, and when those around them are.
func calendarText(k Calendar) string {
	var b strings.Builder
	for i, has := range k.Days {
		if has {
			fmt.Fprintf(&b, "%d ", i+1)
		}
	}
	return fmt.Sprintf("%s(%s, %s)", &b, k.Earlier.Format(time.DateOnly), k.Later.Format(time.DateOnly))
}

// days returns when each of n days from a date on begins, in UTC, and when the last one ends.
func days(t *testing.T, from string, n int) (begins []time.Time) {
	t.Helper()
	first, err := time.Parse(time.DateOnly, from)
	must(t, err)
	for i := range n + 1 {
		begins = append(begins, first.AddDate(0, 0, i))
	}
	return begins
}

func TestCalendar(t *testing.T) {
	clock := newClock() // 22 November, noon
	c := mustOpen(t, Options{Now: clock.now})
	ada := mustSignIn(t, c, "Ada")
	slug, none := "general-talk", "0001-01-01"
	check := func(from string, n int, want string) {
		t.Helper()
		k, err := c.Messages.Calendar(t.Context(), ada, slug, days(t, from, n))
		if got := calendarText(k); err != nil || got != want {
			t.Errorf("%d days from %s: %q, %v; want %q", n, from, got, err, want)
		}
	}
	check("2026-11-01", 30, "("+none+", "+none+")")
	for day := range 4 { // 22, 23, 24, 27
		for range 50 {
			mustPost(t, c, ada, fmt.Sprint(day))
		}
		clock.advance(24 * time.Hour)
		if day == 2 {
			clock.advance(48 * time.Hour)
		}
	}
	check("2026-11-01", 30, "22 23 24 27 ("+none+", "+none+")")
	check("2026-11-23", 2, "1 2 (2026-11-22, 2026-11-27)")
	check("2026-11-25", 2, "(2026-11-24, 2026-11-27)")
	check("2026-12-01", 31, "(2026-11-27, "+none+")")
	check("2026-10-01", 31, "("+none+", 2026-11-22)")
	check("2026-11-22", 0, "(0001-01-01, 0001-01-01)")
	check("2026-10-24", 99, "30 31 ("+none+", 2026-11-24)") // 31 days are all
	for _, s := range []struct {
		at   string
		want int64
	}{
		{"2020-01-01", 1}, {"2026-11-22", 1}, {"2026-11-23", 51}, {"2026-11-25", 151}, {"2026-11-27", 151},
		{"2026-11-28", 0},
	} {
		p, seq, err := c.Messages.AroundTime(t.Context(), ada, slug, days(t, s.at, 0)[0])
		if err != nil || seq != s.want {
			t.Errorf("%s: %d, %v; want %d", s.at, seq, err, s.want)
		}
		if want := seqs(p.Rows); s.want == 151 && want != "126-176" || s.want == 0 && want != "101-200" {
			t.Errorf("%s: %s", s.at, want)
		}
	}
}

// Looking at days reads a few messages by their key, however many there are, and marks nothing as read.
func TestCalendarCost(t *testing.T) {
	clock, queries := newClock(), 0
	c := mustOpen(t, Options{Now: clock.now, Trace: func(query string) {
		if strings.Contains(query, "created_at FROM messages") {
			queries++
		}
	}})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for range 300 {
		mustPost(t, c, ada, "hello")
		clock.advance(2 * time.Hour)
	}
	_, err := c.Messages.Calendar(t.Context(), bob, "general-talk", days(t, "2026-11-22", 31))
	must(t, err)
	if queries == 0 || queries > 31*11 { // 25 days with messages
		t.Errorf("%d reads", queries)
	}
	queries = 0
	_, _, err = c.Messages.AroundTime(t.Context(), bob, "general-talk", days(t, "2026-11-30", 0)[0])
	must(t, err)
	if queries == 0 || queries > 10 {
		t.Errorf("%d reads", queries)
	}
	k, err := c.Messages.Calendar(t.Context(), bob, "general-talk", nil)
	if must(t, err); k.Unread != 1 {
		t.Errorf("the first unread message is %d", k.Unread)
	}
}

func TestCalendarWithoutAccess(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, ada, "Design", Private)
	mustWrite(t, c, ada, ch.Slug, "secret")
	for _, slug := range []string{ch.Slug, "nowhere"} {
		_, err := c.Messages.Calendar(t.Context(), bob, slug, days(t, "2026-11-22", 31))
		wantCode(t, err, CodeNotFound)
		_, _, err = c.Messages.AroundTime(t.Context(), bob, slug, time.Time{})
		wantCode(t, err, CodeNotFound)
	}
	k, err := c.Messages.Calendar(t.Context(), ada, ch.Slug, days(t, "2026-11-22", 31))
	if must(t, err); k.Channel.ID != ch.ID {
		t.Error(k)
	}
}
