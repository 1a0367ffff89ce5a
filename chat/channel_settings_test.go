package chat

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// A change of a channel on one node takes effect on the others, even if the event is lost.
func TestSettingsReachOtherNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := tempPath(t), &lossyBus{drop: 1}
		here, there := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
		ada, bob := mustSignIn(t, here, "Ada"), mustSignIn(t, here, "Bob")
		ch := mustChannel(t, here, ada, "Garden", Public)
		if _, _, err := here.Messages.Post(t.Context(), ada, ch.Slug, Draft{Body: "x"}); err != nil {
			t.Fatal(err)
		}
		known := func(_ string, is func(Channel, error) bool, slug string) {
			t.Helper()
			waitFor(t, func() bool {
				ch, err := there.Channels.Get(t.Context(), bob, slug)
				return is(ch, err)
			})
		}
		known("it is made", func(_ Channel, err error) bool { return err == nil }, "garden")
		if p, err := there.Messages.View(t.Context(), bob, "garden"); err != nil ||
			string(p.Rows[0].HTML) != "[garden 1.1 Ada: x]" {
			t.Fatal(p, err)
		}
		if _, err := here.Channels.Update(t.Context(), ada, "garden",
			ChannelSettings{Name: "Sea", Topic: " What\nswims "}); err != nil {
			t.Fatal(err)
		}
		known("it is renamed", func(ch Channel, err error) bool { return err == nil && ch.Topic == "What swims" }, "sea")
		known("the old link works", func(ch Channel, err error) bool { return err == nil && ch.Slug == "sea" }, "garden")
		waitFor(t, func() bool { // the rows are rendered anew a moment after the channel is known
			p, err := there.Messages.View(t.Context(), bob, "garden")
			return err == nil && string(p.Rows[0].HTML) == "[sea 1.1 Ada: x]"
		})
		if _, err := here.Channels.Archive(t.Context(), ada, "sea"); err != nil {
			t.Fatal(err)
		}
		_, _, err := there.Messages.Post(t.Context(), bob, "sea", Draft{Body: "at once, before this node knows"})
		wantCode(t, err, CodeForbidden)
		known("it is archived", func(ch Channel, _ error) bool { return ch.Archived() }, "sea")
		l := mustListen(t, there, bob, Cursor{Channel: "sea"})
		if _, err := here.Channels.Restore(t.Context(), ada, "sea"); err != nil {
			t.Fatal(err)
		}
		if _, err := here.Channels.Delete(t.Context(), ada, "sea"); err != nil {
			t.Fatal(err)
		}
		<-l.Done()
		if l.Reason() != CloseNotFound {
			t.Errorf("closed with %d", l.Reason())
		}
		known("it is deleted", func(_ Channel, err error) bool { return ErrorCode(err) == CodeNotFound }, "sea")
		_, err = there.Channels.Get(t.Context(), bob, "garden")
		wantCode(t, err, CodeNotFound)
	})
}

// All messages of a deleted channel are deleted, however many there are.
func TestDeletedMessagesGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		ch := mustChannel(t, c, ada, "Garden", Public)
		for i := range 30 {
			d := Draft{Body: fmt.Sprint(i)}
			if i == 7 {
				d.Files = []Attachment{{ID: 77, Name: "a.txt"}}
			}
			if _, _, err := c.Messages.Post(t.Context(), ada, ch.Slug, d); err != nil {
				t.Fatal(err)
			}
		}
		files, err := c.Channels.Delete(t.Context(), ada, ch.Slug)
		if err != nil || len(files) != 1 || files[0] != 77 {
			t.Errorf("files %v, %v", files, err)
		}
		waitFor(t, func() bool {
			var n int
			must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM messages`).Scan(&n))
			return n == 0
		})
	})
}

func TestOwnersLeave(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, ada, "Plans", Private)
	if _, err := c.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, c.Channels.RemoveMember(t.Context(), bob, ch.Slug, ada.ID), CodeForbidden)
	must(t, c.Channels.Leave(t.Context(), ada, ch.Slug))
	if acc := mustAccess(t, c, bob, ch.Slug); !acc.Membership.Owner || !acc.CanManage() {
		t.Errorf("nobody manages the channel: %+v", acc)
	}
}

// The audit log has actions but no names of private channels: its readers may not see the channel.
func TestAuditKeepsPrivateNames(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	for _, kind := range []Kind{Public, Private} {
		ch := mustChannel(t, c, ada, "Zeppelin", kind)
		if _, err := c.Channels.Update(t.Context(), ada, ch.Slug,
			ChannelSettings{Name: "Zeppelins", Private: kind == Private}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Channels.Delete(t.Context(), ada, ch.Slug); err != nil {
			t.Fatal(err)
		}
		var all, named int
		must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*), count(*) FILTER (WHERE detail LIKE '%Zeppelin%')
			FROM audit WHERE channel_id = $1`, ch.ID).Scan(&all, &named))
		if want := map[Kind]int{Public: 2}[kind]; all != 2 || named != want {
			t.Errorf("%s: %d entries, %d with the name", kind, all, named)
		}
	}
}
