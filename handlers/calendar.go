package handlers

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

const monthOnly = "2006-01"

var (
	errBadDay   = chat.Invalid("on", "That is not a day. Write it as 2026-11-27: year, month, day.")
	errBadMonth = chat.Invalid("month", "That is not a month. Write it as 2026-11: year, month.")
)

// showDay shows a channel from the first message of the day ?on, in the reader's zone, or of the next day that has any.
// Before all messages that is the first one; after all, the page is the newest.
func (s channelHandlers) showDay(c *fiber.Ctx, a chat.Actor, slug string) error {
	day, err := time.Parse(time.DateOnly, c.Query("on"))
	if err != nil {
		return errBadDay
	}
	zone, err := s.zone(c, a)
	if err != nil {
		return err
	}
	begin := dayBegins(day.Year(), day.Month(), day.Day(), zone)
	p, seq, err := s.Chat.Messages.AroundTime(c.UserContext(), a, slug, begin)
	if err != nil {
		return err
	}
	v, err := s.channelView(c, a, p)
	if err != nil {
		return err
	}
	v.Highlighted = seq
	return s.renderChannel(c, a, fiber.StatusOK, nil, p, v)
}

// showCalendar shows on which days of ?month, else of the month of ?on, else of this month, a channel has messages.
func (s channelHandlers) showCalendar(c *fiber.Ctx, a chat.Actor) error {
	zone, err := s.zone(c, a)
	if err != nil {
		return err
	}
	v := views.Calendar{Zone: zone}
	if zone.String() == c.Query("zone") {
		v.Query = url.Values{"zone": {zone.String()}}
	}
	month := time.Now().In(zone)
	if on := c.Query("on"); on != "" {
		if month, err = time.Parse(time.DateOnly, on); err != nil {
			return errBadDay
		}
		v.On = strings.Clone(on)
	}
	if asked := c.Query("month"); asked != "" {
		if month, err = time.Parse(monthOnly, asked); err != nil {
			return errBadMonth
		}
	}
	v.Year, v.Month = month.Year(), month.Month()
	v.Calendar, err = s.Chat.Messages.Calendar(c.UserContext(), a, param(c, "slug"), monthBegins(v.Year, v.Month, zone))
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component {
		l.Current = v.Channel.ID
		return views.CalendarPage(l, v)
	})
}

// monthBegins returns when each day of a month begins, and the end of the last one.
func monthBegins(year int, month time.Month, zone *time.Location) []time.Time {
	days := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	begins := make([]time.Time, 0, chat.MaxCalendarDays+1)
	for day := 1; day <= days+1; day++ {
		begins = append(begins, dayBegins(year, month, day, zone))
	}
	return begins
}
