package handlers

import (
	"slices"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showFiles shows the files of all channels that the user sees.
func (s messageHandlers) showFiles(c *fiber.Ctx, a chat.Actor) error { return s.renderFiles(c, a, "") }

// showChannelFiles shows the files of a channel.
func (s messageHandlers) showChannelFiles(c *fiber.Ctx, a chat.Actor) error {
	slug := param(c, "slug")
	if slug == "" {
		return errNotFound
	}
	return s.renderFiles(c, a, slug)
}

// renderFiles shows those of the files that are of the kind ?type= and whose names have a part ?q=; for htmx only the
// list. Without a slug they are of all channels.
func (s messageHandlers) renderFiles(c *fiber.Ctx, a chat.Actor, slug string) error {
	before, ok := chat.ParseListPlace(c.Query("before"))
	i := slices.Index(chat.FileKinds, chat.FileKind(c.Query("type")))
	if !ok || i < 0 {
		return errNotFound
	}
	p, err := s.Chat.Messages.Files(c.UserContext(), a, slug,
		chat.FileQuery{Text: sanitizeEcho(c.Query("q")), Kind: chat.FileKinds[i], Before: before})
	if err != nil {
		return err
	}
	v := views.Files{FilePage: p, First: c.Query("before") == ""}
	return s.respond(c, a, fiber.StatusOK, views.FileList(v), func(l views.Layout) templ.Component {
		l.Current = v.Channel.ID
		return views.FilesPage(l, v)
	})
}
