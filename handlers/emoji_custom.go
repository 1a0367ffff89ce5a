package handlers

import (
	"errors"
	"io"
	"net/url"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/assets"
	"chitchat/chat"
	"chitchat/uploads"
	"chitchat/views"
)

// emojiSide is the side in pixels of the square in which a custom emoji fits: one alone in a message has 44 CSS pixels,
// at up to three times the density.
const emojiSide = 128

func (s adminHandlers) showCustomEmoji(c *fiber.Ctx, a chat.Actor) error {
	return s.renderCustomEmoji(c, a, views.EmojiForm{Added: sanitizeEcho(c.Query("added")),
		Removed: sanitizeEcho(c.Query("removed"))})
}

func (s adminHandlers) renderCustomEmoji(c *fiber.Ctx, a chat.Actor, f views.EmojiForm) error {
	t, err := s.Chat.Admin.Emoji(c.UserContext(), a, listQuery(c))
	if err != nil {
		return err
	}
	f.Accept = uploads.Pictures()
	return s.respond(c, a, f.Status, nil, func(l views.Layout) templ.Component { return views.CustomEmojiPage(l, t, f) })
}

// createEmoji adds the emoji of the form. It does not use submit: the file is received while the form is read.
func (s adminHandlers) createEmoji(c *fiber.Ctx, a chat.Actor) error {
	if !a.Role.May(chat.MayManageEmoji) {
		return errNotFound
	}
	fault := s.rateLimit(c, s.changes, a)
	take := fault == nil
	var picture *uploads.File
	defer func() { s.Files.Discard(picture) }()
	values, err := readForm(c, s.MaxUpload+1<<20, maxForm, func(name string, r io.Reader) (err error) {
		if take {
			take = false // one is enough
			picture, fault, err = s.receiveEmoji(c, a, name, r)
		}
		return err
	})
	if errors.Is(err, errTooLarge) {
		err, fault = nil, &chat.Error{Code: chat.CodeTooLarge, Field: "file", Message: "It is too large."}
	}
	if err != nil {
		return err
	}
	name := values.Get("name")
	if fault == nil {
		name, fault = cleanEmojiName(name)
	}
	if fault == nil && picture == nil {
		fault = chat.Invalid("file", "Choose a picture first.")
	}
	if fault == nil {
		fault = s.keepEmoji(c, a, name, picture)
	}
	if refusal, ok := formFault(fault); ok {
		return s.renderCustomEmoji(c, a, views.EmojiForm{Name: sanitizeEcho(values.Get("name")),
			Fault: refusal.Beside("name")})
	}
	if fault != nil {
		return fault
	}
	return redirect(c, "/admin/emoji?added="+url.QueryEscape(name))
}

// cleanEmojiName returns a name as it is stored. Names of Unicode's emoji are refused: people know what they mean.
func cleanEmojiName(name string) (string, error) {
	name, err := chat.CleanEmojiName(name)
	if err != nil {
		return "", err
	}
	if text := assets.EmojiOfCode(name); text != "" {
		return "", chat.Invalid("name", ":%s: is the name of %s. Choose another one.", name, text)
	}
	return name, nil
}

// receiveEmoji receives the picture. fault is what is wrong with it; err concerns the form as a whole.
func (s adminHandlers) receiveEmoji(c *fiber.Ctx, a chat.Actor, name string,
	r io.Reader) (f *uploads.File, fault, err error) {
	f, err = s.Files.ReceiveSmall(c.UserContext(), a.ID.String(), name, s.meter(c, a, r), chat.MaxEmojiPictureLen,
		emojiSide)
	return pictureFault(f, err)
}

func (s adminHandlers) keepEmoji(c *fiber.Ctx, a chat.Actor, name string, picture *uploads.File) error {
	id := chat.NewID()
	if err := s.Files.Keep(picture, id.String()); err != nil {
		return err
	}
	err := s.Chat.Admin.AddEmoji(c.UserContext(), a, chat.CustomEmoji{ID: id, Name: name, Size: picture.Size})
	if err != nil {
		s.removeFiles(c, []chat.ID{id})
	}
	return err
}

// showRemoveEmoji asks for confirmation.
func (s adminHandlers) showRemoveEmoji(c *fiber.Ctx, a chat.Actor) error {
	e, err := s.customEmoji(c, a)
	if err != nil {
		return err
	}
	return s.respond(c, a, fiber.StatusOK, nil,
		func(l views.Layout) templ.Component { return views.RemoveEmojiPage(l, e) })
}

func (s adminHandlers) deleteEmoji(c *fiber.Ctx, a chat.Actor) error {
	e, err := s.customEmoji(c, a)
	if err != nil {
		return err
	}
	if err := s.Chat.Admin.RemoveEmoji(c.UserContext(), a, e.ID); err != nil {
		return err
	}
	s.removeFiles(c, []chat.ID{e.ID})
	return redirect(c, "/admin/emoji?removed="+url.QueryEscape(e.Name))
}

// customEmoji returns the one that the URL names.
func (s adminHandlers) customEmoji(c *fiber.Ctx, a chat.Actor) (chat.CustomEmoji, error) {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return chat.CustomEmoji{}, errNotFound
	}
	return s.Chat.Admin.EmojiByID(c.UserContext(), a, id)
}

// serveEmoji serves the picture of a custom emoji. The content at a URL never changes.
func (s messageHandlers) serveEmoji(c *fiber.Ctx, _ chat.Actor) error {
	id, err := chat.ParseID(param(c, "id"))
	if err != nil {
		return errNotFound
	}
	if err := s.Chat.Messages.EmojiPicture(c.UserContext(), id); err != nil {
		return err
	}
	f, err := s.Files.Open(id.String())
	if err != nil {
		return missing(err)
	}
	err = s.sendFile(c, f, "image/png", `"`+id.String()+`"`)
	c.Set(fiber.HeaderCacheControl, "private, max-age=86400") // a page may have hundreds, which are no secrets
	return err
}
