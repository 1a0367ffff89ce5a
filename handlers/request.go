package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"chitchat/chat"
)

// listQuery is what the address asks of a table: ?q= and ?page=, counted from 1.
func listQuery(c *fiber.Ctx) chat.ListQuery {
	page, _ := strconv.Atoi(c.Query("page")) // what is no number is the first page
	return chat.ListQuery{Text: sanitizeEcho(strings.Clone(c.Query("q"))), Page: max(0, page-1)}
}

// returnURL is where a form of a table at path leads once it is done: to the page of the table on which it stood.
func returnURL(path string, form url.Values) string {
	asked := make(url.Values)
	if u, err := url.Parse(form.Get("back")); err == nil && u.Path == path {
		asked = u.Query()
	}
	asked.Set("done", "1")
	return path + "?" + asked.Encode()
}

// param is a part of the path, decoded and copied; "" when it is not what a URL may hold.
func param(c *fiber.Ctx, name string) string {
	s, err := url.PathUnescape(c.Params(name))
	if err != nil {
		return ""
	}
	return strings.Clone(s)
}

// sanitizeEcho is what someone typed, fit to stand in a page again.
func sanitizeEcho(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

func escape(s string) string { return url.QueryEscape(s) }

// seqParam is the :seq of the path, a message's place: digits and nothing else.
func seqParam(c *fiber.Ctx) (int64, error) { return parseSeq(c.Params("seq")) }

func parseSeq(s string) (int64, error) {
	seq, err := strconv.ParseInt(s, 10, 64)
	if err != nil || seq < 1 || strconv.FormatInt(seq, 10) != s {
		return 0, errNotFound
	}
	return seq, nil
}

// parseFrom is ?before or ?after: a seq, or 0, for ?after=0 is how a program reads a channel from its start.
func parseFrom(s string) (int64, error) {
	if s == "0" {
		return 0, nil
	}
	return parseSeq(s)
}
