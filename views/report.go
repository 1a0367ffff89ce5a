package views

import (
	"strings"

	"chitchat/chat"
)

// Bounds of a reported message in the list, to bound the list; the whole message has a page of its own.
const (
	excerptLen   = 500 // characters
	excerptLines = 10
	excerptFiles = 3
)

// excerpt returns the shown part of a reported message: all, or its beginning with an ellipsis.
func excerpt(r chat.Report, whole bool) (body string, files []string, isCut bool) {
	if whole {
		return r.Body, r.Files, false
	}
	files = r.Files[:min(len(r.Files), excerptFiles)]
	isCut = len(files) < len(r.Files)
	n, lines := 0, 1
	for i, c := range r.Body {
		if n++; c == '\n' {
			lines++
		}
		if n > excerptLen || lines > excerptLines {
			return strings.TrimSpace(r.Body[:i]) + "…", files, true
		}
	}
	return r.Body, files, isCut
}

func reportsPath(closed bool) string {
	if closed {
		return "/admin/reports/closed"
	}
	return "/admin/reports"
}

// reportedURL returns the permalink of a reported message.
func reportedURL(r chat.Report) string {
	return messageURL(chat.Message{ChannelSlug: r.Channel.Slug, Seq: r.Seq, Thread: chat.ThreadRef{Root: r.Root}})
}

// reportPlace returns where a reported message is: only its kind of channel if the reader does not see it.
func reportPlace(r chat.Report) string {
	switch {
	case r.Seen && r.Channel.Kind == chat.Direct:
		return "A direct conversation of yours"
	case r.Seen:
		return "# " + r.Channel.Name
	case r.Channel.Kind == chat.Direct:
		return "A direct conversation"
	}
	return "A channel that you do not see"
}
