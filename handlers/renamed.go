package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// renamed redirects an address of an earlier version to the one with another word in its segment of that number,
// counted from 1. With 308, browsers send a form again unchanged.
func renamed(segment int, now string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		segments := strings.Split(c.Path(), "/")
		segments[segment] = now
		to := strings.Join(segments, "/")
		if query := c.Request().URI().QueryString(); len(query) > 0 {
			to += "?" + string(query)
		}
		return c.Redirect(to, fiber.StatusPermanentRedirect)
	}
}
