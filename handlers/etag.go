package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// askFirst sets headers for content that never changes under its URL but depends on access: a cache must revalidate
// each copy, because the message may be deleted, or the user signed out or no longer in the channel. The answer is
// usually 304.
const askFirst = "private, no-cache"

// unchanged makes the answer cacheable with revalidation, and reports whether the client's copy is current: the answer
// is then 304. Call it only after the access check.
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
