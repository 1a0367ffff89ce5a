package chat

import (
	"testing"
	"time"
)

func TestAttachments(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	file := func(name string) Attachment {
		return Attachment{ID: NewID(), Name: name, Type: "image/png", Size: 9, Width: 3, Height: 2, Thumb: true}
	}
	one, two, kept, other := file("same.png"), file("same.png"), file("kept.png"), file("other.png")

	if err := c.KeepFiles(t.Context(), ada, "general-talk", []Attachment{kept, other}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Attachment(t.Context(), ada, kept.ID); err != nil {
		t.Errorf("one's own waiting file: %v", err)
	}
	_, err := c.Attachment(t.Context(), bob, kept.ID)
	wantCode(t, err, CodeNotFound)
	if files, err := c.KeptFiles(t.Context(), ada, "general-talk", []ID{other.ID, NewID(), kept.ID}); err != nil || len(files) != 2 || files[0] != other {
		t.Errorf("kept files %v, %v", files, err)
	}
	if files, err := c.KeptFiles(t.Context(), bob, "general-talk", []ID{kept.ID}); err != nil || len(files) != 0 {
		t.Errorf("someone else's kept files: %v, %v", files, err)
	}

	_, _, err = c.Post(t.Context(), bob, "general-talk", Draft{Body: "stolen", Kept: []ID{kept.ID}})
	wantCode(t, err, CodeInvalid)
	row, _, err := c.Post(t.Context(), ada, "general-talk", Draft{Files: []Attachment{one, two}, Kept: []ID{kept.ID}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Message(t.Context(), bob, "general-talk", row.Seq)
	if err != nil || len(m.Attachments) != 3 || m.Attachments[0] != kept || m.Attachments[1] != one || m.Attachments[2] != two {
		t.Fatalf("attachments %+v, %v", m.Attachments, err)
	}
	if got, err := c.Attachment(t.Context(), bob, kept.ID); err != nil || got != kept {
		t.Errorf("%+v, %v", got, err)
	}
	_, _, err = c.Post(t.Context(), ada, "general-talk", Draft{Body: "twice", Kept: []ID{kept.ID}})
	wantCode(t, err, CodeInvalid)
	for _, a := range []Actor{{}, {User: ada.User}} {
		_, err = c.Attachment(t.Context(), a, one.ID)
		wantCode(t, err, CodeSignedOut)
	}
	_, err = c.Attachment(t.Context(), ada, NewID())
	wantCode(t, err, CodeNotFound)

	clock.advance(keptFileLifetime + time.Minute)
	if err := c.expireNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	known, err := c.KnownFiles(t.Context(), []ID{one.ID, kept.ID, other.ID, NewID()})
	if err != nil || len(known) != 2 || !known[one.ID] || !known[kept.ID] {
		t.Errorf("known files %v, %v", known, err)
	}
}
