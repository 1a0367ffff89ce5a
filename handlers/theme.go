package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// themeLifetime is how long a browser remembers its theme.
const themeLifetime = 365 * 24 * time.Hour

// readTheme applies the browser's theme to the pages of the answer, whoever the user is.
func (s *Server) readTheme(c *fiber.Ctx) {
	if t := views.ParseTheme(c.Cookies(s.cookie("-theme"))); t != "" {
		c.SetUserContext(views.WithTheme(c.UserContext(), t))
	}
}

// updateTheme sets the browser's theme, or resets it to the system's. Browsers do not cache pages, and our page cache
// has the theme in its key.
func (s settingsHandlers) updateTheme(c *fiber.Ctx, _ chat.Actor) error {
	values, err := form(c, maxForm)
	if err != nil {
		return err
	}
	theme, lifetime := views.ParseTheme(values.Get("theme")), themeLifetime
	if theme == "" {
		lifetime = -time.Hour
	}
	c.Cookie(&fiber.Cookie{
		Name: s.cookie("-theme"), Value: string(theme), Path: "/", MaxAge: int(lifetime.Seconds()),
		Expires: time.Now().Add(lifetime),
		Secure:  s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
	if htmx(c) {
		return c.SendStatus(fiber.StatusNoContent) // the page shows it already
	}
	return redirect(c, "/me")
}
