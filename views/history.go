package views

import (
	"slices"
	"strconv"
	"time"

	"chitchat/chat"
)

func boolean(b bool) string { return strconv.FormatBool(b) }

// day is a day by UTC, as a number: later days have larger ones.
func day(t time.Time) int64 {
	const seconds = 24 * 60 * 60
	return (t.Unix() - (t.Unix()%seconds+seconds)%seconds) / seconds
}

// run is rows that nothing stands between.
type run struct {
	rows   []chat.Row
	newDay bool // it begins a day that is later than all before it, or the page
}

// runs cuts rows where a day begins, and before the messages at. The clock may have been set back between two rows: no
// day begins twice. See assets/js/days.js, which agrees.
func runs(rows []chat.Row, at ...int64) (list []run) {
	from, newDay, latest := 0, true, int64(0)
	for i := range rows {
		today := day(rows[i].CreatedAt)
		begins := i == 0 || today > latest
		if begins {
			latest = today
		}
		if i > 0 && (begins || slices.Contains(at, rows[i].Seq)) {
			list = append(list, run{rows[from:i], newDay})
			from, newDay = i, begins
		}
	}
	if from < len(rows) {
		list = append(list, run{rows[from:], newDay})
	}
	return list
}

// unfolded is how many messages at the end of a page are laid out when it opens: more than a screen has.
const unfolded = 40

// fold says before which row the fold stands: what is above it is laid out when one scrolls there (see message.css). 0
// when there is none: on short pages, and on those that do not begin at their end.
func fold(p chat.MessagePage, highlighted int64) int64 {
	if len(p.Rows) <= unfolded || p.Newer || highlighted != 0 {
		return 0
	}
	return p.Rows[len(p.Rows)-unfolded].Seq
}

// newLine says before which row the "New" line stands: the first by someone else that me had not read, and that is
// not deleted. 0 when there is none: all is read, or nothing ever was, so that the whole channel is new.
func newLine(p chat.MessagePage, me chat.ID) int64 {
	if p.ReadSeq == 0 {
		return 0
	}
	for _, r := range p.Rows {
		if r.Seq > p.ReadSeq && chat.ID(r.Author) != me && !r.Deleted {
			return r.Seq
		}
	}
	return 0
}

// gap reports whether what is said now does not follow on the page's last row. On an empty stretch of a channel that
// has messages nothing follows: there is no row to tell what lies between.
func gap(p chat.MessagePage) bool {
	return p.Newer || len(p.Rows) == 0 && p.Channel.LastSeq > 0
}

// allRead is the page without a "New" line: for more of a history whose first page has shown it.
func allRead(p chat.MessagePage) chat.MessagePage {
	p.ReadSeq = 0
	return p
}
