package views

import (
	"strconv"
	"time"

	"chitchat/chat"
)

func boolean(b bool) string { return strconv.FormatBool(b) }

func sameDay(a, b time.Time) bool {
	return a.UTC().Format(time.DateOnly) == b.UTC().Format(time.DateOnly)
}

// newLine says before which row the "New" line stands: the first by someone else that me had not read.
// 0 when there is none: all is read, or nothing ever was, so that the whole channel is new.
func newLine(p chat.Page, me chat.ID) int64 {
	if p.ReadSeq == 0 {
		return 0
	}
	for _, r := range p.Rows {
		if r.Seq > p.ReadSeq && r.Author != me {
			return r.Seq
		}
	}
	return 0
}

// gap reports whether what is said now does not follow on the page's last row. On an empty stretch of a channel that
// has messages nothing follows: there is no row to tell what lies between.
func gap(p chat.Page) bool {
	return p.Newer || len(p.Rows) == 0 && p.Channel.LastSeq > 0
}

// allRead is the page without a "New" line: for more of a history whose first page has shown it.
func allRead(p chat.Page) chat.Page {
	p.ReadSeq = 0
	return p
}
