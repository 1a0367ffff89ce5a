package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// mustShare posts a message with files of these names, of types that they end in.
func mustShare(t *testing.T, c *Chat, a Actor, slug string, thread int64, names ...string) {
	t.Helper()
	types := map[string]string{"png": "image/png", "pdf": "application/pdf", "txt": "text/plain; charset=utf-8",
		"zip": "application/zip"}
	var files []Attachment
	for _, name := range names {
		files = append(files, Attachment{ID: NewID(), Name: name, Type: types[name[strings.LastIndex(name, ".")+1:]],
			Size: 5})
	}
	must(t, errOf2(c.Messages.Post(t.Context(), a, slug, Draft{Body: "words", Files: files, Thread: thread})))
}

// filesText returns all pages of files in one line, each with its message.
func filesText(t *testing.T, c *Chat, a Actor, slug string, kind FileKind, text string) string {
	t.Helper()
	var all []string
	for at := fromTheNewest; at != (ListPlace{}); {
		p, err := c.Messages.Files(t.Context(), a, slug, FileQuery{Text: text, Kind: kind, Before: at})
		must(t, err)
		if len(p.Files) >= filesOnPage+MaxAttachments {
			t.Errorf("%d files on a page", len(p.Files))
		}
		for _, f := range p.Files {
			address := f.Channel.Slug
			if f.Thread.Root != 0 {
				address = ThreadAddress(address, f.Thread.Root)
			}
			all = append(all, strings.ReplaceAll(fmt.Sprint(f.Name, "@", address, ":", f.Seq), "general-talk", ""))
		}
		at = p.Older
	}
	return strings.Join(all, " ")
}

// The files of a channel and its threads, and of all channels, newest first, by kind and by any part of their names;
// before and after they are indexed.
func TestFiles(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, bob, "Design", Public)
	send := func(a Actor, slug string, thread int64, names ...string) {
		t.Helper()
		mustShare(t, c, a, slug, thread, names...)
		clock.advance(time.Minute)
	}
	send(ada, "general-talk", 0, "One.png", "Crème brûlée.pdf")
	send(bob, ch.Slug, 0, "two.zip")
	send(bob, "general-talk", 1, "three.txt")
	send(bob, "general-talk", 0, "京都.png", "gone.png")
	must(t, errOf(c.Messages.SavePendingFile(t.Context(), ada, "general-talk",
		Attachment{ID: NewID(), Name: "pending.png", Type: "image/png", Size: 5}, nil)))
	mustPost(t, c, ada, "a message about one.png, without it")
	const first, reply, other, kyoto = "One.png@:1 Crème brûlée.pdf@:1", "three.txt@/1:1", "two.zip@design:1",
		"京都.png@:2 gone.png@:2"
	for range 2 {
		for _, want := range []struct {
			slug string
			kind FileKind
			text string
			want string
		}{
			{"", AllFiles, "", kyoto + " " + reply + " " + other + " " + first},
			{"general-talk", AllFiles, "", kyoto + " " + reply + " " + first},
			{ch.Slug, AllFiles, "", other},
			{"", Images, "", kyoto + " One.png@:1"},
			{"", Documents, "", reply + " Crème brûlée.pdf@:1"},
			{"", OtherFiles, "", other},
			{"", AllFiles, "ne.p", "gone.png@:2 One.png@:1"},
			{"", AllFiles, "ONE", "gone.png@:2 One.png@:1"},
			{"", AllFiles, "creme b", "Crème brûlée.pdf@:1"},
			{"", Images, "都", "京都.png@:2"},
			{"", Images, "brulee", ""},
			{"", AllFiles, "words", ""}, // that is in the texts
			{"", AllFiles, "pending", ""},
		} {
			if got := filesText(t, c, ada, want.slug, want.kind, want.text); got != want.want {
				t.Errorf("%+v: %q", want, got)
			}
		}
		mustIndex(t, c)
	}
	must(t, errOf2(c.Messages.Delete(t.Context(), bob, "general-talk", 2)))
	if got := filesText(t, c, ada, "", Images, ""); got != "One.png@:1" {
		t.Error(got)
	}
	p, err := c.Messages.Files(t.Context(), ada, ch.Slug, FileQuery{Before: fromTheNewest})
	if must(t, err); p.Channel.Name != "Design" || p.Files[0].By.Name != "Bob" || p.Files[0].Size != 5 ||
		p.Files[0].At.IsZero() {
		t.Errorf("%+v", p)
	}
}

// What one does not see has no files for one, and takes nothing from the pages of what one sees.
func TestFilesOnlyOfWhatOneSees(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	guest := setRole(t, c, mustSignIn(t, c, "Guest"), RoleGuest)
	den, open := mustChannel(t, c, ada, "Den", Private), mustChannel(t, c, ada, "Open", Public)
	direct := mustDirect(t, c, ada, bob)
	for _, slug := range []string{open.Slug, direct.Slug, den.Slug} {
		mustShare(t, c, ada, slug, 0, "a.png")
		mustShare(t, c, ada, slug, 1, "b.png")
	}
	for range filesAtOnce + 1 {
		mustShare(t, c, ada, den.Slug, 0, "c.png")
	}
	want := func(a Actor, slug string, want ...string) {
		t.Helper()
		got := strings.Fields(filesText(t, c, a, slug, AllFiles, ""))
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("in %q: %v, want %v", slug, got, want)
		}
		p, err := c.Messages.Files(t.Context(), a, slug, FileQuery{Before: fromTheNewest})
		if must(t, err); len(want) < 10 && (len(p.Files) != len(want) || p.Older != ListPlace{}) {
			t.Errorf("in %q a page has %d files, and another page follows: %v", slug, len(p.Files), p.Older)
		}
	}
	both := func(slug string) []string { return []string{"a.png@" + slug + ":1", "b.png@" + slug + "/1:1"} }
	for range 2 {
		seen := slices.Concat(both(direct.Slug), both(open.Slug))
		slices.Sort(seen)
		want(bob, "", seen...)
		want(bob, open.Slug, both(open.Slug)...)
		want(guest, "")
		for _, a := range []Actor{bob, guest} {
			_, err := c.Messages.Files(t.Context(), a, den.Slug, FileQuery{Before: fromTheNewest})
			wantCode(t, err, CodeNotFound)
		}
		_, err := c.Messages.Files(t.Context(), guest, open.Slug, FileQuery{Before: fromTheNewest})
		wantCode(t, err, CodeNotFound)
		mustIndex(t, c)
	}
	if n := len(strings.Fields(filesText(t, c, ada, den.Slug, AllFiles, ""))); n != filesAtOnce+3 {
		t.Errorf("who is in it finds %d files", n)
	}
	_, err := c.Messages.Files(t.Context(), Actor{}, "", FileQuery{Before: fromTheNewest})
	wantCode(t, err, CodeSignedOut)
}

// A page looks at so many messages at most: where only few names match, it ends early, and the next one goes on.
func TestFilePagesAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	mustShare(t, c, ada, "general-talk", 0, "needle.txt")
	for range maxFileBatches*filesAtOnce + 1 {
		must(t, errOf2(c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "needle", Files: []Attachment{
			{ID: NewID(), Name: "hay.txt", Type: "text/plain", Size: 1}}})))
	}
	p, err := c.Messages.Files(t.Context(), ada, "", FileQuery{Text: "needle", Before: fromTheNewest})
	if must(t, err); len(p.Files) != 0 || p.Older == (ListPlace{}) {
		t.Errorf("%d files on the first page, older ones at %v", len(p.Files), p.Older)
	}
	if got := filesText(t, c, ada, "", AllFiles, "needle"); got != "needle.txt@:1" {
		t.Error(got)
	}
}

// A document is known by its type, or by its name where that says nothing.
func TestKindOf(t *testing.T) {
	for _, f := range []struct {
		name, mime string
		want       FileKind
	}{
		{"a.png", "image/png", Images}, {"a", "text/plain", Documents}, {"a", "application/pdf", Documents},
		{"Letter.DOCX", "application/octet-stream", Documents}, {"a.odt", "application/zip", Documents},
		{"a.docx.zip", "application/zip", OtherFiles}, {"docx", "application/octet-stream", OtherFiles},
		{"a.docx", "image/png", Images},
	} {
		if got := kindOf(f.name, f.mime); got != f.want {
			t.Errorf("%s, %s: %q", f.name, f.mime, got)
		}
	}
}
