package chat

import (
	"slices"
	"testing"
	"time"
)

func TestAttachments(t *testing.T) {
	clock := newClock()
	dropped := make(chan []ID, 1)
	c := mustOpen(t, Options{Now: clock.now, Dropped: func(files []ID) { dropped <- files }})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	file := func(name string) Attachment {
		return Attachment{ID: NewID(), Name: name, Type: "image/png", Size: 9, Width: 3, Height: 2, Thumb: true}
	}
	one, two, kept, other := file("same.png"), file("same.png"), file("kept.png"), file("other.png")

	if gone, err := c.Messages.SavePendingFiles(t.Context(), ada, "general-talk", []Attachment{kept, other},
		nil); err != nil || len(gone) > 0 {
		t.Fatal(gone, err)
	}
	if _, err := c.Messages.Attachment(t.Context(), ada, kept.ID); err != nil {
		t.Errorf("one's own waiting file: %v", err)
	}
	_, err := c.Messages.Attachment(t.Context(), bob, kept.ID)
	wantCode(t, err, CodeNotFound)
	if files, err := c.Messages.PendingFiles(t.Context(), ada, "general-talk",
		[]ID{other.ID, NewID(), kept.ID}); err != nil || len(files) != 2 || files[0] != other {
		t.Errorf("kept files %v, %v", files, err)
	}
	if files, err := c.Messages.PendingFiles(t.Context(), bob, "general-talk", []ID{kept.ID}); err != nil ||
		len(files) != 0 {
		t.Errorf("someone else's kept files: %v, %v", files, err)
	}

	_, _, err = c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "stolen", Kept: []ID{kept.ID}})
	wantCode(t, err, CodeInvalid)
	row, _, err := c.Messages.Post(t.Context(), ada, "general-talk",
		Draft{Files: []Attachment{one, two}, Kept: []ID{kept.ID}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Messages.Get(t.Context(), bob, "general-talk", row.Seq)
	if err != nil || len(m.Attachments) != 3 || m.Attachments[0] != kept || m.Attachments[1] != one ||
		m.Attachments[2] != two {
		t.Fatalf("attachments %+v, %v", m.Attachments, err)
	}
	if got, err := c.Messages.Attachment(t.Context(), bob, kept.ID); err != nil || got != kept {
		t.Errorf("%+v, %v", got, err)
	}
	_, _, err = c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "twice", Kept: []ID{kept.ID}})
	wantCode(t, err, CodeInvalid)
	for _, a := range []Actor{{}, {User: ada.User}} {
		_, err = c.Messages.Attachment(t.Context(), a, one.ID)
		wantCode(t, err, CodeSignedOut)
	}
	_, err = c.Messages.Attachment(t.Context(), ada, NewID())
	wantCode(t, err, CodeNotFound)

	clock.advance(pendingFileLifetime + time.Minute)
	if err := c.expireNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	known, err := c.Messages.KnownFiles(t.Context(), []ID{one.ID, kept.ID, other.ID, NewID()})
	if err != nil || len(known) != 2 || !known[one.ID] || !known[kept.ID] {
		t.Errorf("known files %v, %v", known, err)
	}
	if files := <-dropped; len(files) != 1 || files[0] != other.ID {
		t.Errorf("to be removed: %v, want %v", files, other.ID)
	}
}

// A user has at most as many pending files as fit in a message: those of the refused form, and the newest.
func TestFewFilesWait(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	side, err := c.Channels.Create(t.Context(), ada, "Side", Public)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(a Actor, slug string, n int, kept ...ID) (sent, gone []ID) {
		t.Helper()
		clock.advance(time.Second)
		var files []Attachment
		for range n {
			files = append(files, Attachment{ID: NewID(), Name: "a.txt", Size: 10})
			sent = append(sent, files[len(files)-1].ID)
		}
		gone, err := c.Messages.SavePendingFiles(t.Context(), a, slug, files, kept)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(gone)
		return sent, gone
	}
	same := func(what string, got, want []ID) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v go, want %v", what, got, want)
		}
	}
	others, _ := keep(bob, "general-talk", 3)
	first, gone := keep(ada, "general-talk", 6)
	same("six", gone, nil)
	second, gone := keep(ada, side.Slug, 6) // in whichever channel they are pending
	same("twelve", gone, first[:2])
	_, gone = keep(ada, "general-talk", 3, first[2]) // of this form, and so not the oldest
	same("three more", gone, first[3:6])
	_, gone = keep(ada, "general-talk", 10, others...) // not hers to keep
	want := slices.Concat(first[2:3], second)
	slices.Sort(want)
	if len(gone) != 10 || !slices.Equal(gone[:len(want)], want) {
		t.Errorf("ten more: %v go, want %v and three", gone, want)
	}

	owner := mustOwn(t, c, "Owner")
	if _, err := c.Admin.DeletePendingFiles(t.Context(), ada, bob.ID); ErrorCode(err) != CodeNotFound {
		t.Error("not for everyone:", err)
	}
	use, err := c.Admin.UsageByUser(t.Context(), owner, ListQuery{Text: "Bob"})
	if err != nil || len(use.Rows) != 1 || use.Rows[0].Waiting != (FileUsage{3, 30}) {
		t.Error(use.Rows, err)
	}
	gone, err = c.Admin.DeletePendingFiles(t.Context(), owner, bob.ID)
	if slices.Sort(gone); err != nil {
		t.Error(err)
	}
	same("what Bob has", gone, others)
	if known, err := c.Messages.KnownFiles(t.Context(), others); err != nil || len(known) > 0 {
		t.Error(known, err)
	}
	_, err = c.Admin.DeletePendingFiles(t.Context(), owner, NewID())
	wantCode(t, err, CodeNotFound)
}
