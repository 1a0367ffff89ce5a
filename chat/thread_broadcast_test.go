package chat

import (
	"strings"
	"testing"
)

// A reply that is shown in the channel is one message: what changes it changes both rows, whichever was meant.
func TestBroadcast(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ctx := t.Context()
	mustPost(t, c, ada, "root")
	mustReply(t, c, bob, 1, "first")
	row, _, err := c.Messages.Post(ctx, bob, "general-talk", Draft{Body: "for **all**", Thread: 1, Broadcast: true})
	must(t, err)
	if got := string(row.HTML); !strings.HasPrefix(got, "[general-talk/1 2.2 Bob: for **all**") {
		t.Error("the answer is", got)
	}
	const thread = "general-talk/1"
	both := func(when, want string) {
		t.Helper()
		for _, at := range []struct {
			address string
			seq     int64
		}{{thread, 2}, {"general-talk", 2}} {
			warm, err := c.Messages.Peek(ctx, ada, at.address)
			must(t, err)
			for how, got := range map[string]string{"cold": rowAt(t, c, ada, at.address, at.seq),
				"warm": string(warm.Rows[1].HTML)} {
				if !strings.Contains(got, want) || strings.Contains(got, "<shows 2 of 1 by Ada>") != (at.address != thread) {
					t.Errorf("%s, %s, %s: %s", when, at.address, how, got)
				}
			}
		}
		old, err := c.Messages.After(ctx, ada, "general-talk", 1)
		must(t, err)
		if got := string(old.Rows[0].HTML); !strings.Contains(got, want) {
			t.Errorf("%s, in the history: %s", when, got)
		}
	}
	both("posted", "Bob: for **all**")
	row, err = c.Messages.Edit(ctx, bob, "general-talk", 2, "changed there")
	must(t, err)
	if !strings.HasPrefix(string(row.HTML), "[general-talk 2.") {
		t.Error("the answer is", string(row.HTML))
	}
	both("changed there", "Bob: changed there")
	row, err = c.Messages.Edit(ctx, bob, "general-talk", 2, "changed there") // changes nothing
	must(t, err)
	if got := string(row.HTML); !strings.HasPrefix(got, "[general-talk 2.") || !strings.Contains(got, "<shows") {
		t.Error("the answer is", got)
	}
	_, err = c.Messages.Edit(ctx, bob, thread, 2, "changed here")
	must(t, err)
	both("changed here", "Bob: changed here")
	_, err = c.Messages.React(ctx, ada, "general-talk", 2, "👍")
	must(t, err)
	both("reacted", " 👍1,Ada")
	if v, err := c.Messages.Versions(ctx, ada, "general-talk", 2, 0); err != nil || len(v.Versions) != 2 {
		t.Error(v, err)
	}
	if own, err := c.Messages.OwnReactions(ctx, mustAccess(t, c, ada, "general-talk"), 2); err != nil || len(own) != 1 {
		t.Error(own, err)
	}
	must(t, c.Moderation.Report(ctx, ada, "general-talk", 2, "noise"))
	if _, again, err := c.Moderation.Reportable(ctx, ada, thread, 2); err != nil || !again {
		t.Error("it is another message in the thread:", again, err)
	}
	// an answer to the row in the channel goes into its thread
	if row, _, err := c.Messages.Post(ctx, ada, "general-talk", Draft{Body: "third", Thread: 2}); err != nil ||
		row.Seq != 3 {
		t.Error(row.Seq, err)
	}
	_, _, err = c.Messages.Delete(ctx, bob, "general-talk", 2)
	must(t, err)
	both("deleted", "Bob:")
	both("deleted", " gone]")
	if n := c.general(t).unread(0); n != 1 {
		t.Error("unread are", n)
	}
}

// Files of a reply are of its thread and its channel: who sees the channel gets them, nobody else.
func TestFilesOfReplies(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ctx := t.Context()
	room := mustChannel(t, c, ada, "Room", Private)
	_, _, err := c.Messages.Post(ctx, ada, room.Slug, Draft{Body: "root"})
	must(t, err)
	file, pending := Attachment{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 3},
		Attachment{ID: NewID(), Name: "b.txt",
			Type: "text/plain", Size: 4}
	_, err = c.Messages.SavePendingFile(ctx, ada, room.Slug, pending, nil)
	must(t, err)
	_, _, err = c.Messages.Post(ctx, ada, room.Slug, Draft{Files: []Attachment{file}, Kept: []ID{pending.ID}, Thread: 1,
		Broadcast: true})
	must(t, err)
	for _, id := range []ID{file.ID, pending.ID} {
		if _, err := c.Messages.Attachment(ctx, ada, id); err != nil {
			t.Error(err)
		}
		_, err := c.Messages.Attachment(ctx, bob, id)
		wantCode(t, err, CodeNotFound)
	}
	for _, at := range []located{{ch: c.hub.channels.bySlug(room.Slug), seq: 2}} {
		m, err := c.message(ctx, at.ch, at.seq)
		if err != nil || len(m.Attachments) != 2 || m.Attachments[0].Name != "b.txt" {
			t.Errorf("%+v, %v", m.Attachments, err)
		}
	}
	if amounts, err := selectAmounts(ctx, c.db, []ID{room.ID}); err != nil || amounts[room.ID] != (FileUsage{2, 7}) {
		t.Error(amounts, err)
	}
	files, err := c.Channels.Delete(ctx, ada, room.Slug)
	if err != nil || len(files) != 2 {
		t.Error(files, err)
	}
	c.purge(ctx)
	wantCount(t, c, `SELECT count(*) FROM messages`, 0)
	wantCount(t, c, `SELECT count(*) FROM thread_followers`, 0)
}

// A reply that is also shown in the channel leaves unread what its author has not seen there.
func TestBroadcastReadsNothingElse(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "root")
	mustView(t, c, bob)
	reply := func(want int64) {
		t.Helper()
		_, _, err := c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "for all", Thread: 1, Broadcast: true})
		must(t, err)
		if n := unreadOf(t, c, bob, "general-talk"); n != want {
			t.Errorf("%d are unread, want %d", n, want)
		}
		p, err := c.Messages.Peek(t.Context(), bob, "general-talk")
		must(t, err)
		if n := p.Channel.LastSeq - p.ReadSeq; n != want {
			t.Errorf("in the database %d are unread, want %d", n, want)
		}
	}
	reply(0)
	reply(0)
	mustPost(t, c, ada, "not seen")
	reply(2) // with its own row
	reply(3)
	mustView(t, c, bob)
	reply(0)
}
