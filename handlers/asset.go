package handlers

import (
	"github.com/gofiber/fiber/v2"

	"chitchat/assets"
	"chitchat/views"
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
	if kind != "image/svg+xml" { // which is a document of its own
		dropDocumentHeaders(c)
	}
	// nobody reports a problem with the number of this request
	c.Response().Header.Del(fiber.HeaderXRequestID)
	if encoding != "" {
		c.Set(fiber.HeaderContentEncoding, encoding)
	}
	return c.Send(body)
}

// dropDocumentHeaders removes the headers that only concern documents from an answer that is none, as a style sheet:
// there they only cost bytes on every first visit.
func dropDocumentHeaders(c *fiber.Ctx) {
	for _, header := range []string{fiber.HeaderContentSecurityPolicy, fiber.HeaderXFrameOptions,
		fiber.HeaderReferrerPolicy, "Cross-Origin-Opener-Policy"} {
		c.Response().Header.Del(header)
	}
}

// serveFavicon serves the icon at /favicon.ico, where clients look that do not read the page's link.
func serveFavicon(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	return c.Redirect(assets.URL("icon.svg"), fiber.StatusFound)
}

// serveManifest serves what browsers need to install the pages as an app. The workspace's name in it is on the page for
// signing in too.
func (s *Server) serveManifest(c *fiber.Ctx) error {
	manifest, err := views.Manifest(s.Chat.Admin.Workspace())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/manifest+json")
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	dropDocumentHeaders(c)
	return c.Send(manifest)
}
