package handlers

import (
	"errors"
	"io"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/uploads"
	"chitchat/views"
)

// avatarSide is the side of an avatar in pixels: 64 CSS pixels at twice the density.
const avatarSide = 128

// updateAvatar stores the picture of the form and deletes the previous one. It does not use submit: the file is
// received while the form is read.
func (s settingsHandlers) updateAvatar(c *fiber.Ctx, a chat.Actor) error {
	limited := s.rateLimit(c, s.uploads, a)
	var picture *uploads.File
	defer func() { s.Files.Discard(picture) }()
	fault := limited
	if fault == nil {
		fault = chat.Invalid("file", "Choose a picture first.")
	}
	_, err := readForm(c, s.MaxUpload+1<<20, maxForm, func(name string, r io.Reader) (err error) {
		if fault = limited; fault != nil || picture != nil {
			return nil
		}
		picture, fault, err = s.receiveAvatar(c, a, name, r)
		return err
	})
	if errors.Is(err, errTooLarge) {
		err, fault = nil, &chat.Error{Code: chat.CodeTooLarge, Field: "file", Message: "It is too large."}
	}
	if err != nil {
		return err
	}
	if fault == nil {
		fault = s.keepAvatar(c, a, picture)
	}
	if refusal, ok := formFault(fault); ok || chat.ErrorCode(fault) == chat.CodeForbidden {
		return s.renderMyProfile(c, a, func(f *views.ProfileForm) { f.Fault = refusal.Beside("file") })
	}
	if fault != nil {
		return fault
	}
	return redirect(c, "/me/profile?saved=1")
}

// receiveAvatar receives one picture. fault is what is wrong with the picture; err concerns the form as a whole.
func (s settingsHandlers) receiveAvatar(c *fiber.Ctx, a chat.Actor, name string,
	r io.Reader) (f *uploads.File, fault, err error) {
	f, err = s.Files.ReceiveSquare(c.UserContext(), a.ID.String(), name, s.meter(c, a, r),
		uploads.Square{Side: avatarSide})
	return pictureFault(f, err)
}

// pictureFault tells what is wrong with a received picture from what concerns the form as a whole.
func pictureFault(f *uploads.File, err error) (picture *uploads.File, fault, formErr error) {
	if refusal, ok := errors.AsType[*uploads.Refusal](err); ok {
		return nil, &chat.Error{Code: refusalCode[refusal.Kind], Field: "file", Message: refusal.Reason}, nil
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fiber.ErrBadRequest // cut off
	}
	return f, nil, err
}

// refusalCode returns the error code for a refused picture.
var refusalCode = map[uploads.Kind]chat.Code{
	uploads.TooLarge:  chat.CodeTooLarge,
	uploads.WrongType: chat.CodeUnsupported,
	uploads.Empty:     chat.CodeInvalid,
	uploads.Broken:    chat.CodeInvalid,
	uploads.NoSpace:   chat.CodeNoSpace,
	uploads.TooOften:  chat.CodeTooOften,
}

func (s settingsHandlers) keepAvatar(c *fiber.Ctx, a chat.Actor, picture *uploads.File) error {
	id := chat.NewID()
	if err := s.Files.Keep(picture, id.String()); err != nil {
		return err
	}
	old, err := s.Chat.Users.SetAvatar(c.UserContext(), a, id, picture.Size)
	if err != nil {
		old = id
	}
	s.forgetAvatar(c, old)
	return err
}

func (s settingsHandlers) deleteAvatar(c *fiber.Ctx, a chat.Actor) error {
	if err := s.rateLimit(c, s.renames, a); err != nil {
		return err
	}
	old, err := s.Chat.Users.RemoveAvatar(c.UserContext(), a)
	if err != nil {
		return err
	}
	s.forgetAvatar(c, old)
	return redirect(c, "/me/profile?saved=1")
}

func (s settingsHandlers) forgetAvatar(c *fiber.Ctx, picture chat.ID) {
	if picture != 0 {
		s.removeFiles(c, []chat.ID{picture})
	}
}

// serveAvatar serves a user's picture. The content at a URL never changes: a new picture has a new URL.
func (s userHandlers) serveAvatar(c *fiber.Ctx, a chat.Actor) error {
	user, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	picture, err := chat.ParseID(param(c, "picture"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Users.Avatar(c.UserContext(), a, user, picture); err != nil {
		return err
	}
	f, err := s.Files.Open(picture.String())
	if err != nil {
		return missing(err)
	}
	return s.sendFile(c, f, "image/jpeg", `"`+picture.String()+`"`)
}
