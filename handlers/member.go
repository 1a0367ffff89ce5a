package handlers

import (
	"cmp"
	"context"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// maxSuggested bounds the names that a form suggests.
const maxSuggested = 200

func (s channelHandlers) showMembers(c *fiber.Ctx, a chat.Actor) error {
	return s.renderMembers(c, a, views.Members{
		Added: sanitizeEcho(c.Query("added")),
		Ban:   views.BanForm{Name: sanitizeEcho(c.Query("ban")), Banned: sanitizeEcho(c.Query("banned"))},
	})
}

func (s channelHandlers) renderMembers(c *fiber.Ctx, a chat.Actor, m views.Members) error {
	ctx, slug := c.UserContext(), param(c, "slug")
	acc, err := s.Chat.Channels.Access(ctx, a, slug)
	if err != nil {
		return err
	}
	m.Access, m.Channel = acc, *acc.Channel
	if m.List, err = s.Chat.Channels.Members(ctx, acc, listQuery(c)); err != nil {
		return err
	}
	if acc.CanManage() {
		if m.Bans, err = s.Chat.Moderation.ChannelBans(ctx, acc); err != nil {
			return err
		}
	}
	m.Ban.Open = s.open() && m.Channel.Kind == chat.Public
	if acc.CanAddMembers() {
		if m.Others, err = s.Chat.Channels.AddableUsers(ctx, a, acc, maxSuggested); err != nil {
			return err
		}
	}
	return s.respond(c, a, cmp.Or(m.Status, m.Ban.Status), nil, func(l views.Layout) templ.Component {
		l.Current = m.Channel.ID
		return views.MembersPage(l, m)
	})
}

func (s channelHandlers) addMember(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	return submit(c, submission{
		limited: s.rateLimit(c, s.invites, a),
		do: func(values url.Values) (func() error, error) {
			user, err := s.Chat.Channels.AddMember(c.UserContext(), a, slug, values.Get("name"))
			return to(c, channelPath(slug)+"/members?added="+escape(user.Name)), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderMembers(c, a, views.Members{Name: sanitizeEcho(values.Get("name")), Fault: fault})
		},
	})
}

func (s channelHandlers) removeMember(c *fiber.Ctx, a chat.Actor) error {
	return changeMembers(c, a, s.Chat.Channels.RemoveMember)
}

// changeMembers does what a button of the member list asks. The id is a user's or a ban's.
func changeMembers(c *fiber.Ctx, a chat.Actor,
	do func(ctx context.Context, a chat.Actor, slug string, id chat.ID) error) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	slug := param(c, "slug")
	if err := do(c.UserContext(), a, slug, id); err != nil {
		return err
	}
	return redirect(c, channelPath(slug)+"/members")
}

func (s channelHandlers) joinChannel(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	if err := s.Chat.Channels.Join(c.UserContext(), a, slug); err != nil {
		return err
	}
	return redirect(c, channelPath(slug))
}

// leaveChannel redirects to the list of channels: the channel may be hidden from the user now.
func (s channelHandlers) leaveChannel(c *fiber.Ctx, a chat.Actor) error {
	if err := s.Chat.Channels.Leave(c.UserContext(), a, param(c, "slug")); err != nil {
		return err
	}
	return redirect(c, "/c")
}

func (s channelHandlers) updatePreferences(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	slug := param(c, "slug")
	var section chat.ID
	if in := values.Get("section"); in != "" {
		if section, err = chat.ParseID(in); err != nil {
			return errNotFound
		}
	}
	err = s.Chat.Channels.SetPreferences(c.UserContext(), a, slug, values.Get("favourite") != "",
		values.Get("muted") != "", chat.Notify(values.Get("notify")), section)
	if err != nil {
		return err
	}
	return redirect(c, channelPath(slug)+"/settings?saved=1")
}

// hideChannel removes a conversation from the actor's list, and redirects to the list of channels.
func (s channelHandlers) hideChannel(c *fiber.Ctx, a chat.Actor) error {
	if err := s.Chat.Channels.Hide(c.UserContext(), a, param(c, "slug")); err != nil {
		return err
	}
	return redirect(c, "/c")
}
