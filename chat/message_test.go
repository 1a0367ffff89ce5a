package chat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestPost(t *testing.T) {
	t.Run("numbers messages without gaps and keeps bodies exactly", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		bodies := []string{"one", "  two\n\n  lines \t", "<b>\U0001F600</b>", strings.Repeat("é", MaxBodyLen), "a\rb"}
		for i, body := range bodies {
			if row := mustPost(t, c, ada, body); row.Seq != int64(i+1) || row.Rev != int64(i+1) {
				t.Errorf("message %d has seq %d, rev %d", i+1, row.Seq, row.Rev)
			}
			m, err := c.Messages.Get(t.Context(), ada, "general-talk", int64(i+1))
			if err != nil || m.Body != body {
				t.Errorf("body %q, %v; want %q", m.Body, err, body)
			}
		}
	})
	t.Run("turns the line breaks of forms back", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		row := mustPost(t, c, ada, "a\r\nb")
		if !strings.Contains(string(row.HTML), "a\nb") {
			t.Errorf("row %q", row.HTML)
		}
	})
	t.Run("a retry is the same message", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
		first, fresh, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "hi", ClientID: "k"})
		if err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		mustPost(t, c, bob, "between")
		again, fresh, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "hi", ClientID: "k"})
		if err != nil || fresh || again.Seq != first.Seq || string(again.HTML) != string(first.HTML) {
			t.Errorf("retry: %d %q fresh=%v %v", again.Seq, again.HTML, fresh, err)
		}
		other, fresh, err := c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "hi", ClientID: "k"})
		if err != nil || !fresh || other.Seq == first.Seq {
			t.Errorf("another person's client_id was taken for a retry: %v %v", other.Seq, err)
		}
		if last := c.general(t).lastSeq.Load(); last != 3 {
			t.Errorf("last seq %d, want 3", last)
		}
	})
	t.Run("the same retry fifty times at once is one message", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if row, _, err := c.Messages.Post(context.Background(), ada, "general-talk",
					Draft{Body: "once", ClientID: "k"}); err != nil || row.Seq != 1 {
					t.Errorf("seq %d, %v", row.Seq, err)
				}
			})
		}
		wg.Wait()
	})
	t.Run("refuses bad bodies and loses nobody else's", func(t *testing.T) {
		c := mustOpen(t, Options{})
		ada := mustSignIn(t, c, "Ada")
		for name, d := range map[string]Draft{
			"empty":          {Body: ""},
			"blank":          {Body: " \n\t"},
			"NUL":            {Body: "a\x00b"},
			"invalid UTF-8":  {Body: "a\xffb"},
			"too long":       {Body: strings.Repeat("é", MaxBodyLen+1)},
			"10 MB":          {Body: strings.Repeat("x", 10<<20)},
			"long client_id": {Body: "a", ClientID: strings.Repeat("k", MaxClientIDLen+1)},
			"NUL client_id":  {Body: "a", ClientID: "\x00"},
			"eleven files":   {Files: make([]Attachment, MaxAttachments+1)},
			"unknown kept":   {Body: "a", Kept: []ID{NewID()}},
		} {
			t.Run(name, func(t *testing.T) {
				_, _, err := c.Messages.Post(t.Context(), ada, "general-talk", d)
				wantCode(t, err, CodeInvalid)
			})
		}
		if row := mustPost(t, c, ada, "fine"); row.Seq != 1 {
			t.Errorf("a refused post took a seq: the next is %d", row.Seq)
		}
		_, _, err := c.Messages.Post(t.Context(), ada, "nowhere", Draft{Body: "a"})
		wantCode(t, err, CodeNotFound)
		_, _, err = c.Messages.Post(t.Context(), Actor{}, "general-talk", Draft{Body: "a"})
		wantCode(t, err, CodeSignedOut)
	})
	t.Run("many at once: no gap, no double, everyone acknowledged", func(t *testing.T) {
		c := mustOpen(t, Options{})
		const people, each = 16, 40
		seen := make([]bool, people*each+1)
		var mu sync.Mutex
		var wg sync.WaitGroup
		for p := range people {
			a := mustSignIn(t, c, fmt.Sprintf("p%d", p))
			wg.Go(func() {
				for i := range each {
					row, _, err := c.Messages.Post(context.Background(), a, "general-talk",
						Draft{Body: fmt.Sprint(i), ClientID: fmt.Sprint(i)})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					if seen[row.Seq] {
						t.Errorf("seq %d twice", row.Seq)
					}
					seen[row.Seq] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		var rows, top int64
		err := c.db.QueryRowContext(t.Context(), `SELECT count(*), max(seq) FROM messages`).Scan(&rows, &top)
		if err != nil || rows != people*each || top != people*each {
			t.Errorf("%d rows up to %d, %v", rows, top, err)
		}
	})
}

func TestContinued(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	steps := []struct {
		by   Actor
		wait time.Duration
		want bool
	}{
		{ada, 0, false}, {ada, time.Minute, true}, {bob, 0, false}, {ada, 0, false},
		{ada, 4 * time.Minute, true}, {ada, 6 * time.Minute, false},
		// the clock was set back
		{ada, -time.Millisecond, false}, {ada, 0, true}, {ada, -5 * time.Hour, false}, {ada, time.Minute, true},
	}
	for i, s := range steps {
		clock.advance(s.wait)
		row := mustPost(t, c, s.by, "x")
		m, err := c.Messages.Get(t.Context(), ada, "general-talk", row.Seq)
		if err != nil || m.Continued != s.want {
			t.Errorf("step %d: continued %v, %v; want %v", i, m.Continued, err, s.want)
		}
	}
	if _, _, err := c.Messages.Delete(t.Context(), ada, "general-talk", int64(len(steps))); err != nil {
		t.Fatal(err)
	}
	if m, err := c.Messages.Get(t.Context(), ada, "general-talk", mustPost(t, c, ada, "x").Seq); err != nil ||
		m.Continued {
		t.Errorf("a message under a tombstone has no head: %v", err)
	}
}

func TestEditAndDelete(t *testing.T) {
	clock := newClock()
	c := mustOpen(t, Options{Now: clock.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	file := Attachment{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: 3}
	if _, _, err := c.Messages.Post(t.Context(), ada, "general-talk",
		Draft{Body: "first", Files: []Attachment{file}}); err != nil {
		t.Fatal(err)
	}
	edit := func(a Actor, seq int64, body string) (Row, error) {
		return c.Messages.Edit(t.Context(), a, "general-talk", seq, body)
	}

	posted, err := c.Messages.Get(t.Context(), ada, "general-talk", 1)
	must(t, err)
	row, err := edit(ada, 1, "changed")
	if err != nil || row.Rev != 2 || !strings.Contains(string(row.HTML), "changed") {
		t.Fatalf("edit: %+v %v", row, err)
	}
	if row, err = edit(ada, 1, "changed"); err != nil || row.Rev != 2 {
		t.Errorf("an edit that changes nothing took rev %d, %v", row.Rev, err)
	}
	if _, err = c.Messages.EditFrom(t.Context(), ada, "general-talk", 1, posted.Written(), "over what was not seen", ""); err != ErrChanged { //nolint:errorlint // it is that very one
		t.Errorf("an edit of what it was before: %v", err)
	}
	if row, err = c.Messages.EditFrom(t.Context(), ada, "general-talk", 1, posted.Written(), "changed", ""); err != nil ||
		row.Rev != 2 {
		t.Errorf("the same edit twice, the answer of which was lost: rev %d, %v", row.Rev, err)
	}
	now, err := c.Messages.Get(t.Context(), ada, "general-talk", 1)
	must(t, err)
	if row, err = c.Messages.EditFrom(t.Context(), ada, "general-talk", 1, now.Written(), "changed again",
		""); err != nil ||
		row.Rev != 3 {
		t.Errorf("an edit of what it is: rev %d, %v", row.Rev, err)
	}
	_, err = edit(bob, 1, "mine now")
	wantCode(t, err, CodeForbidden)
	_, err = edit(ada, 9, "nothing")
	wantCode(t, err, CodeNotFound)
	_, err = edit(ada, 1, "\x00")
	wantCode(t, err, CodeInvalid)
	if _, err = edit(ada, 1, ""); err != nil {
		t.Errorf("a message with a file may lose its text: %v", err)
	}
	_, _, err = c.Messages.Delete(t.Context(), bob, "general-talk", 1)
	wantCode(t, err, CodeForbidden)

	row, gone, err := c.Messages.Delete(t.Context(), ada, "general-talk", 1)
	if err != nil || len(gone) != 1 || gone[0] != file.ID || !strings.Contains(string(row.HTML), "gone") {
		t.Fatalf("delete: %q %v %v", row.HTML, gone, err)
	}
	if again, gone, err := c.Messages.Delete(t.Context(), ada, "general-talk", 1); err != nil || again.Rev != row.Rev ||
		len(gone) != 0 {
		t.Errorf("deleting again: rev %d, %v, %v", again.Rev, gone, err)
	}
	_, err = edit(ada, 1, "back from the dead")
	wantCode(t, err, CodeNotFound)
	_, err = c.Messages.Attachment(t.Context(), ada, file.ID)
	wantCode(t, err, CodeNotFound)
	var bodies int
	err = c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM messages WHERE body <> ''`).Scan(&bodies)
	if err != nil || bodies != 0 {
		t.Errorf("the deleted text is still stored: %d, %v", bodies, err)
	}
}
