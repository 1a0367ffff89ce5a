package chat

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// What comes before its turn is not read once more: it waits, and the database is asked for no more than what is missing.
func TestGapKeepsWhatCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path, bus := filepath.Join(t.TempDir(), "chat.db"), &faultyBus{drop: 1, dice: rand.New(rand.NewPCG(1, 1))}
		elsewhere, here := mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus})
		ada := mustSignIn(t, elsewhere, "Ada")
		mustPost(t, elsewhere, ada, "0")
		l := mustListen(t, here, ada, Cursor{Since: 1})
		room := here.hub.pin(here.general(t))
		defer here.hub.unpin(room)
		var sent []Row
		hear := func(wanted int) {
			t.Helper()
			sent = append(sent, takeUntil(t, l, func(b Update) bool { return len(b.Rows) >= wanted }).Rows...)
		}
		begin := time.Now()
		queries := func(want int64) {
			t.Helper()
			if n := here.Stats().MessageQueries; n != want {
				t.Errorf("%v after the start: %d queries, want %d", time.Since(begin), n, want)
			}
		}
		if b, err := l.Take(t.Context()); err != nil || len(b.Rows) > 0 {
			t.Fatal(b, err)
		}
		for i := range 9 {
			mustPost(t, elsewhere, ada, fmt.Sprint(i+1)) // of which nobody tells
		}
		list, err := messages(t.Context(), here.db, room.ch, changesAfter, 1, 100) // revs 2 to 10
		if err != nil || len(list) != 9 {
			t.Fatal(len(list), err)
		}
		before := here.Stats().MessageQueries

		room.appendChanges(list[2:3])
		room.appendChanges(list[1:2])
		room.appendChanges(list[0:1])
		hear(3)
		time.Sleep(2 * gapWait)
		queries(before) // all of them came by themselves

		room.appendChanges(list[5:7]) // revs 7 and 8, while 5 and 6 are missing
		time.Sleep(gapWait / 2)
		room.appendChanges(list[8:9])
		hear(6) // the gap is read up to the last, for the database has it
		time.Sleep(2 * gapWait)
		queries(before + 1)

		revs := make([]int64, len(sent))
		for i, row := range sent {
			revs[i] = row.Rev
		}
		if want := []int64{2, 3, 4, 5, 6, 7, 8, 9, 10}; !slices.Equal(revs, want) {
			t.Errorf("sent revs %v, want %v", revs, want)
		}
		room.mu.Lock()
		defer room.mu.Unlock()
		if len(room.ahead) > 0 {
			t.Errorf("%d rows wait for nothing", len(room.ahead))
		}
	})
}

// What is posted while a gap is read is not read again: it is there when its turn comes.
func TestGapWhilePosting(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	const posts = 40
	for i := range posts {
		mustPost(t, c, ada, fmt.Sprint(i))
	}
	r := c.hub.pin(c.general(t))
	defer c.hub.unpin(r)
	if _, err := r.newest(t.Context()); err != nil {
		t.Fatal(err)
	}
	row := func(rev int64) Message {
		return Message{ChannelID: r.ch.ID, ChannelSlug: "general-talk", Seq: rev, Rev: rev, Author: User{ID: ada.ID, Name: "Ada"}, Body: fmt.Sprint(rev)}
	}
	gap := []Message{row(posts + 1), row(posts + 2)}
	r.mu.Lock()
	r.fetching = true // by the test: it reads the gap
	r.mu.Unlock()
	for rev := int64(posts + 3); rev <= posts+20; rev++ {
		r.appendChanges([]Message{row(rev)})
	}
	r.applyGap(posts, gap)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fetching = false
	if r.cursor != posts+20 || r.known != posts+20 || len(r.ahead) > 0 {
		t.Errorf("at rev %d of %d, and %d rows wait", r.cursor, r.known, len(r.ahead))
	}
	if got := seqs(r.rows); got != fmt.Sprintf("1-%d", posts+20) {
		t.Errorf("the room has %s", got)
	}
}
