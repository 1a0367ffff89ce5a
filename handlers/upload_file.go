package handlers

import (
	"errors"
	"io"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// createFile receives one file before its message, and answers with its line in the form: the message names it as kept.
// So each file has a request of its own, which can fail and be tried again alone. A refused file's line has the reason.
func (s messageHandlers) createFile(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	if err := s.Chat.Messages.CheckUpload(c.UserContext(), a, slug); err != nil {
		return errNotSent(err) // before a byte of the upload is read
	}
	if err := s.rateLimit(c, s.uploads, a); err != nil {
		fault, _ := formFault(err)
		return render(c, fault.Status, views.AttachedFiles(nil, []views.Refused{{Reason: fault.Message}}))
	}
	in := &incoming{}
	defer func() { in.discard(s.Files) }()
	received := false
	var err error
	in.values, err = readForm(c, s.MaxUpload+1<<20, maxForm, func(name string, r io.Reader) error {
		if received {
			in.refuse(name, fiber.StatusUnprocessableEntity, "Only one file goes with one request.")
			return nil
		}
		received = true
		return s.receiveFile(c, a, in, name, r)
	})
	switch {
	case errors.Is(err, errTooLarge):
		in.refuse("", fiber.StatusRequestEntityTooLarge, "It is too large.")
	case err != nil:
		return err
	case !received:
		in.refuse("", fiber.StatusUnprocessableEntity, "Choose a file first.")
	}
	if len(in.refused) > 0 {
		return render(c, in.status, views.AttachedFiles(nil, in.refused))
	}
	files, err := s.store(in.files)
	if err != nil {
		return err
	}
	gone, err := s.Chat.Messages.SavePendingFile(c.UserContext(), a, slug, files[0], in.kept())
	if err != nil {
		s.removeFiles(c, ids(files))
		return errNotSent(err)
	}
	s.removeFiles(c, gone)
	return render(c, fiber.StatusOK, views.AttachedFiles(files, nil))
}
