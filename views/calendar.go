package views

import (
	"net/url"
	"time"

	"chitchat/chat"
)

// Calendar is a month of a channel's days.
type Calendar struct {
	chat.Calendar
	Year  int
	Month time.Month
	On    string         // the day that is marked, as 2026-11-27; "": none
	Zone  *time.Location // in which the days begin
	Query url.Values     // what links to other days and months take along: the zone, unless it is the profile's
}

// calendarDay is a day of the month; one before the first or after the last is 0, and fills its week.
type calendarDay struct {
	number int
	has    bool // it has messages
}

// weeks returns the days by week, from Monday on.
func (k Calendar) weeks() (list [][7]calendarDay) {
	var week [7]calendarDay
	first := k.date(1).Weekday()
	at := (int(first) + 6) % 7
	for i, has := range k.Days {
		week[at] = calendarDay{i + 1, has}
		if at++; at == len(week) {
			list, week, at = append(list, week), [7]calendarDay{}, 0
		}
	}
	if at > 0 {
		list = append(list, week)
	}
	return list
}

// date returns a day of the month, without regard to zones.
func (k Calendar) date(day int) time.Time {
	return time.Date(k.Year, k.Month, day, 0, 0, 0, 0, time.UTC)
}

// dayURL links to the messages of a day.
func (k Calendar) dayURL(day int) string {
	return k.link(channelURL(k.Channel.Slug), "on", k.date(day).Format(time.DateOnly))
}

// monthURL links to the month of a time.
func (k Calendar) monthURL(at time.Time) string {
	return k.link(channelURL(k.Channel.Slug)+"/days", "month", at.In(k.Zone).Format("2006-01"))
}

func (k Calendar) link(path, name, value string) string {
	query := url.Values{name: {value}}
	for name, values := range k.Query {
		query[name] = values
	}
	return path + "?" + query.Encode()
}
