package handlers

import (
	"cmp"
	"errors"

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
	acc, err = s.inThread(c, acc, in.values)
	rootGone := err != nil && chat.ErrorCode(err) == chat.CodeNotFound
	if err != nil && (htmx(c) || !rootGone) {
		return errReplyNotSent(err)
	}
	if limited == nil {
		limited = s.muchText(c, a, in.values.Get("body"))
	}
	if limited != nil {
		in.fault = limited
	}
	if rootGone {
		in.fault = errRootGone
	}
	files, err := s.store(in.files)
	if err != nil {
		return s.refuse(c, a, acc, in, nil, err)
	}
	if in.fault != nil || len(in.refused) > 0 {
		return s.refuse(c, a, acc, in, files, in.fault)
	}
	body, answer, err := s.slash(c, a, acc, in, len(files))
	if err != nil {
		return s.refuse(c, a, acc, in, files, err)
	}
	if answer != nil {
		s.discardDraft(c, a, acc, in.values)
		return answer()
	}
	row, fresh, err := s.Chat.Messages.PostIn(c.UserContext(), a, acc, chat.Draft{
		Body: body, ClientID: in.values.Get("client_id"), Files: files, Kept: in.kept(),
		Confirm: in.values.Get("confirm"), Saved: in.values.Get("draft"), Broadcast: in.values.Get("also") != "",
		Apart: in.values.Get("back") == unreadsPath, Seen: seenBefore(in.values),
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
	if in.values.Get("back") == unreadsPath {
		return s.answered(c, acc, row)
	}
	if htmx(c) && acc.Root() != 0 {
		return render(c, fiber.StatusOK, views.Reply(row, acc.Channel.Slug, acc.Root()))
	}
	return answerRow(c, row, feedPath(acc.Address()))
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

// errRootGone refuses a reply in a plain form, whose text is shown again in the conversation's composer.
var errRootGone = chat.Invalid("thread", "The message that you replied to is not there any more. Nothing was sent: "+
	"what you wrote is still in the form. Send it to the conversation itself, or copy it.")

// errReplyNotSent is errNotSent for a reply: its root can be deleted while its user writes.
func errReplyNotSent(err error) error {
	if chat.ErrorCode(err) != chat.CodeNotFound {
		return err
	}
	return chat.Errorf(chat.CodeNotFound, "The message that you replied to is not there any more. Nothing was sent. "+
		"What you wrote is still in the form: copy it from there.")
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
	form.Thread, form.Also = acc.Root(), in.values.Get("also") != ""
	form.Body, form.Refused, form.Saved = sanitizeEcho(in.values.Get("body")), in.refused, echoedDraft(in.values)
	if id := sanitizeEcho(in.values.Get("client_id")); id != "" && len(id) <= chat.MaxClientIDLen {
		form.ClientID = id
	}
	status := cmp.Or(in.status, fiber.StatusOK)
	form.Preview = in.preview
	if cause != nil {
		p := s.errorView(c, cause)
		form.Confirm = confirmOf(cause)
		status, form.Error = p.Status, p.Message
		if p.ID != "" {
			form.Error += " (" + p.ID + ")"
		}
	} else if len(in.refused) > 0 {
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
		if in.values.Get("back") == unreadsPath {
			return render(c, status, views.AnswerForm(views.Answer{Composer: form, Channel: acc.Channel.ID,
				Seen: seenBefore(in.values)}))
		}
		return render(c, status, views.ComposerForm(form))
	}
	p, err := s.Chat.Messages.Peek(ctx, a, acc.Address())
	if err != nil {
		return err
	}
	if p.Thread != nil {
		return s.renderThread(c, a, status, views.ThreadView{Page: p, Composer: form})
	}
	return s.renderChannel(c, a, status, nil, p, views.ChannelView{Composer: form})
}

// confirmOf returns what a form sends to confirm what a refusal asks about; "" when it does not ask.
func confirmOf(err error) string {
	if e, ok := errors.AsType[*chat.Error](err); ok {
		return e.Confirm
	}
	return ""
}

// message returns the path's message, in a channel to which the access has been read, or in a thread there.
func (s messageHandlers) message(c *fiber.Ctx, acc chat.Access) (chat.Message, error) {
	seq, err := seqParam(c)
	if err != nil {
		return chat.Message{}, err
	}
	if number := c.Params("n"); number != "" {
		if acc, err = s.Chat.Messages.InThread(c.UserContext(), acc, seq); err != nil {
			return chat.Message{}, err
		}
		if seq, err = parseSeq(number); err != nil {
			return chat.Message{}, err
		}
	}
	return s.Chat.Messages.GetIn(c.UserContext(), acc, seq)
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

// showMessage shows one message among its neighbours. For htmx it returns the row alone, to replace an edit form.
func (s messageHandlers) showMessage(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	if htmx(c) {
		row, err := s.Chat.Messages.Row(c.UserContext(), a, address, seq)
		if err != nil {
			return err
		}
		return answerRow(c, row, "")
	}
	p, err := s.Chat.Messages.Around(c.UserContext(), a, address, seq)
	if err != nil {
		return err
	}
	if p.Thread != nil {
		return s.renderThread(c, a, fiber.StatusOK, views.ThreadView{Page: p, Highlighted: seq})
	}
	v, err := s.channelView(c, a, p)
	if err != nil {
		return err
	}
	v.Highlighted = seq
	return s.renderChannel(c, a, fiber.StatusOK, nil, p, v)
}
