package handlers

import (
	"cmp"
	"errors"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// createMessage posts a message. A refused form is shown again with its text, its accepted files, and the reason.
func (s messageHandlers) createMessage(c *fiber.Ctx, a chat.Actor) error {
	acc, err := s.Chat.Messages.AccessToPost(c.UserContext(), a, param(c, "slug"))
	if err != nil { // before a byte of an upload is read
		return errNotSent(err)
	}
	limited := s.rateLimit(c, s.posts, a)
	in, err := s.receive(c, a, limited == nil)
	defer in.discard(s.Files)
	if err != nil {
		return err
	}
	if limited == nil {
		limited = s.muchText(c, a, in.values.Get("body"))
	}
	if limited != nil {
		in.fault = limited
	}
	files, err := s.store(in.files)
	if err != nil {
		return s.refuse(c, a, acc, in, nil, err)
	}
	if in.fault != nil || len(in.refused) > 0 {
		return s.refuse(c, a, acc, in, files, in.fault)
	}
	row, fresh, err := s.Chat.Messages.PostIn(c.UserContext(), a, acc, chat.Draft{
		Body: in.values.Get("body"), ClientID: in.values.Get("client_id"), Files: files, Kept: in.kept(),
	})
	if errors.Is(err, chat.ErrUnshown) { // stored, with its files: the form must not be sent again
		if !fresh {
			s.removeFiles(c, ids(files))
		}
		return err
	}
	if err != nil {
		return s.refuse(c, a, acc, in, files, err)
	}
	if !fresh { // a retry: the message has the files of the first request
		s.removeFiles(c, ids(files))
	}
	return answerRow(c, row, channelPath(acc.Channel.Slug))
}

// errNotSent adds to a not-found error what became of the message: a channel can be deleted while its user writes.
func errNotSent(err error) error {
	if chat.ErrorCode(err) != chat.CodeNotFound {
		return err
	}
	return chat.Errorf(chat.CodeNotFound,
		"This conversation is not there any more, or not yours to see. Nothing was sent. "+
			"What you wrote is still in the form: go back to it, copy it, and start the conversation again.")
}

// refuse answers a refused post with its form. files are the form's files that are already stored; they are kept for
// the next try.
func (s messageHandlers) refuse(c *fiber.Ctx, a chat.Actor, acc chat.Access, in *incoming, files []chat.Attachment,
	cause error) error {
	ctx, slug := c.UserContext(), acc.Channel.Slug
	switch chat.ErrorCode(cause) {
	case chat.CodeSignedOut, chat.CodeNotFound: // no user or channel to keep them for
		s.removeFiles(c, ids(files))
		return errNotSent(cause)
	default:
	}
	if kept := in.kept(); len(files)+len(kept) > 0 {
		gone, err := s.Chat.Messages.SavePendingFiles(ctx, a, slug, files, kept)
		if err != nil {
			gone = ids(files)
			cause, files = errors.Join(cause, err), nil
		}
		s.removeFiles(c, gone)
	}
	form := s.composer(*acc.Channel)
	form.Body, form.Refused = sanitizeEcho(in.values.Get("body")), in.refused
	if id := sanitizeEcho(in.values.Get("client_id")); id != "" && len(id) <= chat.MaxClientIDLen {
		form.ClientID = id
	}
	status := in.status
	if cause != nil {
		p := s.errorView(c, cause)
		status, form.Error = p.Status, p.Message
		if p.ID != "" {
			form.Error += " (" + p.ID + ")"
		}
	} else {
		form.Error = "The message was not sent, because not all files were taken. Send it without them, or choose others."
	}
	if kept := in.kept(); len(kept) > 0 {
		list, err := s.Chat.Messages.PendingFiles(ctx, a, slug, kept)
		if err != nil {
			return err
		}
		form.Kept = list
	}
	form.Kept = append(form.Kept, files...)
	if htmx(c) {
		form.Slow = views.SlowHint(acc.PostDelay())
		return render(c, status, views.ComposerForm(form))
	}
	p, err := s.Chat.Messages.Peek(ctx, a, slug)
	if err != nil {
		return err
	}
	return s.renderChannel(c, a, status, nil, p, views.ChannelView{Composer: form})
}

func (s messageHandlers) showEdit(c *fiber.Ctx, a chat.Actor) error {
	m, err := s.changeable(c, a, chat.Access.EditRefusal)
	if err != nil {
		return err
	}
	return s.renderEdit(c, a, fiber.StatusOK, m, views.EditForm{Body: m.Body})
}

func (s messageHandlers) renderEdit(c *fiber.Ctx, a chat.Actor, status int, m chat.Message, f views.EditForm) error {
	return s.respond(c, a, status, views.EditFragment(m, f), func(l views.Layout) templ.Component {
		l.Current = m.ChannelID
		return views.EditPage(l, m, f)
	})
}

func (s messageHandlers) updateMessage(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.posts, a) // sent to all subscribers, as a post is
	values, err := form(c, maxMessageForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	slug := param(c, "slug")
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	if limited == nil {
		limited = s.muchText(c, a, values.Get("body"))
	}
	var row chat.Row
	if err = limited; err == nil {
		row, err = s.Chat.Messages.EditFrom(c.UserContext(), a, slug, seq, began(values), values.Get("body"))
	}
	if err != nil {
		return s.refuseEdit(c, a, values, err)
	}
	return answerRow(c, row, messagePath(slug, seq))
}

// began returns the message's rev at which the edit began; 0: unknown.
func began(values url.Values) int64 {
	rev, err := strconv.ParseInt(values.Get("rev"), 10, 64)
	if err != nil {
		return 0
	}
	return rev
}

// refuseEdit answers a refused edit with its form and the typed text, also when the message has changed, which is
// shown, or was deleted.
func (s messageHandlers) refuseEdit(c *fiber.Ctx, a chat.Actor, values url.Values, cause error) error {
	fault, ok := formFault(cause)
	if !ok && chat.ErrorCode(cause) != chat.CodeNotFound {
		return cause
	}
	f := views.EditForm{Body: sanitizeEcho(values.Get("body")), Error: fault.Message}
	acc, err := s.Chat.Channels.Access(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return err
	}
	m, err := s.message(c, acc)
	if err != nil {
		return err
	}
	refusal := acc.EditRefusal(m)
	switch {
	case m.Deleted() && m.Author.ID == a.ID:
		if htmx(c) {
			return render(c, fiber.StatusNotFound, views.EditConflict(m, f.Body))
		}
		fault.Status = fiber.StatusNotFound
		f.Error = "This message was deleted meanwhile, and nothing was saved. Your text is still here: copy what " +
			"you need of it."
	case refusal != nil:
		return refusal
	case !ok:
		return cause
	default:
		f.Changed = began(values) != 0 && began(values) != m.Rev
	}
	return s.renderEdit(c, a, fault.Status, m, f)
}

// message returns the path's message, in a channel to which the access has been read.
func (s messageHandlers) message(c *fiber.Ctx, acc chat.Access) (chat.Message, error) {
	seq, err := seqParam(c)
	if err != nil {
		return chat.Message{}, err
	}
	return s.Chat.Messages.GetIn(c.UserContext(), acc, seq)
}

func (s messageHandlers) showDelete(c *fiber.Ctx, a chat.Actor) error {
	m, err := s.changeable(c, a, chat.Access.RemoveRefusal)
	if err != nil {
		return err
	}
	own := m.Author.ID == a.ID
	return s.respond(c, a, fiber.StatusOK, views.DeleteFragment(m, own), func(l views.Layout) templ.Component {
		l.Current = m.ChannelID
		return views.DeletePage(l, m)
	})
}

func (s messageHandlers) deleteMessage(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	seq, err := seqParam(c)
	if err != nil {
		return err
	}
	if err := s.rateLimit(c, s.posts, a); err != nil {
		return err
	}
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	row, files, err := s.Chat.Moderation.RemoveMessage(c.UserContext(), a, slug, seq, values.Get("reason"))
	if err != nil {
		return err
	}
	s.removeFiles(c, files)
	return answerRow(c, row, messagePath(slug, seq))
}

// changeable returns the path's message for the forms that change it. It fails once the message is deleted, and for
// users who may not change it.
func (s messageHandlers) changeable(c *fiber.Ctx, a chat.Actor,
	refusal func(chat.Access, chat.Message) *chat.Error) (chat.Message, error) {
	acc, err := s.Chat.Channels.Access(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return chat.Message{}, err
	}
	if refusal := acc.ChangeRefusal(); refusal != nil {
		return chat.Message{}, refusal
	}
	m, err := s.message(c, acc)
	if err != nil {
		return chat.Message{}, err
	}
	if refusal := refusal(acc, m); refusal != nil {
		return chat.Message{}, refusal
	}
	if m.Deleted() {
		return chat.Message{}, errNotFound
	}
	return m, nil
}
