package handlers

import (
	"errors"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

func (s adminHandlers) showStorage(c *fiber.Ctx, a chat.Actor) error {
	t, err := s.Chat.Admin.UsageByChannel(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	return s.renderStorage(c, a, views.Storage{Channels: t})
}

func (s adminHandlers) showStorageByUser(c *fiber.Ctx, a chat.Actor) error {
	t, err := s.Chat.Admin.UsageByUser(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	return s.renderStorage(c, a, views.Storage{Persons: t, ByPerson: true})
}

// deletePendingFiles deletes a user's pending files.
func (s adminHandlers) deletePendingFiles(c *fiber.Ctx, a chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	gone, err := s.Chat.Admin.DeletePendingFiles(c.UserContext(), a, id)
	if err != nil {
		return err
	}
	s.removeFiles(c, gone)
	return redirect(c, "/admin/storage/people")
}

func (s adminHandlers) renderStorage(c *fiber.Ctx, a chat.Actor, v views.Storage) error {
	var err error
	if v.Usage, err = s.Chat.Admin.Usage(c.UserContext(), a); err != nil {
		return err
	}
	v.Free = -1
	if free, err := s.Files.Free(); err == nil {
		v.Free = free
	} else if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil, func(l views.Layout) templ.Component { return views.StoragePage(l, v) })
}
