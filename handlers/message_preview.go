package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// previewMessage shows a text as it will be, without sending it: the text alone for htmx, else the form that it is in,
// whose files are kept.
func (s messageHandlers) previewMessage(c *fiber.Ctx, a chat.Actor) error {
	acc, err := s.Chat.Messages.AccessToPost(c.UserContext(), a, param(c, "slug"))
	if err != nil {
		return err
	}
	if refusal := acc.PostRefusal(); refusal != nil {
		return refusal
	}
	in, err := s.receive(c, a, !htmx(c))
	defer in.discard(s.Files)
	if err != nil {
		return err
	}
	if acc, err = s.inThread(c, acc, in.values); err != nil {
		return err
	}
	body, err := previewed(in.values)
	var m chat.Message
	if err == nil {
		m, err = s.Chat.Messages.Preview(c.UserContext(), a, acc, body)
	}
	if htmx(c) {
		if fault, ok := formFault(err); ok {
			return render(c, fiber.StatusOK, views.PreviewRefusal(fault.Message))
		}
		if err != nil {
			return err
		}
		return render(c, fiber.StatusOK, views.Preview(m))
	}
	if err != nil {
		in.fault = err
	} else {
		in.preview = &m
	}
	files, err := s.store(in.files)
	if err != nil {
		return s.refuse(c, a, acc, in, nil, err)
	}
	return s.refuse(c, a, acc, in, files, in.fault)
}

// previewed returns the text that a form would send: a command is read as slash reads it, but has no effect. An edit,
// whose form says when its text was written, is always text.
func previewed(values url.Values) (string, error) {
	body := values.Get("body")
	if values.Has("written") {
		return body, nil
	}
	name, args, is := cutSlash(body)
	if !is {
		return slashless(body), nil
	}
	cmd, err := slashNamed(name, args)
	if err != nil {
		return "", err
	}
	if cmd.text == nil {
		return "", chat.Invalid("body", "This is a command: it does something, and is not sent as a message. %s", cmd.Help)
	}
	return cmd.text(args), nil
}
