package chat

import (
	"errors"
	"strings"
	"testing"
)

func TestRemoveMessage(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	admin.Address = "192.0.2.7"
	file := Attachment{ID: NewID(), Name: "spam.txt"}
	row, _, err := c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "spam", Files: []Attachment{file}})
	must(t, err)
	_, _, err = c.Moderation.RemoveMessage(t.Context(), ada, "general-talk", row.Seq, "x")
	wantCode(t, err, CodeForbidden)
	_, _, err = c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", row.Seq,
		strings.Repeat("x", MaxReasonLen+1))
	wantCode(t, err, CodeInvalid)

	_, gone, err := c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", row.Seq, "an\nadvertisement")
	must(t, err)
	if len(gone) != 1 || gone[0] != file.ID {
		t.Error("the files that go are", gone)
	}
	m, err := c.Messages.Get(t.Context(), ada, "general-talk", row.Seq)
	must(t, err)
	if !m.Deleted() || m.RemovedBy != admin.ID || m.Body != "" || m.Attachments != nil {
		t.Errorf("%+v", m)
	}
	// is no error and changes nothing
	_, _, err = c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", row.Seq, "again")
	must(t, err)
	var who, from, detail string
	var n int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*), max(actor_name), max(address), max(detail) FROM audit
		WHERE action = 'message.removed' AND user_id = $1`, bob.ID).Scan(&n, &who, &from, &detail))
	if n != 1 || who != "Admin" || from != "192.0.2.7" || detail != "message 1: an advertisement" {
		t.Error(n, who, from, detail)
	}

	own := mustPost(t, c, admin, "mine")
	_, _, err = c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", own.Seq, "")
	must(t, err)
	if m, err = c.Messages.Get(t.Context(), admin, "general-talk", own.Seq); err != nil || m.RemovedBy != 0 {
		t.Error("one's own counts as removed by an admin:", m.RemovedBy, err)
	}
	with, err := c.Channels.CreateDirect(t.Context(), admin, []ID{bob.ID})
	must(t, err)
	_, _, err = c.Messages.Post(t.Context(), bob, with.Slug, Draft{Body: "between us"})
	must(t, err)
	_, _, err = c.Moderation.RemoveMessage(t.Context(), admin, with.Slug, 1, "")
	wantCode(t, err, CodeForbidden)
	private := mustChannel(t, c, ada, "Plans", Private)
	_, _, err = c.Moderation.RemoveMessage(t.Context(), admin, private.Slug, 1, "")
	if !errors.Is(err, errNotFound) {
		t.Error("a channel that the admin does not see:", err)
	}
}
