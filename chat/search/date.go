package search

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Days returns the time that a date of a query names, from its beginning up to its end: 2026-11-27, 2026-11, 2026,
// today, yesterday, a day of the week (the last one, today included), november or nov (the last one, this month
// included), "november 2025", "last week" and so on. now is in the zone in which days begin. It reports whether there
// is such a date.
func Days(date string, now time.Time) (from, to time.Time, ok bool) {
	date = strings.Join(strings.Fields(strings.ToLower(date)), " ")
	today := day(now.Year(), now.Month(), now.Day(), now.Location())
	for _, layout := range []struct {
		format              string
		years, months, days int
	}{{"2006-1-2", 0, 0, 1}, {"2006-1", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if at, err := time.ParseInLocation(layout.format, date, now.Location()); err == nil {
			return at, at.AddDate(layout.years, layout.months, layout.days), at.Year() > 0
		}
	}
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	first := day(now.Year(), now.Month(), 1, now.Location())
	switch date {
	case "today":
		return today, today.AddDate(0, 0, 1), true
	case "yesterday":
		return today.AddDate(0, 0, -1), today, true
	case "week", "this week":
		return monday, monday.AddDate(0, 0, 7), true
	case "last week":
		return monday.AddDate(0, 0, -7), monday, true
	case "month", "this month":
		return first, first.AddDate(0, 1, 0), true
	case "last month":
		return first.AddDate(0, -1, 0), first, true
	case "year", "this year":
		return day(now.Year(), 1, 1, now.Location()), day(now.Year()+1, 1, 1, now.Location()), true
	case "last year":
		return day(now.Year()-1, 1, 1, now.Location()), day(now.Year(), 1, 1, now.Location()), true
	}
	for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
		if abbreviates(date, weekday.String()) {
			at := today.AddDate(0, 0, -(int(today.Weekday())-int(weekday)+7)%7)
			return at, at.AddDate(0, 0, 1), true
		}
	}
	return monthNamed(date, now)
}

func monthNamed(date string, now time.Time) (from, to time.Time, ok bool) {
	name, year, _ := strings.Cut(date, " ")
	for month := time.January; month <= time.December; month++ {
		if !abbreviates(name, month.String()) {
			continue
		}
		at := day(now.Year(), month, 1, now.Location())
		if year != "" {
			in, err := time.Parse("2006", year)
			if err != nil || in.Year() == 0 {
				return from, to, false
			}
			at = day(in.Year(), month, 1, now.Location())
		} else if at.After(now) {
			at = day(now.Year()-1, month, 1, now.Location())
		}
		return at, at.AddDate(0, 1, 0), true
	}
	return from, to, false
}

// abbreviates reports whether a text is a name, or its beginning of at least three letters.
func abbreviates(text, name string) bool {
	return utf8.RuneCountInString(text) >= 3 && strings.HasPrefix(strings.ToLower(name), text)
}

func day(year int, month time.Month, d int, in *time.Location) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, in)
}
