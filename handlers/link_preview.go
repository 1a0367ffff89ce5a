package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// serveLinkPreviewPicture serves the picture of a link preview to those who see the message.
func (s messageHandlers) serveLinkPreviewPicture(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(param(c, "number"), 10, 64)
	if err != nil {
		return errNotFound
	}
	id, version, err := s.Chat.Messages.LinkPreviewPicture(c.UserContext(), a, address, seq, number)
	if err != nil {
		return err
	}
	f, err := s.Files.Open(id.String())
	if err != nil {
		return missing(err)
	}
	return s.sendFile(c, f, "image/jpeg", `"`+version+`"`)
}

// deleteLinkPreview removes the preview of the link in the field url from a message.
func (s messageHandlers) deleteLinkPreview(c *fiber.Ctx, a chat.Actor) error {
	address, seq, err := place(c)
	if err != nil {
		return err
	}
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	row, err := s.Chat.Messages.RemoveLinkPreview(c.UserContext(), a, address, seq, values.Get("url"))
	if err != nil {
		return err
	}
	return answerRow(c, row, messagePath(address, seq))
}
