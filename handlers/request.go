package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// listQuery returns a table's query: ?q= and ?page=, counted from 1.
func listQuery(c *fiber.Ctx) chat.ListQuery {
	page, _ := strconv.Atoi(c.Query("page")) // anything but a number means the first page
	return chat.ListQuery{Text: sanitizeEcho(strings.Clone(c.Query("q"))), Page: max(0, page-1)}
}

// returnURL returns where a form of a table at path redirects: to the table's page that held it.
func returnURL(path string, form url.Values) string {
	asked := make(url.Values)
	if u, err := url.Parse(form.Get("back")); err == nil && u.Path == path {
		asked = u.Query()
	}
	asked.Set("done", "1")
	return path + "?" + asked.Encode()
}

// param returns a path parameter, decoded and copied; "" if it is malformed, or has a slash: a message has one address.
func param(c *fiber.Ctx, name string) string {
	s, err := url.PathUnescape(c.Params(name))
	if err != nil || strings.Contains(s, "/") {
		return ""
	}
	return strings.Clone(s)
}

// place returns where the path's message is: the address of its channel or thread (see chat.ThreadAddress), and its
// number there.
func place(c *fiber.Ctx) (address string, seq int64, err error) {
	address = param(c, "slug")
	seq, err = seqParam(c)
	if err != nil || c.Params("n") == "" {
		return address, seq, err
	}
	n, err := parseSeq(c.Params("n"))
	return chat.ThreadAddress(address, seq), n, err
}

// sanitizeEcho makes typed text safe to show in a page again.
func sanitizeEcho(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

func escape(s string) string { return url.QueryEscape(s) }

// seqParam parses the path's :seq, a message's number: digits only.
func seqParam(c *fiber.Ctx) (int64, error) { return parseSeq(c.Params("seq")) }

func parseSeq(s string) (int64, error) {
	seq, err := strconv.ParseInt(s, 10, 64)
	if err != nil || seq < 1 || strconv.FormatInt(seq, 10) != s {
		return 0, errNotFound
	}
	return seq, nil
}

// parseFrom parses ?before or ?after: a seq, or 0, since programs read a channel from its start by ?after=0.
func parseFrom(s string) (int64, error) {
	if s == "0" {
		return 0, nil
	}
	return parseSeq(s)
}
