package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/uploads"
	"chitchat/views"
)

// showProfile shows a user's profile: a page, or for htmx the card alone.
func (s userHandlers) showProfile(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	p, err := s.Chat.Users.Profile(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	self := id == a.ID
	view := views.ProfileView{Profile: p, Self: self, MayWrite: !self && !p.Deactivated &&
		a.Role.May(chat.MayWriteDirectly)}
	return s.respond(c, a, fiber.StatusOK, views.ProfileDialog(view),
		func(l views.Layout) templ.Component { return views.ProfilePage(l, view) })
}

func (s settingsHandlers) showMyProfile(c *fiber.Ctx, a chat.Actor) error {
	return s.renderMyProfile(c, a, func(f *views.ProfileForm) { f.Saved = c.Query("saved") != "" })
}

// renderMyProfile shows the forms of the user's own profile as stored, except for what typed changes.
func (s settingsHandlers) renderMyProfile(c *fiber.Ctx, a chat.Actor, typed func(*views.ProfileForm)) error {
	p, err := s.Chat.Users.Profile(c.UserContext(), a, a.ID)
	if err != nil {
		return err
	}
	f := views.ProfileForm{Profile: p, Accept: uploads.Pictures(), Ends: p.Status.Until}
	if !p.Status.Until.IsZero() {
		f.Until = views.StatusEndBefore
	}
	typed(&f)
	return s.respond(c, a, f.Fault.Status, nil, func(l views.Layout) templ.Component { return views.MyProfilePage(l, f) })
}

func (s settingsHandlers) updateProfile(c *fiber.Ctx, a chat.Actor) error {
	fill := func(p *chat.Profile, v url.Values) {
		p.Handle = sanitizeEcho(v.Get("handle"))
		p.Pronouns, p.Title = sanitizeEcho(v.Get("pronouns")), sanitizeEcho(v.Get("title"))
		p.TimeZone, p.Email = sanitizeEcho(v.Get("zone")), sanitizeEcho(v.Get("email"))
	}
	return submit(c, submission{
		limited: s.rateLimit(c, s.renames, a),
		do: func(values url.Values) (func() error, error) {
			var p chat.Profile
			fill(&p, values)
			return to(c, "/me/profile?saved=1"), s.Chat.Users.SetProfile(c.UserContext(), a, p)
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderMyProfile(c, a, func(f *views.ProfileForm) {
				fill(&f.Profile, values)
				f.Fault = fault.Beside("handle")
			})
		},
	})
}

func (s settingsHandlers) updateStatus(c *fiber.Ctx, a chat.Actor) error {
	return submit(c, submission{
		limited: s.rateLimit(c, s.renames, a),
		do: func(values url.Values) (_ func() error, err error) {
			status := typedStatus(values)
			if status.Until, err = s.statusEnd(c, a, values); err != nil {
				return nil, err
			}
			return to(c, "/me/profile?saved=1"), s.Chat.Users.SetStatus(c.UserContext(), a, status)
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderMyProfile(c, a, func(f *views.ProfileForm) {
				status := typedStatus(values)
				f.Status.Emoji, f.Status.Text, f.Until = status.Emoji, status.Text, values.Get("until")
				f.Fault = fault.Beside("emoji")
			})
		},
	})
}

// typedStatus returns the status of a form, without its end.
func typedStatus(v url.Values) chat.Status {
	if v.Get("clear") != "" {
		return chat.Status{}
	}
	return chat.Status{Emoji: sanitizeEcho(v.Get("emoji")), Text: sanitizeEcho(v.Get("status"))}
}

// statusEnd returns when the form's status ends.
func (s settingsHandlers) statusEnd(c *fiber.Ctx, a chat.Actor, v url.Values) (time.Time, error) {
	until := v.Get("until")
	if !slices.ContainsFunc(views.StatusEnds, func(end [2]string) bool { return end[0] == until }) &&
		until != views.StatusEndBefore {
		return time.Time{}, chat.Invalid("until", "Choose one of these ends.")
	}
	if minutes, err := strconv.Atoi(until); err == nil {
		return time.Now().Add(time.Duration(minutes) * time.Minute), nil
	}
	if until == "" {
		return time.Time{}, nil
	}
	p, err := s.Chat.Users.Profile(c.UserContext(), a, a.ID)
	if err != nil || until == views.StatusEndBefore {
		return p.Status.Until, err
	}
	zone := zoneOf(v.Get("zone"), p.TimeZone) // the browser's zone; without JavaScript, the profile's
	now := time.Now().In(zone)
	return dayBegins(now.Year(), now.Month(), now.Day()+1, zone), nil
}
