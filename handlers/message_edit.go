package handlers

import (
	"cmp"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s messageHandlers) showEdit(c *fiber.Ctx, a chat.Actor) error {
	m, err := s.changeable(c, a, chat.Access.EditRefusal)
	if err != nil {
		return err
	}
	return s.renderEdit(c, a, fiber.StatusOK, m, views.EditForm{Body: m.Body})
}

func (s messageHandlers) renderEdit(c *fiber.Ctx, a chat.Actor, status int, m chat.Message, f views.EditForm) error {
	return s.respond(c, a, status, views.EditFragment(m, f), func(l views.Layout) templ.Component {
		l.Current = m.In()
		return views.EditPage(l, m, f)
	})
}

func (s messageHandlers) updateMessage(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.posts, a) // sent to all subscribers, as a post is
	values, err := form(c, maxMessageForm)
	if err != nil {
		return cmp.Or(limited, err)
	}
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	if limited == nil {
		limited = s.muchText(c, a, values.Get("body"))
	}
	var row chat.Row
	if err = limited; err == nil {
		row, err = s.Chat.Messages.EditFrom(c.UserContext(), a, address, seq, began(values), values.Get("body"),
			values.Get("confirm"))
	}
	if err != nil {
		return s.refuseEdit(c, a, values, err)
	}
	return answerRow(c, row, messagePath(address, seq))
}

// began returns when the text was written from which the edit began (see chat.Message.Written); 0: unknown.
func began(values url.Values) int64 {
	written, err := strconv.ParseInt(values.Get("written"), 10, 64)
	if err != nil {
		return 0
	}
	return written
}

// refuseEdit answers a refused edit with its form and the typed text, also when the message has changed, which is
// shown, or was deleted.
func (s messageHandlers) refuseEdit(c *fiber.Ctx, a chat.Actor, values url.Values, cause error) error {
	fault, ok := formFault(cause)
	if !ok && chat.ErrorCode(cause) != chat.CodeNotFound {
		return cause
	}
	f := views.EditForm{Body: sanitizeEcho(values.Get("body")), Error: fault.Message,
		Confirm: confirmOf(cause)}
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
		f.Changed = began(values) != 0 && began(values) != m.Written()
	}
	return s.renderEdit(c, a, fault.Status, m, f)
}
