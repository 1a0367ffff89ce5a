package views

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// pageOf returns a channel's page with a row an hour from the 20th at 21:00 UTC on, the first with this seq.
func pageOf(t testing.TB, first int64, authors ...chat.ID) chat.MessagePage {
	p := chat.MessagePage{Channel: chat.Channel{ID: 99, Slug: "general", Name: "General",
		LastSeq: first + int64(len(authors)) - 1}}
	p.Access = accessOf(p.Channel, chat.RoleMember)
	for i, author := range authors {
		m := message(first+int64(i), "x")
		m.Author.ID = author
		m.CreatedAt = time.Date(2026, 11, 20, 21+i, 0, 0, 0, time.UTC)
		p.Rows = append(p.Rows, chat.Row{Seq: m.Seq, Author: int64(author), CreatedAt: m.CreatedAt,
			HTML: []byte(render(t, Row(m)))})
	}
	return p
}

// accessOf returns the access of a member with that role.
func accessOf(ch chat.Channel, role chat.Role) chat.Access {
	return chat.Access{Channel: &ch, Role: role, Membership: chat.Membership{State: chat.Joined}}
}

// outline returns the parts of a list, in order: rows by their seq.
func outline(html string) string {
	var all []string
	for _, m := range regexp.MustCompile(`<article[^>]*data-seq="(\d+)"|class="(day|new|highlight|empty|fold)"|`+
		`data-more="(older|newer)"`).FindAllStringSubmatch(html, -1) {
		all = append(all, m[1]+m[2]+m[3])
	}
	return strings.Join(all, " ")
}

func TestStretch(t *testing.T) {
	const me, other = 1, 2
	p := pageOf(t, 10, other, other, me, other, other)
	for _, c := range []struct {
		name              string
		read, highlighted int64
		older, newer      bool
		want              string
		wantWithoutMe     string
	}{
		{name: "day lines where UTC days begin", want: "day 10 11 12 day 13 14"},
		{name: "a page that was never read has no line", read: 0, want: "day 10 11 12 day 13 14"},
		{name: "the line where reading stopped", read: 10, want: "day 10 new 11 12 day 13 14"},
		{name: "not before one's own", read: 11, want: "day 10 11 12 day new 13 14",
			wantWithoutMe: "day 10 11 new 12 day 13 14"},
		{name: "more is unread than shown", read: 3, want: "day new 10 11 12 day 13 14"},
		{name: "all is read", read: 14, want: "day 10 11 12 day 13 14"},
		{name: "a permalink, in the middle", highlighted: 12, older: true, newer: true,
			want: "older day 10 11 highlight 12 day 13 14 newer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := p
			p.ReadSeq, p.Older, p.Newer = c.read, c.older, c.newer
			if got := outline(render(t, messagesFragment(p, me, c.highlighted))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if c.wantWithoutMe == "" {
				return
			}
			if got := outline(render(t, messagesFragment(p, 0, c.highlighted))); got != c.wantWithoutMe {
				t.Errorf("to someone else: got %s, want %s", got, c.wantWithoutMe)
			}
		})
	}
	t.Run("empty", func(t *testing.T) {
		if got := outline(render(t, messagesFragment(chat.MessagePage{}, me, 0))); got != "empty" {
			t.Error(got)
		}
	})
}

// Rows far above the end of a page are folded; permalinks and further history are not.
func TestFold(t *testing.T) {
	page := func(n int) chat.MessagePage { return pageOf(t, 1, slices.Repeat([]chat.ID{2}, n)...) }
	older := page(100)
	older.Newer = true
	for name, c := range map[string]struct {
		page        chat.MessagePage
		highlighted int64
		want        string // the beginning of the list
	}{
		"no longer than what is laid out": {page: page(unfolded), want: "day 1 2"},
		"longer":                          {page: page(unfolded + 1), want: "day 1 fold 2"},
		"a permalink":                     {page: page(100), highlighted: 2, want: "day 1 highlight 2"},
		"a page of the history":           {page: older, want: "day 1 2"},
	} {
		t.Run(name, func(t *testing.T) {
			html := render(t, messageList(c.page, List{Highlighted: c.highlighted}))
			got, folded := outline(html), strings.Contains(c.want, "fold")
			if !strings.HasPrefix(got, c.want+" ") || strings.Contains(got, "fold") != folded {
				t.Errorf("got %s, want %s, in %.200s", got, c.want, html)
			}
		})
	}
	if got := outline(render(t, messagesFragment(page(100), 1, 0))); strings.Contains(got, "fold") {
		t.Error("a part of the history is folded:", got)
	}
}

// An empty stretch of a channel with messages, as of ?before=1, is not the channel's beginning.
func TestEmptyStretch(t *testing.T) {
	for name, c := range map[string]struct {
		last         int64
		older, newer bool
		gap, want    string
		wantNot      string
	}{
		"before the first": {last: 9, newer: true, gap: "true", want: `href="/c/general">Go to the newest`,
			wantNot: "very beginning"},
		"after the last": {last: 9, older: true, gap: "true", want: `href="/c/general">Go to the newest`,
			wantNot: "very beginning"},
		"the channel is empty": {gap: "false", want: "very beginning", wantNot: "newest ones"},
	} {
		t.Run(name, func(t *testing.T) {
			p := chat.MessagePage{Channel: chat.Channel{ID: 99, Slug: "general", Name: "General", LastSeq: c.last},
				Older: c.older, Newer: c.newer}
			html := render(t, ChannelPage(Layout{Me: ada}, p, ChannelView{}))
			if !strings.Contains(html, c.want) || strings.Contains(html, c.wantNot) ||
				!strings.Contains(html, `data-newer="`+c.gap+`"`) {
				t.Error(html)
			}
			if c.last == 0 {
				return
			}
			if got := render(t, Older(p)) + render(t, Newer(p)); got != "" {
				t.Errorf("in the place of a link: %q", got)
			}
		})
	}
}

func TestOlderAndNewer(t *testing.T) {
	p := pageOf(t, 10, 2, 2)
	p.Older, p.Newer, p.ReadSeq = true, true, 10
	older, newer := render(t, Older(p)), render(t, Newer(p))
	if got := outline(older); got != "older day 10 11" || !strings.Contains(older, `hx-get="/c/general?before=10"`) {
		t.Error(got, older)
	}
	if got := outline(newer); got != "day 10 11 newer" || !strings.Contains(newer, `href="/c/general?after=11"`) {
		t.Error(got, newer)
	}
}

// A row has the same bytes everywhere: on a page, in further history, in a frame.
func TestRowsAreByteIdenticalEverywhere(t *testing.T) {
	p := pageOf(t, 10, 1, 2, 2)
	p.Older, p.ReadSeq = true, 10
	var frame bytes.Buffer
	if err := LiveRows(&frame, p.Rows); err != nil {
		t.Fatal(err)
	}
	s := Layout{Me: ada}
	for name, html := range map[string]string{
		"page": render(t, ChannelPage(s, p, ChannelView{Highlighted: 11})), "older": render(t, Older(p)),
		"newer": render(t, Newer(p)),
		"frame": frame.String(), "renewed": render(t, LiveRenew(p)),
	} {
		for _, r := range p.Rows {
			if !strings.Contains(html, string(r.HTML)) {
				t.Errorf("%s: row %d is not as it was rendered", name, r.Seq)
			}
		}
	}
}

// Deleted messages are not new to anyone.
func TestNewLinePassesTombstones(t *testing.T) {
	const other = 2
	p := pageOf(t, 10, other, other, other)
	p.ReadSeq, p.Rows[1].Deleted = 10, true
	if got, want := newLine(p, 1), int64(12); got != want {
		t.Errorf("the line stands before %d, want %d", got, want)
	}
	p.Rows[2].Deleted = true
	if got := newLine(p, 1); got != 0 {
		t.Errorf("the line stands before %d where all that is unread is deleted", got)
	}
}

// A clock that was set back begins no day twice.
func TestDayLinesWhenTheClockGoesBack(t *testing.T) {
	for name, c := range map[string]struct {
		hours []int // after the 20th, 00:00 UTC
		want  string
	}{
		"a day back, and again":    {[]int{12, -12, 12, 13, 36}, "day 10 11 12 13 day 14"},
		"over midnight and back":   {[]int{23, 25, 23, 25, 49}, "day 10 day 11 12 13 day 14"},
		"an hour back, in the day": {[]int{12, 11, 12}, "day 10 11 12"},
		"two days ahead, and back": {[]int{12, 60, 13, 36, 61, 84}, "day 10 day 11 12 13 14 day 15"},
		"before 1970, and after":   {[]int{-20777*24 - 1, -20777 * 24, -20777*24 - 2, -20777*24 + 1}, "day 10 day 11 12 13"},
	} {
		t.Run(name, func(t *testing.T) {
			p := pageOf(t, 10, slices.Repeat([]chat.ID{2}, len(c.hours))...)
			for i, h := range c.hours {
				p.Rows[i].CreatedAt = time.Date(2026, 11, 20, h, 0, 0, 0, time.UTC)
			}
			if got := outline(render(t, messagesFragment(p, 2, 0))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
