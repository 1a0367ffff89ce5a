package views

import (
	"slices"
	"strconv"
	"time"

	"chitchat/chat"
)

func boolean(b bool) string { return strconv.FormatBool(b) }

// day returns the number of a day in UTC: later days have larger numbers.
func day(t time.Time) int64 {
	const seconds = 24 * 60 * 60
	return (t.Unix() - (t.Unix()%seconds+seconds)%seconds) / seconds
}

// run is consecutive rows without a separator.
type run struct {
	rows   []chat.Row
	newDay bool // it begins the page, or a day later than all before it
}

// runs splits rows where a day begins, and before the messages at. The clock may have been set back between two rows:
// no day begins twice. assets/js/days.js follows the same rule.
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

// unfolded is how many messages at the end of a page are laid out when it opens: more than fill a screen.
const unfolded = 40

// fold returns the row below the fold: rows above it are laid out when the reader scrolls there (see message.css). It
// is 0 on short pages, and on those that do not open at their end.
func fold(p chat.MessagePage, highlighted int64) int64 {
	if len(p.Rows) <= unfolded || p.Newer || highlighted != 0 {
		return 0
	}
	return p.Rows[len(p.Rows)-unfolded].Seq
}

// newLine returns the row below the "New" line: the first unread one that is not deleted and not by me. It is 0 if all
// is read, or if nothing ever was: then the whole channel is new.
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

// unreadAbove returns the first unread message, if it is older than all on a page of the newest; 0: it is not.
func unreadAbove(p chat.MessagePage) int64 {
	if p.Ring == nil || p.ReadSeq == 0 || len(p.Rows) == 0 || p.ReadSeq+1 >= p.Rows[0].Seq {
		return 0
	}
	return p.ReadSeq + 1
}

// gap reports whether new messages do not directly follow the page's last row. They never follow an empty stretch of a
// channel that has messages: no row shows what lies between.
func gap(p chat.MessagePage) bool {
	return p.Newer || len(p.Rows) == 0 && p.Channel.LastSeq > 0
}

// allRead returns the page without a "New" line, for further pages of a history whose first page has shown it.
func allRead(p chat.MessagePage) chat.MessagePage {
	p.ReadSeq = 0
	return p
}
