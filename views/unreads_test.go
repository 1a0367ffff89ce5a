package views

import (
	"reflect"
	"testing"

	"chitchat/chat"
)

// Every change of what the page of what is unread shows changes the cache key of the part that shows it.
func TestUnreadsKeysHaveAllThatShows(t *testing.T) {
	s, p, _ := framed(t)
	g := chat.UnreadGroup{Channel: p.Channel, Thread: chat.ThreadRef{Root: 3}, Unread: 5, Mentions: 2, ReadSeq: 4,
		LastSeq: 9, Hidden: 1, CanPost: true, Rows: []chat.UnreadRow{{Row: p.Rows[0], Hidden: 2, After: 4}}}
	a := Answer{Composer: Composer{Slug: "slug", ChannelName: "name", Sign: "#", ClientID: "once", Thread: 3},
		Channel: 9, Seen: 6}
	u := Unreads{Page: chat.UnreadPage{Unread: 7, Conversations: 2, More: "more", Until: p.Rows[0].CreatedAt}}
	around := func() string {
		around := u
		around.Page.Groups = nil
		return render(t, UnreadsPage(s, around))
	}
	group := func() string { return render(t, UnreadGroup(g, a)) }
	check := func(what string, html func() string, key func() ([]byte, bool), values ...any) {
		t.Helper()
		keyed := func() string {
			b, ok := key()
			if !ok {
				return "not kept"
			}
			return string(b)
		}
		base, before, changed := html(), keyed(), 0
		var fields []reflect.Value
		for _, v := range values {
			fields = append(fields, reflect.ValueOf(v).Elem())
		}
		walk(t, "", fields, func(path string) {
			if html() != base {
				changed++
				if keyed() == before && path != ".Composer.ClientID" { // a part of its own
					t.Errorf("%s: %s changes it and not the key", what, path)
				}
			}
		})
		if changed < 15 {
			t.Errorf("%s: only %d changes of fields showed", what, changed)
		}
	}
	check("the page", around, func() ([]byte, bool) { return AppendUnreadsKey(nil, s, u) }, &s, &u)
	check("a group", group, func() ([]byte, bool) { return AppendGroupKey(nil, g, a) }, &g, &a)
	was, key := group(), func() string { b, _ := AppendGroupKey(nil, g, a); return string(b) }
	before := key()
	g.Rows[0].HTML = []byte("<p>another row</p>")
	if group() == was || key() == before {
		t.Error("a row is not part of the key")
	}
}
