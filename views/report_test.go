package views

import (
	"slices"
	"strings"
	"testing"

	"chitchat/chat"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("é", excerptLen)
	for _, c := range []struct {
		body, want string
		isCut      bool
	}{
		{"", "", false},
		{"a threat", "a threat", false},
		{long, long, false},
		{long + "é", long + "…", true},
		{"a" + strings.Repeat("\n", excerptLines-1) + "b", "a" + strings.Repeat("\n", excerptLines-1) + "b", false},
		{"a" + strings.Repeat("\n", excerptLines) + "b", "a…", true},
	} {
		r := chat.Report{Body: c.body, Files: []string{"1", "2", "3"}}
		if body, files, isCut := excerpt(r, false); body != c.want || isCut != c.isCut || !slices.Equal(files, r.Files) {
			t.Errorf("%.20q…: %q, %v, %v", c.body, body, files, isCut)
		}
		if body, _, isCut := excerpt(r, true); body != c.body || isCut {
			t.Errorf("%.20q… is not whole", c.body)
		}
	}
	if _, files, isCut := excerpt(chat.Report{Files: []string{"1", "2", "3", "4"}}, false); len(files) != 3 || !isCut {
		t.Error(files, isCut)
	}
}

// Any user can create a channel, and ban the same user from it repeatedly.
func TestBansOfAChannelAreBounded(t *testing.T) {
	ch := chat.Channel{ID: 9, Slug: "x", Name: "Side", Kind: chat.Public}
	for n, more := range map[int]bool{chat.PageSize: false, chat.PageSize + 2: true} {
		bans := make([]chat.Ban, n)
		for i := range bans {
			bans[i] = chat.Ban{ID: chat.ID(i + 1), Channel: ch, Reason: "noise"}
		}
		page := render(t, MembersPage(Layout{}, Members{Channel: ch, Access: accessOf(ch, chat.RoleOwner), Bans: bans}))
		if shown := strings.Count(page, "noise"); shown != chat.PageSize ||
			strings.Contains(page, "2 more, from before these, are in force") != more {
			t.Errorf("of %d it shows %d", n, shown)
		}
	}
}
