package handlers

import (
	"crypto/rand"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s messageHandlers) showForward(c *fiber.Ctx, a chat.Actor) error {
	m, ch, err := s.forwarded(c, a)
	if err != nil {
		return err
	}
	return s.renderForward(c, a, m, ch, views.ForwardForm{ClientID: rand.Text()})
}

// forwarded returns the path's message, and its channel.
func (s messageHandlers) forwarded(c *fiber.Ctx, a chat.Actor) (chat.Message, chat.Channel, error) {
	address, seq, err := place(c)
	if err != nil {
		return chat.Message{}, chat.Channel{}, err
	}
	return s.Chat.Messages.Quote(c.UserContext(), a, address, seq)
}

func (s messageHandlers) renderForward(c *fiber.Ctx, a chat.Actor, m chat.Message, from chat.Channel,
	f views.ForwardForm) (err error) {
	if f.Targets, err = s.Chat.Messages.ForwardTargets(c.UserContext(), a); err != nil {
		return err
	}
	fragment := views.ForwardDialog(m, from, f)
	if f.Message != "" { // the dialog is open
		fragment = views.ForwardFragment(m, from, f)
	}
	return s.respond(c, a, f.Status, fragment, func(l views.Layout) templ.Component {
		l.Current = m.In()
		return views.ForwardPage(l, m, from, f)
	})
}

// forwardMessage posts a message with a link to another one. Who sees that finds it quoted below; the others learn no
// more than the link.
func (s messageHandlers) forwardMessage(c *fiber.Ctx, a chat.Actor) error {
	m, from, err := s.forwarded(c, a)
	if err != nil {
		return err
	}
	confirm := ""
	return submit(c, submission{
		limited: s.rateLimit(c, s.posts, a),
		do: func(values url.Values) (func() error, error) {
			body := values.Get("body")
			if err := s.muchText(c, a, body); err != nil {
				return nil, err
			}
			ch, err := s.Chat.Messages.Forward(c.UserContext(), a, s.baseURL(c)+messagePath(m.Address(), m.Seq),
				values.Get("to"), chat.Draft{
					Body: body, ClientID: values.Get("client_id"), Confirm: values.Get("confirm"),
				})
			confirm = confirmOf(err)
			return to(c, channelPath(ch.Slug)), err
		},
		show: func(values url.Values, fault views.Fault) error {
			return s.renderForward(c, a, m, from, views.ForwardForm{
				To: values.Get("to"), Body: sanitizeEcho(values.Get("body")), Fault: fault, Confirm: confirm,
				ClientID: clientIDOf(values),
			})
		},
	})
}

// clientIDOf returns the client_id that a form was sent with, or a new one if that is not valid.
func clientIDOf(values url.Values) string {
	if id := sanitizeEcho(values.Get("client_id")); id != "" && len(id) <= chat.MaxClientIDLen {
		return id
	}
	return rand.Text()
}
