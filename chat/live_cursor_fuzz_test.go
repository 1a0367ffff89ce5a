package chat

import (
	"fmt"
	"testing"

	"chitchat/chat/feed"
)

// FuzzCursor tests that a page with any cursor ends with the same rows: it gets each change it lacks, once and in
// order, or is rendered anew.
func FuzzCursor(f *testing.F) {
	c := mustOpen(f, Options{})
	ada := mustSignIn(f, c, "Ada")
	const posts, edits = feed.MaxBehind + 200, 400
	for i := range posts {
		mustPost(f, c, ada, fmt.Sprint(i))
	}
	for i := range edits {
		if _, err := c.Messages.Edit(f.Context(), ada, "general-talk", int64(1+i*7%posts),
			fmt.Sprint("again ", i)); err != nil {
			f.Fatal(err)
		}
	}
	const last = posts + edits
	truth := make(map[int64]int64, posts) // seq to rev
	for seq := range int64(posts) {
		row, err := c.Messages.Row(f.Context(), ada, "general-talk", seq+1)
		if err != nil {
			f.Fatal(err)
		}
		truth[row.Seq] = row.Rev
	}
	epoch, names := c.Epoch(), c.hub.profileRev.Load()
	for _, since := range []int64{0, 1, last, last - 1, last + 1, last - feed.MaxBehind, last - feed.MaxBehind - 1,
		last - feed.MaxChanges, last - feed.MaxChanges - 1, -1, 1<<63 - 1, -1 << 63} {
		f.Add("general-talk", since, epoch, int64(0))
	}
	f.Add("", int64(3), "", int64(-1))
	f.Add("general-talk", int64(last), "", names)
	f.Add("nowhere", int64(0), epoch, names+1)
	f.Add("General-Talk", int64(0), epoch, int64(1<<63-1))
	f.Add("general-talk\x00", int64(0), epoch, int64(-1<<63))
	f.Fuzz(func(t *testing.T, channel string, since int64, epoch string, names int64) {
		if len(epoch)%2 == 0 { // else nearly all are of another history
			epoch = c.Epoch()
		}
		l, err := c.subscribeFake(t.Context(), ada, Cursor{Channel: channel, Since: since, Epoch: epoch, ProfileRev: names})
		if channel != "" && channel != "general-talk" {
			wantCode(t, err, CodeNotFound)
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		b, err := l.Take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		wanted := 0
		for _, rev := range truth {
			if rev > since {
				wanted++
			}
		}
		known := epoch == c.Epoch() && since >= 0 && since <= last && wanted <= feed.MaxBehind
		if named := len(b.Profiles) > 0; named != (names < b.ProfileRev) && b.ProfileRev != 0 || len(b.Profiles) > 1 {
			t.Fatalf("from names %d: %d names at %d", names, len(b.Profiles), b.ProfileRev)
		}
		switch {
		case channel == "":
			if b.Resync != nil || len(b.Rows) > 0 {
				t.Fatalf("outside every channel came %d rows", len(b.Rows))
			}
		case !known:
			if b.Resync == nil || len(b.Rows) > 0 || b.Resync.Channel.LastRev != last ||
				seqs(b.Resync.Rows) != fmt.Sprintf("%d-%d", posts-feed.RingSize+1, posts) {
				t.Fatalf("from %d of %q: %d rows and not renewed whole", since, epoch, len(b.Rows))
			}
		default:
			before := since
			for _, row := range b.Rows {
				if row.Rev <= before || truth[row.Seq] != row.Rev {
					t.Fatalf("from %d: message %d of rev %d, after rev %d", since, row.Seq, row.Rev, before)
				}
				before = row.Rev
			}
			if b.Resync != nil || len(b.Rows) != wanted {
				t.Fatalf("from %d: %d rows of %d", since, len(b.Rows), wanted)
			}
		}
	})
}
