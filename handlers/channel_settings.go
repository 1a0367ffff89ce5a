package handlers

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// moved redirects from a channel's old URL to its current one.
func (s *Server) moved(handle func(*fiber.Ctx, chat.Actor) error) func(*fiber.Ctx, chat.Actor) error {
	return func(c *fiber.Ctx, a chat.Actor) error {
		old := param(c, "slug")
		now, err := s.Chat.Channels.ResolveSlug(c.UserContext(), a, old)
		if err != nil {
			return err
		}
		if now == "" {
			return handle(c, a)
		}
		rest := strings.SplitN(strings.Clone(c.OriginalURL()), "/", 4) // "", "c", the slug, the rest
		to := channelPath(now)
		if _, query, ok := strings.Cut(rest[2], "?"); ok {
			to += "?" + query
		}
		if len(rest) == 4 {
			to += "/" + rest[3]
		}
		return c.Redirect(to, fiber.StatusSeeOther)
	}
}

func (s channelHandlers) showChannelSettings(c *fiber.Ctx, a chat.Actor) error {
	return s.renderChannelSettings(c, a, views.ChannelSettings{Saved: c.Query("saved") != ""})
}

func (s channelHandlers) renderChannelSettings(c *fiber.Ctx, a chat.Actor, v views.ChannelSettings) error {
	ctx, slug := c.UserContext(), param(c, "slug")
	acc, err := s.Chat.Channels.Access(ctx, a, slug)
	if err != nil {
		return err
	}
	v.Access, v.Channel = acc, *acc.Channel
	if v.Message == "" {
		v.Form = chat.ChannelSettings{
			Name: v.Channel.Name, Topic: v.Channel.Topic, Description: v.Channel.Description,
			Private: v.Channel.Kind == chat.Private, Announce: v.Channel.Announce, SlowSeconds: v.Channel.SlowSeconds,
		}
	}
	return s.respond(c, a, v.Status, nil, func(l views.Layout) templ.Component {
		l.Current = v.Channel.ID
		return views.ChannelSettingsPage(l, v)
	})
}

func (s channelHandlers) updateChannel(c *fiber.Ctx, a chat.Actor) error {
	var taken string
	return submit(c, submission{
		limited: s.rateLimit(c, s.changes, a),
		do: func(values url.Values) (func() error, error) {
			ch, err := s.Chat.Channels.Update(c.UserContext(), a, param(c, "slug"), typedSettings(values))
			taken = takenBy(err)
			return to(c, channelPath(ch.Slug)+"/settings?saved=1"), err
		},
		show: func(values url.Values, fault views.Fault) error {
			f := typedSettings(values)
			f.Name, f.Topic, f.Description = sanitizeEcho(f.Name), sanitizeEcho(f.Topic), sanitizeEcho(f.Description)
			return s.renderChannelSettings(c, a, views.ChannelSettings{Form: f, Taken: taken, Fault: fault.Beside("name")})
		},
	})
}

// typedSettings returns the settings that the form asks for.
func typedSettings(values url.Values) chat.ChannelSettings {
	slow, err := strconv.Atoi(cmp.Or(values.Get("slow"), "0"))
	if err != nil {
		slow = -1 // refused by chat
	}
	return chat.ChannelSettings{
		Name: values.Get("name"), Topic: values.Get("topic"), Description: values.Get("description"),
		Private: values.Get("private") != "", Announce: values.Get("announce") != "", SlowSeconds: slow,
	}
}

func (s channelHandlers) archiveChannel(c *fiber.Ctx, a chat.Actor) error {
	return changeState(c, a, s.Chat.Channels.Archive)
}

func (s channelHandlers) restoreChannel(c *fiber.Ctx, a chat.Actor) error {
	return changeState(c, a, s.Chat.Channels.Restore)
}

// changeState is shared by archiving and restoring. It redirects back to the form's page.
func changeState(c *fiber.Ctx, a chat.Actor,
	change func(context.Context, chat.Actor, string) (chat.Channel, error)) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	ch, err := change(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return err
	}
	if values.Has("back") {
		return redirect(c, returnURL("/admin/channels", values))
	}
	return redirect(c, channelPath(ch.Slug)+"/settings?saved=1")
}

// showDeleteChannel asks for confirmation. Only users who may delete the channel see it.
func (s channelHandlers) showDeleteChannel(c *fiber.Ctx, a chat.Actor) error {
	acc, err := s.Chat.Channels.Access(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return err
	}
	if !acc.CanDelete() {
		return chat.Errorf(chat.CodeForbidden, "This channel is not yours to delete.")
	}
	back := sanitizeEcho(strings.Clone(c.Query("back")))
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component {
		l.Current = acc.Channel.ID
		return views.DeleteChannelPage(l, *acc.Channel, back)
	})
}

func (s channelHandlers) deleteChannel(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	files, err := s.Chat.Channels.Delete(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return err
	}
	s.removeFiles(c, files)
	if values.Has("back") {
		return redirect(c, returnURL("/admin/channels", values))
	}
	return redirect(c, "/c")
}
