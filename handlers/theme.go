package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
	"chitchat/views"
)

// themeLifetime is how long a browser remembers the colours that were chosen in it.
const themeLifetime = 365 * 24 * time.Hour

// readTheme lets the pages of the answer have the colours that were chosen in this browser, whoever is signed in.
func (s *Server) readTheme(c *fiber.Ctx) {
	if t := views.ParseTheme(c.Cookies(s.cookie("-theme"))); t != "" {
		c.SetUserContext(views.WithTheme(c.UserContext(), t))
	}
}

// updateTheme makes the browser remember other colours, or those of its system. Pages are not kept by browsers, and
// what is kept of them here is found by their theme too.
func (s *Server) updateTheme(c *fiber.Ctx, _ chat.Actor) error {
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
	return redirect(c, "/me")
}
