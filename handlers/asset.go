package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/assets"
)

// serveAsset serves what pages load. Names hold a hash of the content, so browsers cache them for ever.
func serveAsset(c *fiber.Ctx) error {
	body, kind, encoding, ok := assets.Lookup(c.Path(), c.Get(fiber.HeaderAcceptEncoding))
	if !ok {
		return errNotFound
	}
	c.Vary(fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	// an SVG is a document of its own; for other types these headers only cost bytes on every first visit
	if kind != "image/svg+xml" {
		for _, header := range []string{fiber.HeaderContentSecurityPolicy, fiber.HeaderXFrameOptions,
			fiber.HeaderReferrerPolicy, "Cross-Origin-Opener-Policy"} {
			c.Response().Header.Del(header)
		}
	}
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	return c.Send(body)
}

// serveFavicon serves the icon at /favicon.ico, where clients look that do not read the page's link.
func serveFavicon(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return c.Redirect(assets.URL("icon.svg"), fiber.StatusFound)
}
