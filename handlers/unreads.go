package handlers

import (
	"bytes"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/handlers/splice"
	"chitchat/views"
)

const unreadsPath = "/unreads"

// maxReadForm is larger than any form of markRead and undoRead.
const maxReadForm = 4 << 10

// showUnreads shows what the user has not read, each conversation with a composer of its own; with ?undo, after it was
// marked as read, what undoes that.
func (s messageHandlers) showUnreads(c *fiber.Ctx, a chat.Actor) error {
	undo, _ := chat.ParseID(c.Query("undo")) // anything but an id offers nothing
	p, err := s.Chat.Messages.Unreads(c.UserContext(), a, c.Query("from"))
	if err != nil {
		return err
	}
	u := views.Unreads{Page: p, Undo: undo}
	for _, g := range p.Groups {
		form := s.composer(g.Channel)
		form.Thread = g.Thread.Root
		u.Answers = append(u.Answers, views.Answer{Composer: form, Channel: g.Channel.ID, Seen: g.Seen()})
	}
	return s.choose(c, a, fiber.StatusOK, nil, func(l views.Layout) error { return s.assembleUnreads(c, l, u) })
}

// assembleUnreads builds the page of what is unread from its parts: see page.go.
func (s *Server) assembleUnreads(c *fiber.Ctx, l views.Layout, u views.Unreads) error {
	k := assemblies.Get().(*assembly)
	defer k.release()
	key, ok := views.AppendUnreadsKey(k.key[:0], l, u)
	k.key = key
	around := u
	around.Page.Groups = nil // added below
	frame, err := s.frame(c, k, ok, views.UnreadsPage(l, around))
	if err != nil {
		return err
	}
	for _, part := range frame {
		if part.kind != views.PartList {
			k.add(part.piece)
			continue
		}
		for i, g := range u.Page.Groups {
			if err := s.addGroup(c, k, g, u.Answers[i]); err != nil {
				return err
			}
		}
	}
	k.send(c)
	return nil
}

// addGroup adds a conversation. It renders it only if no equal one is cached.
func (s *Server) addGroup(c *fiber.Ctx, k *assembly, g chat.UnreadGroup, a views.Answer) error {
	render := func(string) (group []framePart, size int, err error) {
		k.parts.Reset()
		if err := views.UnreadGroup(g, a).Render(c.UserContext(), &k.parts); err != nil {
			return nil, 0, err
		}
		for kind, html := range k.parts.All() {
			part := framePart{kind: kind}
			if kind != views.PartOnce {
				part.piece = splice.New(splice.Often, bytes.Clone(html))
				size += 2 * len(html) // and at most as much compressed
			}
			group = append(group, part)
		}
		return group, size, nil
	}
	key, ok := views.AppendGroupKey(k.key[:0], g, a)
	k.key = key
	get := func() ([]framePart, error) { return s.groups.Get(k.key, render) }
	if !ok {
		get = func() ([]framePart, error) { group, _, err := render(""); return group, err }
	}
	group, err := get()
	for _, part := range group {
		if part.kind == views.PartOnce {
			part.piece = splice.New(splice.Stored, views.AppendClientID(nil, a.ClientID))
		}
		k.add(part.piece)
	}
	return err
}

// markRead marks the conversation of the field channel as read, up to the field seq, or without the field all of them,
// up to the field until: what a page knows of, and not what has come since. The answer offers to undo it: for htmx in
// the notice, for others on the page.
func (s messageHandlers) markRead(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxReadForm)
	if err != nil {
		return err
	}
	batch, err := s.read(c, a, values)
	if err != nil {
		return err
	}
	to := unreadsPath
	if batch != 0 {
		to += "?undo=" + batch.String()
	}
	if !htmx(c) {
		return redirect(c, to)
	}
	p, err := s.Chat.Messages.UnreadCount(c.UserContext(), a)
	if err != nil {
		return err
	}
	if p.Conversations > 0 && values.Get("until") != "" { // they have come since, and the page has no groups of them
		return redirect(c, to)
	}
	return render(c, fiber.StatusOK, views.MarkedRead(p, batch))
}

// read marks what the form names.
func (s messageHandlers) read(c *fiber.Ctx, a chat.Actor, values url.Values) (batch chat.ID, err error) {
	address := values.Get("channel")
	if address == "" {
		var until time.Time
		if field := values.Get("until"); field != "" {
			ms, err := strconv.ParseInt(field, 10, 64)
			if err != nil || ms <= 0 {
				return 0, errNotFound
			}
			until = time.UnixMilli(ms)
		}
		return s.Chat.Channels.MarkAllRead(c.UserContext(), a, until)
	}
	var seq int64
	if field := values.Get("seq"); field != "" {
		if seq, err = parseSeq(field); err != nil {
			return 0, err
		}
	}
	return s.Chat.Channels.MarkReadTo(c.UserContext(), a, address, seq)
}

// undoRead puts the read marks back to where they were before markRead. The page of what is unread is loaded again,
// with what is back; on any other page, where a key has marked it, the counts come by the socket.
func (s messageHandlers) undoRead(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxReadForm)
	if err != nil {
		return err
	}
	batch, err := chat.ParseID(values.Get("batch"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Channels.UndoRead(c.UserContext(), a, batch); err != nil {
		return err
	}
	if u, err := url.Parse(c.Get("HX-Current-URL")); htmx(c) && err == nil && u.Path != unreadsPath {
		return render(c, fiber.StatusOK, views.Notice("It is unread again."))
	}
	return redirect(c, unreadsPath)
}

// answered answers a post from the page of what is unread: htmx gets the row for its group and an empty form, others
// come back to the page.
func (s messageHandlers) answered(c *fiber.Ctx, acc chat.Access, row chat.Row) error {
	form := views.Answer{Composer: s.composer(*acc.Channel), Channel: acc.Channel.ID}
	form.Thread = acc.Root()
	if htmx(c) {
		return render(c, fiber.StatusOK, views.Answered(row, form))
	}
	return redirect(c, unreadsPath+"#"+form.Group())
}

// seenBefore returns up to where the page of what is unread has shown all that was there, as the form of an answer
// says. Who sends anything else changes but their own mark.
func seenBefore(values url.Values) int64 {
	n, _ := strconv.ParseInt(values.Get("seen"), 10, 64)
	return n
}
