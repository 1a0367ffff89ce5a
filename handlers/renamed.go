package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// renamed answers an address of an earlier version: it leads to the same one with another word in a segment, counted
// from 1. 308 lets browsers send a form again as it was.
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
