package handlers

import (
	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// showKeys lists the keys, and lets the user switch single letters off.
func (s settingsHandlers) showKeys(c *fiber.Ctx, a chat.Actor) error {
	letters, err := s.Chat.Users.LetterKeys(c.UserContext(), a)
	if err != nil {
		return err
	}
	k := views.KeyList{Letters: letters, Saved: c.Query("saved") != ""}
	return s.respond(c, a, fiber.StatusOK, views.KeysFragment(k),
		func(l views.Layout) templ.Component { return views.KeysPage(l, k) })
}

// updateKeys switches single letters on or off.
func (s settingsHandlers) updateKeys(c *fiber.Ctx, a chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	if err := s.Chat.Users.SetLetterKeys(c.UserContext(), a, values.Get("letters") != ""); err != nil {
		return err
	}
	return redirect(c, "/keys?saved=1")
}
