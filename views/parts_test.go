package views

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"chitchat/chat"
)

// framed returns a page with everything around its list, and two of each repeatable part.
func framed(t *testing.T) (Layout, chat.MessagePage, ChannelView) {
	t.Helper()
	user := func(id chat.ID) chat.User {
		return chat.User{ID: id, Name: "Ada", Avatar: id,
			Status: chat.Status{Emoji: "x", Text: "away", Until: time.Unix(1_700_000_000, 0)}}
	}
	channel := func(id chat.ID, kind chat.Kind, with ...chat.User) chat.Channel {
		return chat.Channel{ID: id, Slug: "slug", Name: "name", Kind: kind, Topic: "topic", Description: "what for",
			LastSeq: 4, With: with}
	}
	p := pageOf(t, 1, 7)
	p.Channel, p.Members = channel(9, chat.Direct, user(3)), 4
	p.Access = accessOf(p.Channel, chat.RoleGuest)
	p.Access.Channel.Announce = true // only its managers may post
	s := Layout{
		Workspace: chat.Workspace{Name: "Here"}, Role: chat.RoleOwner, Me: user(7), Reports: 2, Current: 9, Online: 3,
		ProfileRev: 5,
		Sidebar: chat.Sidebar{
			Channels: []chat.SidebarItem{
				{Channel: channel(9, chat.Public), ReadSeq: 1}, {Channel: channel(11, chat.Private), ReadSeq: 2},
				{Channel: channel(12, chat.Direct, user(3))}, {Channel: channel(13, chat.Direct, user(3), user(4))},
			},
			Sections: []chat.Section{{ID: chat.SectionFavourites, Sort: chat.SortName}, {ID: 36, Name: "Work", Folded: true},
				{ID: chat.SectionChannels}, {ID: chat.SectionDirect}},
		},
	}
	return s, p, ChannelView{Composer: Composer{Slug: "slug", ChannelName: "name", Sign: "#", Slow: "Slow.",
		ClientID: "once", MaxFiles: 3, MaxUpload: 4}}
}

// around renders a page without its list.
func around(t *testing.T, s Layout, p chat.MessagePage, v ChannelView) string {
	t.Helper()
	parts := Parts{WithoutList: true}
	if err := ChannelPage(s, p, v).Render(t.Context(), &parts); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, html := range parts.All() {
		all = append(all, html...)
	}
	return string(all)
}

// The parts of a page, joined, are the page.
func TestPartsAreThePage(t *testing.T) {
	s, p, v := framed(t)
	var parts Parts
	if err := ChannelPage(s, p, v).Render(t.Context(), &parts); err != nil {
		t.Fatal(err)
	}
	var all, list []byte
	kinds := ""
	for kind, html := range parts.All() {
		all = append(all, html...)
		kinds += string(rune('0' + int(kind)))
		if kind == PartList {
			list = html
		}
	}
	if want := render(t, ChannelPage(s, p, v)); string(all) != want {
		t.Errorf("the parts are\n%s\nand the page is\n%s", all, want)
	}
	if kinds != "012131" {
		t.Errorf("the kinds of the parts are %s", kinds)
	}
	if want := bytes.Join(MessageList(p, ListOf(s, p, v)), nil); !bytes.Equal(list, want) {
		t.Errorf("the list is\n%s\nand alone\n%s", list, want)
	}
	if len(p.Rows) == 0 {
		t.Fatal("the page shows no messages")
	}
	shared := 0
	for _, piece := range MessageList(p, ListOf(s, p, v)) {
		for _, r := range p.Rows {
			if &piece[0] == &r.HTML[0] {
				shared++
			}
		}
	}
	if shared != len(p.Rows) {
		t.Errorf("%d of %d rows are the page's own bytes; the others were copied", shared, len(p.Rows))
	}
}

// Every change of what a page shows around its list changes its cache key.
func TestAppendKeyHasAllThatShows(t *testing.T) {
	s, p, v := framed(t)
	base := around(t, s, p, v)
	key := func() string {
		b, ok := AppendKey(nil, s, p, v)
		if !ok {
			return "not kept"
		}
		return string(b)
	}
	before := key()
	changed := 0
	walk(t, "", []reflect.Value{reflect.ValueOf(&s).Elem(), reflect.ValueOf(&p).Elem(), reflect.ValueOf(&v).Elem()},
		func(path string) {
			if now := around(t, s, p, v); now != base {
				changed++
				own := path == ".Composer.ClientID" || path == ".Composer.Saved" // a part of their own
				if key() == before && !own {
					t.Errorf("%s changes the page and not the key", path)
				}
			}
		})
	if changed < 40 {
		t.Errorf("only %d changes of fields showed", changed)
	}
	if around(t, s, p, v) != base || key() != before {
		t.Error("the page did not come back to what it was")
	}
}

// walk changes each field within the values in turn, and calls changed for each.
func walk(t *testing.T, path string, values []reflect.Value, changed func(path string)) {
	t.Helper()
	try := func(v reflect.Value, to ...any) {
		before := reflect.New(v.Type()).Elem()
		before.Set(v)
		for _, x := range to {
			v.Set(reflect.ValueOf(x).Convert(v.Type()))
			changed(path)
			v.Set(before)
		}
	}
	for _, v := range values {
		if !v.CanSet() {
			continue
		}
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
			try(v, time.Time{}, time.Unix(1_800_000_000, 0))
		case v.Kind() == reflect.String:
			kinds := []any{"", "other", string(chat.Public), string(chat.Private), string(chat.Direct), string(chat.Joined),
				string(chat.NotifyNothing), string(chat.RoleGuest)}
			try(v, kinds...)
		case v.Kind() == reflect.Bool:
			try(v, !v.Bool())
		case v.CanInt():
			try(v, int64(0), int64(1), v.Int()+1)
		case v.Kind() == reflect.Pointer && !v.IsNil():
			walk(t, path, []reflect.Value{v.Elem()}, changed)
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				walk(t, path+"."+v.Type().Field(i).Name, []reflect.Value{v.Field(i)}, changed)
			}
		case v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[[]chat.Row]() && v.Type() != reflect.TypeFor[[]byte]():
			whole := reflect.ValueOf(v.Interface())
			if v.Len() > 0 {
				v.Set(whole.Slice(0, v.Len()-1))
				changed(path + " shorter")
				v.Set(whole)
			}
			v.Set(reflect.Append(whole.Slice3(0, v.Len(), v.Len()), reflect.Zero(v.Type().Elem())))
			changed(path + " longer")
			v.Set(whole)
			for i := range v.Len() {
				walk(t, path, []reflect.Value{v.Index(i)}, changed)
			}
		}
	}
}
