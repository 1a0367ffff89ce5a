package handlers

import (
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// inThread returns the access of a form of a channel as that to the thread in which it replies, if it does.
func (s messageHandlers) inThread(c *fiber.Ctx, acc chat.Access, values url.Values) (chat.Access, error) {
	root := values.Get("thread")
	if root == "" {
		return acc, nil
	}
	seq, err := parseSeq(root)
	if err != nil {
		return acc, err
	}
	in, err := s.Chat.Messages.InThread(c.UserContext(), acc, seq)
	if err != nil {
		return acc, err
	}
	in.Channel = acc.Channel
	return in, nil
}

// showThread shows the newest replies to a message beside its channel, or with ?before or ?after those on one side of a
// reply; for htmx only the thread, or the rows.
func (s messageHandlers) showThread(c *fiber.Ctx, a chat.Actor) error {
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	ctx, address := c.UserContext(), chat.ThreadAddress(param(c, "slug"), seq)
	for _, side := range []struct {
		from string
		read readPage
		rows rowsOf
	}{
		{c.Query("before"), s.Chat.Messages.Before, views.Older}, {c.Query("after"), s.Chat.Messages.After, views.Newer},
	} {
		if side.from == "" {
			continue
		}
		from, err := parseFrom(side.from)
		if err != nil {
			return err
		}
		p, err := side.read(ctx, a, address, from)
		if err != nil {
			return err
		}
		if htmx(c) {
			return render(c, fiber.StatusOK, side.rows(p))
		}
		return s.renderThread(c, a, fiber.StatusOK, views.ThreadView{Page: p})
	}
	open := s.Chat.Messages.View
	if prefetched(c) {
		open = s.Chat.Messages.Peek // a prefetch must not mark replies as read
	}
	p, err := open(ctx, a, address)
	if err != nil {
		return err
	}
	if p.Thread.Root != seq { // a row that shows a reply: its thread has an address of its own
		return c.Redirect(feedPath(chat.ThreadAddress(p.Channel.Slug, p.Thread.Root)), fiber.StatusSeeOther)
	}
	t := views.ThreadView{Page: p}
	t.Composer.Reply = slashReply(c.Query("command"), "") // to a plain form
	return s.renderThread(c, a, fiber.StatusOK, t)
}

// renderThread sends a thread beside its channel, or for htmx the thread alone.
func (s messageHandlers) renderThread(c *fiber.Ctx, a chat.Actor, status int, t views.ThreadView) error {
	p := t.Page
	if t.Composer.ClientID == "" {
		reply := t.Composer.Reply
		form, err := s.composerWith(c, a, p.Channel, p.Thread.ID)
		if err != nil {
			return err
		}
		t.Composer, t.Composer.Reply = form, reply
	}
	t.Me, t.Composer.Thread, t.Composer.Slow = a.ID, p.Thread.Root, views.SlowHint(p.Access.PostDelay())
	if htmx(c) {
		return render(c, status, views.ThreadPane(t))
	}
	channel, err := s.Chat.Messages.Peek(c.UserContext(), a, p.Channel.Slug)
	if err != nil {
		return err
	}
	form, err := s.composerWith(c, a, channel.Channel, channel.Channel.ID)
	if err != nil {
		return err
	}
	v := views.ChannelView{Composer: form, Thread: &t}
	v.Composer.Beside = true
	return s.renderChannel(c, a, status, nil, channel, v)
}

// showThreads lists the threads that the actor follows.
func (s messageHandlers) showThreads(c *fiber.Ctx, a chat.Actor) error {
	list, err := s.Chat.Threads.List(c.UserContext(), a, listQuery(c).Page)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component { return views.ThreadsPage(l, list) })
}

func (s messageHandlers) followThread(c *fiber.Ctx, a chat.Actor) error { return s.follow(c, a, true) }

func (s messageHandlers) unfollowThread(c *fiber.Ctx, a chat.Actor) error {
	return s.follow(c, a, false)
}

// follow makes the actor follow the thread of a message, or not any more.
func (s messageHandlers) follow(c *fiber.Ctx, a chat.Actor, follows bool) error {
	slug := param(c, "slug")
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	change := s.Chat.Threads.Unfollow
	if follows {
		change = s.Chat.Threads.Follow
	}
	if err := change(c.UserContext(), a, slug, seq); err != nil {
		return err
	}
	address := chat.ThreadAddress(slug, seq)
	if !htmx(c) {
		return redirect(c, feedPath(address))
	}
	p, err := s.Chat.Messages.Peek(c.UserContext(), a, address)
	if err != nil {
		return err
	}
	return render(c, fiber.StatusOK, views.FollowForm(p))
}
