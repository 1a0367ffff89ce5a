package views

import (
	"slices"
	"strconv"
	"time"

	"chitchat/chat"
)

func boolean(b bool) string { return strconv.FormatBool(b) }

// sameDay goes by UTC.
func sameDay(a, b time.Time) bool {
	const day = 24 * 60 * 60
	return a.Unix()/day == b.Unix()/day && (a.Unix() < 0) == (b.Unix() < 0)
}

// run is rows that nothing stands between.
type run struct {
	rows   []chat.Row
	newDay bool // it begins a day, or the page
}

// runs cuts rows where a day begins, and before the messages at.
func runs(rows []chat.Row, at ...int64) (list []run) {
	from, newDay := 0, true
	for i := 1; i < len(rows); i++ {
		day := !sameDay(rows[i-1].CreatedAt, rows[i].CreatedAt)
		if day || slices.Contains(at, rows[i].Seq) {
			list = append(list, run{rows[from:i], newDay})
			from, newDay = i, day
		}
	}
	if from < len(rows) {
		list = append(list, run{rows[from:], newDay})
	}
	return list
}

// unfolded is how many messages at the end of a page are laid out when it opens: more than a screen has.
const unfolded = 40

// fold says before which row the fold stands: what is above it is laid out when one scrolls there (see message.css). 0 when
// there is none: on short pages, and on those that do not begin at their end.
func fold(p chat.Page, marked int64) int64 {
	if len(p.Rows) <= unfolded || p.Newer || marked != 0 {
		return 0
	}
	return p.Rows[len(p.Rows)-unfolded].Seq
}

// newLine says before which row the "New" line stands: the first by someone else that me had not read, and that is
// not deleted. 0 when there is none: all is read, or nothing ever was, so that the whole channel is new.
func newLine(p chat.Page, me chat.ID) int64 {
	if p.ReadSeq == 0 {
		return 0
	}
	for _, r := range p.Rows {
		if r.Seq > p.ReadSeq && r.Author != me && !r.Deleted {
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
