package handlers

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/uploads"
	"chitchat/views"
)

// incoming is a received message form.
type incoming struct {
	values  url.Values
	files   []*uploads.File // received, and not yet stored
	refused []views.Refused
	status  int   // of the first file that was refused
	fault   error // what is wrong with the form as a whole; nil when nothing is

	preview *chat.Message // the text as it will be, where that was asked for
}

// refusalStatus returns the status of a form for a refused file.
var refusalStatus = map[uploads.Kind]int{
	uploads.TooLarge:  fiber.StatusRequestEntityTooLarge,
	uploads.WrongType: fiber.StatusUnsupportedMediaType,
	uploads.Empty:     fiber.StatusUnprocessableEntity,
	uploads.Broken:    fiber.StatusUnprocessableEntity,
	uploads.NoSpace:   fiber.StatusInsufficientStorage,
	uploads.TooOften:  fiber.StatusTooManyRequests,
}

// receive reads a message's form, with its files straight into the file store. A refused file loses neither the text
// nor the other files. An error means that the form was truncated or malformed: there is nothing to show. Without take,
// no file is stored.
func (s messageHandlers) receive(c *fiber.Ctx, a chat.Actor, take bool) (*incoming, error) {
	in := &incoming{}
	// Enough for a form of valid files of any number; more is not a mistake.
	limit := chat.MaxAttachments*s.MaxUpload + 1<<20
	var err error
	in.values, err = readForm(c, limit, maxMessageForm, func(name string, r io.Reader) error {
		if !take {
			if htmx(c) {
				return nil // its page still has the files, and offers them again
			}
			in.refuse(name, fiber.StatusTooManyRequests,
				"It was not taken, because the message came too often. Choose it again.")
			return nil
		}
		if err := s.rateLimit(c, s.uploads, a); err != nil && len(in.files) < chat.MaxAttachments {
			in.refuse(name, fiber.StatusTooManyRequests, "You sent too many files in one minute. Try again in the next.")
			return nil
		}
		return s.receiveFile(c, a, in, name, r)
	})
	if errors.Is(err, errTooLarge) {
		in.fault = chat.Errorf(chat.CodeTooLarge,
			"The message and its files are too large to send together. What is listed here was kept.")
		err = nil
	}
	if err != nil {
		return in, err
	}
	for n := len(in.files); n > 0 && n+len(in.kept()) > chat.MaxAttachments; n-- {
		s.Files.Discard(in.files[n-1])
		in.refuse(in.files[n-1].Name, fiber.StatusUnprocessableEntity, tooMany)
		in.files = in.files[:n-1]
	}
	return in, nil
}

var tooMany = fmt.Sprintf("At most %d files fit in one message.", chat.MaxAttachments)

func (s messageHandlers) receiveFile(c *fiber.Ctx, a chat.Actor, in *incoming, name string, r io.Reader) error {
	if len(in.files) >= chat.MaxAttachments {
		in.refuse(name, fiber.StatusUnprocessableEntity, tooMany)
		return nil
	}
	f, err := s.Files.ReceiveOnly(c.UserContext(), a.ID.String(), name, s.fileTypes(), s.meter(c, a, r))
	if refusal, ok := errors.AsType[*uploads.Refusal](err); ok {
		in.refuse(refusal.Name, refusalStatus[refusal.Kind], refusal.Reason)
		return nil
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fiber.ErrBadRequest // truncated
	}
	if err != nil {
		return err
	}
	in.files = append(in.files, f)
	return nil
}

func (in *incoming) refuse(name string, status int, reason string) {
	if len(in.refused) == 0 {
		in.status = status
	}
	if len(in.refused) < maxParts {
		in.refused = append(in.refused, views.Refused{Name: uploads.CleanName(name), Reason: reason})
	}
}

// kept returns the files that an earlier, refused form of the same message left.
func (in *incoming) kept() []chat.ID {
	var kept []chat.ID
	for _, s := range in.values["kept"] {
		if id, err := chat.ParseID(s); err == nil {
			kept = append(kept, id)
		}
	}
	return kept
}

// discard deletes the files that were not stored.
func (in *incoming) discard(files *uploads.Store) {
	for _, f := range in.files {
		files.Discard(f)
	}
}

// store moves received files to their final place, under new ids: all of them, or none.
func (s messageHandlers) store(files []*uploads.File) ([]chat.Attachment, error) {
	stored := make([]chat.Attachment, 0, len(files))
	for _, f := range files {
		a := chat.Attachment{ID: chat.NewID(), Name: f.Name, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height,
			Thumb: f.Thumb, Moves: f.Moves}
		if err := s.Files.Keep(f, a.ID.String()); err != nil {
			for _, id := range ids(stored) {
				err = errors.Join(err, s.Files.Remove(id.String()))
			}
			return nil, err
		}
		stored = append(stored, a)
	}
	return stored, nil
}

// removeFiles removes files from the file store. A file that remains after an error is swept at the next start.
func (s *Server) removeFiles(c *fiber.Ctx, files []chat.ID) {
	for _, id := range files {
		if err := s.Files.Remove(id.String()); err != nil {
			s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "a file was not removed", slog.Any("file", id),
				slog.Any("error", err))
		}
	}
}

func ids(files []chat.Attachment) []chat.ID {
	list := make([]chat.ID, len(files))
	for i, f := range files {
		list[i] = f.ID
	}
	return list
}

// fileTypes returns the types of files that the workspace takes.
func (s *Server) fileTypes() uploads.Types { return s.Chat.Admin.Workspace().FileTypes.Extensions() }

// composer returns a channel's empty form, with a client_id for the next message.
func (s *Server) composer(ch chat.Channel) views.Composer {
	name, sign := views.Title(ch)
	only := s.fileTypes()
	return views.Composer{
		Slug: ch.Slug, ChannelName: name, Sign: sign, ClientID: rand.Text(),
		MaxFiles: chat.MaxAttachments, MaxUpload: s.MaxUpload, Accept: only.Accept(),
	}
}
