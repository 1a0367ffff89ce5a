package handlers

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func channelPath(slug string) string { return "/c/" + url.PathEscape(slug) }

// feedPath returns the path of a channel, or of a thread: see chat.ThreadAddress.
func feedPath(address string) string {
	slug, root, is := strings.Cut(address, "/")
	if !is {
		return channelPath(slug)
	}
	return channelPath(slug) + "/" + root + "/thread"
}

// messagePath returns the path of a message of a channel or a thread.
func messagePath(address string, seq int64) string {
	return feedPath(address) + "/" + strconv.FormatInt(seq, 10)
}

func (s channelHandlers) showChannels(c *fiber.Ctx, a chat.Actor) error {
	return s.renderChannels(c, a, views.NewChannel{})
}

func (s channelHandlers) renderChannels(c *fiber.Ctx, a chat.Actor, f views.NewChannel) error {
	b := views.ChannelBrowser{Query: sanitizeEcho(c.Query("q")), Archived: c.Query("archived") != "",
		MayCreate: a.Role.May(chat.MayCreateChannels)}
	list, more, err := s.Chat.Channels.Search(c.UserContext(), a, b.Query, b.Archived)
	if err != nil {
		return err
	}
	b.More = more
	for _, l := range list {
		b.List = append(b.List, views.ChannelSummary{ChannelSummary: l, General: s.Chat.Channels.IsGeneral(l.Channel)})
	}
	return s.respond(c, a, f.Status, views.NewChannelForm(f),
		func(l views.Layout) templ.Component { return views.ChannelsPage(l, b, f) })
}

func (s channelHandlers) createChannel(c *fiber.Ctx, a chat.Actor) error {
	var taken string
	return submit(c, submission{
		limited: s.rateLimit(c, s.newChannels, a),
		do: func(values url.Values) (func() error, error) {
			kind := chat.Public
			if values.Get("private") != "" {
				kind = chat.Private
			}
			ch, err := s.createChannelOnce(c, a, values.Get("name"), kind)
			taken = takenBy(err)
			return to(c, channelPath(ch.Slug)), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderChannels(c, a, views.NewChannel{
				Name: sanitizeEcho(values.Get("name")), Private: values.Get("private") != "", Taken: taken, Fault: fault,
			})
		},
	})
}

// takenBy returns the slug of the channel whose name caused err, or "".
func takenBy(err error) string {
	if e, ok := errors.AsType[*chat.Error](err); ok {
		return e.Channel
	}
	return ""
}

// createChannelOnce creates a channel. Repeating a recent request, as when the button is pressed twice, returns the
// first one's channel.
func (s channelHandlers) createChannelOnce(c *fiber.Ctx, a chat.Actor, name string,
	kind chat.Kind) (chat.Channel, error) {
	ctx := c.UserContext()
	if len(name) > maxKeyed {
		return s.Chat.Channels.Create(ctx, a, name, kind)
	}
	key := chat.NameKey(name)
	form, first, again := s.createdChannels.enter(a.ID.String() + " " + string(kind) + " " + key)
	defer s.createdChannels.leave(form)
	if again {
		now, err := s.Chat.Channels.Get(ctx, a, first.Slug)
		if err != nil && chat.ErrorCode(err) != chat.CodeNotFound {
			return now, err
		}
		if err == nil && now.ID == first.ID && now.Kind == kind && !now.Archived() && chat.NameKey(now.Name) == key {
			return now, nil
		} // else it was renamed, archived, deleted or left meanwhile: the request means a new one
	}
	ch, err := s.Chat.Channels.Create(ctx, a, name, kind)
	if err == nil {
		s.createdChannels.remember(form, ch)
	}
	return ch, err
}

// showChannel shows the newest messages, with ?before or ?after those on one side of a message, or with ?on those from
// the beginning of a day on.
func (s channelHandlers) showChannel(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	switch {
	case c.Query("before") != "":
		return s.history(c, a, slug, c.Query("before"), s.Chat.Messages.Before, views.Older)
	case c.Query("after") != "":
		return s.history(c, a, slug, c.Query("after"), s.Chat.Messages.After, views.Newer)
	case c.Query("on") != "":
		return s.showDay(c, a, slug)
	}
	open := s.Chat.Messages.View
	if prefetched(c) {
		open = s.Chat.Messages.Peek // a prefetch must not mark messages as read
	}
	p, err := open(c.UserContext(), a, slug)
	if err != nil {
		return err
	}
	v, err := s.channelView(c, a, p)
	if err != nil {
		return err
	}
	return s.renderChannel(c, a, fiber.StatusOK, nil, p, v)
}

// readPage is a verb of chat that reads the messages on one side of a seq; rowsOf are their rows alone.
type (
	readPage func(context.Context, chat.Actor, string, int64) (chat.MessagePage, error)
	rowsOf   func(chat.MessagePage) templ.Component
)

// history serves a page of older or newer messages: a full page, or for htmx only the rows.
func (s channelHandlers) history(c *fiber.Ctx, a chat.Actor, slug, from string, verb readPage, rows rowsOf) error {
	seq, err := parseFrom(from)
	if err != nil {
		return err
	}
	p, err := verb(c.UserContext(), a, slug, seq)
	if err != nil {
		return err
	}
	form, err := s.composerWith(c, a, p.Channel, p.Channel.ID)
	if err != nil {
		return err
	}
	return s.renderChannel(c, a, fiber.StatusOK, rows(p), p, views.ChannelView{Composer: form})
}

// channelView returns what a channel's page shows besides messages: a composer with the reader's draft and, on the
// first page after signing in, presence.
func (s *Server) channelView(c *fiber.Ctx, a chat.Actor, p chat.MessagePage) (views.ChannelView, error) {
	form, err := s.composerWith(c, a, p.Channel, p.Channel.ID)
	if err != nil {
		return views.ChannelView{}, err
	}
	v := views.ChannelView{Composer: form}
	v.Composer.Reply = slashReply(c.Query("command"), "") // to a plain form
	if !s.arriving(c) || prefetched(c) {
		return v, nil
	}
	online, err := s.Chat.Live.Online(c.UserContext(), a)
	if err != nil {
		return v, err
	}
	s.flashSignedIn(c, -time.Hour)
	v.Arrived = true
	for _, u := range online {
		if u.ID != a.ID {
			v.Welcome = append(v.Welcome, u)
		}
	}
	return v, nil
}
