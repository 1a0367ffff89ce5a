package chat

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"chitchat/chat/sqlite"
)

// A page of the history shows the same as other pages: edits, tombstones, files, and current profiles.
func TestHistoryReadsWhatIsThere(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx, slug := t.Context(), c.general(t).slug()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	for i := range 12 {
		mustPost(t, c, []Actor{ada, bob, bob}[i%3], strconv.Itoa(i+1))
	}
	_, err := c.Messages.Edit(ctx, ada, slug, 1, "one")
	must(t, err)
	_, _, err = c.Messages.Delete(ctx, bob, slug, 2)
	must(t, err)
	same := func(what string) {
		t.Helper()
		for _, s := range []string{messagesBefore, messagesAfter} {
			want, err := messages(ctx, c.db, c.general(t), s, 7, 6)
			must(t, err)
			got, err := c.selectHistory(ctx, c.general(t), s, 7, 6)
			must(t, err)
			if len(got) == 0 || len(got) != len(want) {
				t.Fatalf("%s: %d messages, want %d", what, len(got), len(want))
			}
			for i := range want {
				want[i].ClientID, got[i].ClientID = "", ""
				if !reflect.DeepEqual(got[i], want[i]) {
					t.Errorf("%s: %+v, want %+v", what, got[i], want[i])
				}
			}
		}
	}
	same("at first")
	_, err = c.Users.Rename(ctx, bob, "Robert")
	must(t, err)
	same("after someone was renamed")
	_, _, err = c.Messages.Post(ctx, ada, slug,
		Draft{Body: "look", Files: []Attachment{{ID: NewID(), Name: "a.png", Type: "image/png", Size: 5, Width: 3,
			Height: 4}}})
	must(t, err)
	same("with a file")
	if list, err := c.selectHistory(ctx, c.general(t), messagesAfter, 7, 6); err != nil ||
		!slices.ContainsFunc(list, func(m Message) bool { return len(m.Attachments) == 1 }) {
		t.Errorf("the file is missing: %v", err)
	}
}

// A message with one kind of extra shows it on a page of the history where nothing else has any.
func TestHistoryOfOneExtra(t *testing.T) {
	for what, add := range map[string]func(t *testing.T, c *Chat, a Actor, seq int64){
		"a file": func(t *testing.T, c *Chat, _ Actor, seq int64) {
			mustExec(t, c, `INSERT INTO attachments (channel_id, id, seq, position, user_id, name, type, size, width, height,
				thumb, moves, created_at) SELECT channel_id, 5, seq, 0, user_id, 'a.txt', 'text/plain', 1, 0, 0, FALSE, FALSE, 0
				FROM messages WHERE seq = $1`, seq)
			mustExec(t, c, `UPDATE messages SET files = 1 WHERE seq = $1`, seq)
		},
		"a reaction": func(t *testing.T, c *Chat, a Actor, seq int64) {
			_, err := c.Messages.React(t.Context(), a, "general-talk", seq, "👍")
			must(t, err)
		},
		"a link preview": func(t *testing.T, c *Chat, _ Actor, seq int64) {
			mustExec(t, c, `INSERT INTO message_link_previews (channel_id, seq, url, href, place, number, preview_id)
				SELECT channel_id, seq, 'https://e.org/', '', 0, 1, 5 FROM messages WHERE seq = $1`, seq)
			// after that: the program removes old ones that no message shows
			mustExec(t, c, `INSERT INTO link_previews (id, url, scope, fetched_at, title, description, site, picture,
				picture_size) VALUES (5, 'https://e.org/', 0, 0, 'T', '', '', 0, 0)`)
			mustExec(t, c, `UPDATE messages SET link_previews = 1 WHERE seq = $1`, seq)
		},
	} {
		t.Run(what, func(t *testing.T) {
			c := mustOpen(t, Options{})
			ada := mustSignIn(t, c, "Ada")
			seq := mustPost(t, c, ada, "words").Seq
			add(t, c, ada, seq)
			want, err := c.Messages.Get(t.Context(), ada, "general-talk", seq)
			must(t, err)
			if len(want.Attachments)+len(want.Reactions)+len(want.LinkPreviews) != 1 {
				t.Fatalf("it has not been added: %+v", want)
			}
			list, err := c.selectHistory(t.Context(), c.general(t), messagesAfter, 0, 5)
			must(t, err)
			want.ClientID, list[0].ClientID = "", ""
			if !reflect.DeepEqual(list[0], want) {
				t.Errorf("the history has %+v, want %+v", list[0], want)
			}
		})
	}
}

// Profiles that were read for the history are cached, but never replace later changes, and their number is limited.
func TestProfilesOfTheHistory(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "hello")
	read := func() User {
		t.Helper()
		list, err := c.selectHistory(ctx, c.general(t), messagesAfter, 0, 5)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0].Author
	}
	if u := read(); u.Name != "Ada" {
		t.Fatal(u)
	}
	profiles := &c.hub.profiles
	profiles.mu.Lock()
	old := profiles.read[ada.ID]
	profiles.mu.Unlock()
	if _, err := c.Users.Rename(ctx, ada, "Eda"); err != nil {
		t.Fatal(err)
	}
	profiles.mu.Lock()
	profiles.read[ada.ID] = old // as if it was read before the change and cached after it
	profiles.mu.Unlock()
	if u := read(); u.Name != "Eda" {
		t.Errorf("the history shows the name of before: %s", u.Name)
	}
	profiles.mu.Lock()
	for i := range 3 * maxProfilesRead {
		profiles.keep([]User{{ID: ID(i + 1)}})
		if n := len(profiles.read); n > maxProfilesRead {
			t.Errorf("%d profiles are kept", n)
			break
		}
	}
	profiles.mu.Unlock()
	if err := profiles.show(ctx, c.db, []Message{{Author: User{ID: 987654321}}}); err == nil {
		t.Error("an author who is not there is no error")
	}
}

// BenchmarkHistory reads a page of the history from the disk: by selectHistory and by messages.
func BenchmarkHistory(b *testing.B) {
	c := mustOpen(b, Options{})
	a := mustSignIn(b, c, "Ada")
	for range 300 {
		mustPost(b, c, a, "about a hundred bytes is what most of the messages have that people write to each other in "+
			"a chat all day")
	}
	ch := c.general(b)
	b.Run("by=stretch", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.selectHistory(b.Context(), ch, messagesBefore, 200, historyPage); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("by=messages", func(b *testing.B) {
		for b.Loop() {
			err := c.db.Snapshot(b.Context(), func(q sqlite.Querier) error {
				_, err := messages(b.Context(), q, ch, messagesBefore, 200, historyPage)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
