package views

import (
	"strings"
	"testing"

	"chitchat/chat"
)

// A draft is a part of its own: pages that differ only in it have one frame, and pages without one have another.
func TestDraftIsAPartOfItsOwn(t *testing.T) {
	s, p, v := framed(t)
	frame := func() (shared, own, kinds, key string) {
		t.Helper()
		var parts Parts
		if err := ChannelPage(s, p, v).Render(t.Context(), &parts); err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for kind, html := range parts.All() {
			all.Write(html)
			kinds += string(rune('0' + int(kind)))
			if kind == PartText || kind == PartOnce {
				own += string(html)
			} else {
				shared += string(html)
			}
		}
		if want := render(t, ChannelPage(s, p, v)); all.String() != want {
			t.Errorf("the parts are\n%s\nand the page is\n%s", all.String(), want)
		}
		b, ok := AppendKey(nil, s, p, v)
		if !ok {
			t.Error("the page is not kept")
		}
		return shared, own, kinds, string(b)
	}
	_, _, _, without := frame()
	v.Composer.Body, v.Composer.Saved = evil, "first"
	one, own, kinds, key := frame()
	if want := "01213141"; kinds != want {
		t.Errorf("the kinds of the parts are %s, want %s", kinds, want)
	}
	ids := string(AppendSavedDraft(AppendClientID(nil, v.Composer.ClientID), "first"))
	if want := ids + string(AppendText(nil, evil)); own != want || !strings.Contains(ids, `name="draft" value="first"`) {
		t.Errorf("the reader's own parts are %s, want %s", own, want)
	}
	v.Composer.Body, v.Composer.Saved = "another", "second"
	if other, _, _, same := frame(); other != one || same != key {
		t.Error("another draft has another frame")
	}
	if key == without {
		t.Error("a page with a draft has the frame of one without")
	}
}

// A draft that begins with a line break keeps it: a browser drops the first one of a textarea.
func TestDraftKeepsItsLineBreak(t *testing.T) {
	got := render(t, ComposerForm(Composer{Body: "\nsecond line"}))
	if !strings.Contains(got, ">\n\nsecond line</textarea>") {
		t.Errorf("no line break in %s", got)
	}
	if got := render(t, ComposerForm(Composer{})); !strings.Contains(got, ">\n</textarea>") {
		t.Errorf("the empty composer is %s", got)
	}
}

func TestDraftMark(t *testing.T) {
	list := []chat.SidebarItem{
		{Channel: chat.Channel{ID: 36, Slug: "a", Name: "A"}, Draft: true},
		{Channel: chat.Channel{ID: 37, Slug: "b", Name: "B"}},
		{Channel: chat.Channel{ID: 38, Slug: "c", Name: "C", Kind: chat.Direct}, Draft: true},
	}
	for current, want := range map[chat.ID]int{0: 2, 36: 1, 37: 2, 38: 1} { // the open channel has the draft itself
		html := render(t, sections(&chat.Sidebar{Channels: list}, current))
		if n := strings.Count(html, "has a draft"); n != want {
			t.Errorf("with channel %d open, %d are marked, want %d", current, n, want)
		}
	}
}

// The draft of a reply is a part of its own too. It is compressed apart from the replies, so that no length of the page
// tells whoever wrote one of them whether the draft has the same words.
func TestDraftOfAThreadIsAPartOfItsOwn(t *testing.T) {
	s, p, v := framed(t)
	thread := pageOf(t, 1, 7)
	thread.Channel, thread.Thread = p.Channel, &chat.ThreadView{ThreadRef: chat.ThreadRef{Root: 1}}
	v.Thread = &ThreadView{Page: thread, Composer: Composer{Slug: "slug", Thread: 1, Body: "the " + evil}}
	var parts Parts
	if err := ChannelPage(s, p, v).Render(t.Context(), &parts); err != nil {
		t.Fatal(err)
	}
	want, found := string(AppendText(nil, v.Thread.Composer.Body)), 0
	for _, html := range parts.All() {
		switch part := string(html); {
		case part == want:
			found++
		case strings.Contains(part, want):
			t.Errorf("the draft is in a part with more: %s", part)
		}
	}
	if found != 1 {
		t.Errorf("%d parts are the draft alone", found)
	}
}
