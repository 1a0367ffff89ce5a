package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// askFirst is for what never changes under its URL, but hangs on rights: who keeps a copy asks each time whether it may
// still be shown. A message may be deleted, and one may be signed out or have left the channel. The answer is a 304.
const askFirst = "private, no-cache"

// unchanged makes the answer one that is kept and asked for again, and reports whether what the reader has kept is
// good: then that is the answer. To be called once it is known that they may see it.
func unchanged(c *fiber.Ctx, etag string) bool {
	c.Set(fiber.HeaderCacheControl, askFirst)
	c.Set(fiber.HeaderETag, etag)
	if !matches(c.Get(fiber.HeaderIfNoneMatch), etag) {
		return false
	}
	c.Status(fiber.StatusNotModified)
	return true
}

// matches reports whether an If-None-Match header names etag.
func matches(header, etag string) bool {
	for item := range strings.SplitSeq(header, ",") {
		if item = strings.TrimSpace(item); item == "*" || strings.TrimPrefix(item, "W/") == etag {
			return true
		}
	}
	return false
}
