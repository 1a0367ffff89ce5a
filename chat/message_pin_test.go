package chat

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pinsOf returns a channel's pins in one line: who pinned each, and its row.
func pinsOf(t *testing.T, c *Chat, a Actor, slug string) string {
	t.Helper()
	p, err := c.Messages.Pins(t.Context(), a, slug, 0)
	must(t, err)
	var all []string
	for _, pin := range p.Pins {
		all = append(all, fmt.Sprintf("%s %s", pin.By.Name, pin.Row.HTML))
	}
	if got, err := c.Channels.Get(t.Context(), a, slug); err != nil || got.Pins != len(all) {
		t.Errorf("the channel says %d pins, and has %d (%v)", got.Pins, len(all), err)
	}
	return strings.Join(all, "; ")
}

func wantPins(t *testing.T, c *Chat, a Actor, slug, want string) {
	t.Helper()
	if got := pinsOf(t, c, a, slug); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// rowsOf returns the rows of General Talk as its page has them.
func rowsOf(t *testing.T, c *Chat, a Actor) string {
	t.Helper()
	p, err := c.Messages.Peek(t.Context(), a, "general-talk")
	must(t, err)
	var all strings.Builder
	for _, row := range p.Rows {
		all.Write(row.HTML)
	}
	return all.String()
}

// Pins are on a page, newest first, with who pinned them. The channel gets a line for each message, once.
func TestPins(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "one")
	mustPost(t, c, ada, "two")
	mustView(t, c, bob)
	wantPins(t, c, bob, "general-talk", "")
	for range 2 {
		must(t, c.Messages.Pin(ctx, bob, "general-talk", 1))
		must(t, c.Messages.Pin(ctx, ada, "general-talk", 2))
	}
	const one, two = "[general-talk 1.1 Ada: one]", "[general-talk 2.2 Ada: two]"
	const lines = "[general-talk 1.1 Ada: one][general-talk 2.2 Ada: two +]" +
		"[general-talk 3.3 Bob: pins 1][general-talk 4.4 Ada: pins 2]"
	wantPins(t, c, bob, "general-talk", "Ada "+two+"; Bob "+one)
	if got := rowsOf(t, c, bob); got != lines {
		t.Error(got)
	}
	if row := mustPost(t, c, ada, "after her line"); string(row.HTML) != "[general-talk 5.5 Ada: after her line]" {
		t.Errorf("%s: a message does not continue a line", row.HTML)
	}
	for range 2 {
		must(t, c.Messages.Unpin(ctx, bob, "general-talk", 2))
	}
	wantPins(t, c, ada, "general-talk", "Bob "+one)
	must(t, c.Messages.Pin(ctx, bob, "general-talk", 2)) // pinned again: nothing is said twice
	wantPins(t, c, ada, "general-talk", "Bob "+two+"; Bob "+one)
	if got := rowsOf(t, c, bob); got != lines+"[general-talk 5.5 Ada: after her line]" {
		t.Error(got)
	}
	for _, seq := range []int64{0, 6} {
		wantCode(t, c.Messages.Pin(ctx, ada, "general-talk", seq), CodeNotFound)
		wantCode(t, c.Messages.Unpin(ctx, ada, "general-talk", seq), CodeNotFound)
	}
	wantCode(t, c.Messages.Pin(ctx, Actor{}, "general-talk", 1), CodeSignedOut)
}

// A line is unread as any message, but for its author if they had read what stands above it.
func TestPinLineIsUnread(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustPost(t, c, ada, "one")
	mustView(t, c, bob)
	unread := func(a Actor) (n int64) {
		t.Helper()
		list, err := sidebarList(t.Context(), c, a)
		must(t, err)
		for _, l := range list {
			if l.Slug == "general-talk" {
				n = l.Unread()
			}
		}
		return n
	}
	must(t, c.Messages.Pin(t.Context(), bob, "general-talk", 1))
	if a, b := unread(ada), unread(bob); a != 1 || b != 0 {
		t.Error(a, b)
	}
	mustPost(t, c, bob, "two")
	must(t, c.Messages.Pin(t.Context(), ada, "general-talk", 3)) // she has not read Bob's line
	if a, b := unread(ada), unread(bob); a != 3 || b != 1 {
		t.Error(a, b)
	}
}

// Pages of the channel get the line in the order of rev, and the number of pins, when they change.
func TestPinIsLive(t *testing.T) {
	t.Run("on the same node", func(t *testing.T) {
		c := mustOpen(t, Options{})
		pinIsLive(t, c, c)
	})
	t.Run("on another node, by a bus that drops everything", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			path, bus := tempPath(t), &lossyBus{drop: 1}
			pinIsLive(t, mustOpen(t, Options{Path: path, Bus: bus}), mustOpen(t, Options{Path: path, Bus: bus}))
		})
	})
}

// pinIsLive pins a message on one node, and deletes it there, for a page on the other.
func pinIsLive(t *testing.T, c, other *Chat) {
	t.Helper()
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "one")
	page := mustListen(t, other, ada, Cursor{Since: 1})
	pins := -1
	next := func(want, n int) (rows []Row) {
		t.Helper()
		deadline := time.After(patience)
		for pins != want || len(rows) < n {
			select {
			case <-page.Ready():
			case <-deadline:
				t.Fatalf("waited too long: %d pins, %d rows", pins, len(rows))
			}
			u, err := page.Take(ctx)
			must(t, err)
			if rows = append(rows, u.Rows...); u.ChannelInfo != nil {
				pins = u.ChannelInfo.Channel.Pins
			}
		}
		return rows
	}
	must(t, c.Messages.Pin(ctx, ada, "general-talk", 1))
	rows := next(1, 1)
	if got := string(rows[0].HTML); got != "[general-talk 2.2 Ada: pins 1]" || !rows[0].Line {
		t.Error(got)
	}
	_, _, err := c.Messages.Delete(ctx, ada, "general-talk", 1)
	must(t, err)
	rows = next(0, 2)
	if got := string(rows[0].HTML) + string(rows[1].HTML); got !=
		"[general-talk 1.3 Ada:  gone][general-talk 2.4 Ada: pins -1]" {
		t.Error(got)
	}
	wantPins(t, c, ada, "general-talk", "")
	wantCode(t, c.Messages.Pin(ctx, ada, "general-talk", 1), CodeNotFound)
	must(t, c.Messages.Unpin(ctx, ada, "general-talk", 1))
}

// A line stays as it is, whoever asks: it is no message.
func TestLineStaysAsItIs(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	owner := mustOwn(t, c, "Olga")
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "one")
	must(t, c.Messages.Pin(ctx, ada, "general-talk", 1))
	const slug, line = "general-talk", int64(2)
	for _, a := range []Actor{owner, ada} {
		_, err := c.Messages.Edit(ctx, a, slug, line, "words")
		wantCode(t, err, CodeForbidden)
		_, _, err = c.Messages.Delete(ctx, a, slug, line)
		wantCode(t, err, CodeForbidden)
		_, _, err = c.Moderation.RemoveMessage(ctx, a, slug, line, "spam")
		wantCode(t, err, CodeForbidden)
		_, err = c.Messages.React(ctx, a, slug, line, "👍")
		wantCode(t, err, CodeForbidden)
		wantCode(t, c.Messages.Pin(ctx, a, slug, line), CodeForbidden)
		wantCode(t, c.Messages.Save(ctx, a, slug, line, false), CodeForbidden)
		wantCode(t, c.Moderation.Report(ctx, a, slug, line, "spam"), CodeForbidden)
		must(t, c.Messages.Unpin(ctx, a, slug, line))
	}
	if got := rowsOf(t, c, ada); got != "[general-talk 1.1 Ada: one][general-talk 2.2 Ada: pins 1]" {
		t.Error(got)
	}
}

// Who may post may pin, and who sees the channel sees its pins.
func TestWhoMayPin(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	ch := mustChannel(t, c, ada, "Design", Private)
	mustWrite(t, c, ada, ch.Slug, "secret")
	must(t, c.Messages.Pin(ctx, ada, ch.Slug, 1))
	refused := func(want Code) {
		t.Helper()
		wantCode(t, c.Messages.Pin(ctx, bob, ch.Slug, 1), want)
		wantCode(t, c.Messages.Unpin(ctx, bob, ch.Slug, 1), want)
	}
	unseen := func() {
		t.Helper()
		refused(CodeNotFound)
		_, err := c.Messages.Pins(ctx, bob, ch.Slug, 0)
		wantCode(t, err, CodeNotFound)
	}
	unseen()
	_, err := c.Channels.AddMember(ctx, ada, ch.Slug, "Bob")
	must(t, err)
	must(t, c.Messages.Pin(ctx, bob, ch.Slug, 1))
	const pinned = "Ada [%s 1.1 Ada: secret]"
	wantPins(t, c, bob, ch.Slug, fmt.Sprintf(pinned, ch.Slug))
	_, err = c.Channels.Update(ctx, ada, ch.Slug, ChannelSettings{Name: "Design", Private: true, Announce: true})
	must(t, err)
	refused(CodeForbidden)
	wantPins(t, c, bob, ch.Slug, fmt.Sprintf(pinned, ch.Slug)) // the settings have left the number as it was
	_, err = c.Channels.Archive(ctx, ada, ch.Slug)
	must(t, err)
	refused(CodeForbidden)
	wantCode(t, c.Messages.Unpin(ctx, ada, ch.Slug, 1), CodeForbidden)
	wantPins(t, c, bob, ch.Slug, fmt.Sprintf(pinned, ch.Slug))
	must(t, c.Channels.RemoveMember(ctx, ada, ch.Slug, bob.ID))
	unseen()
	_, err = c.Channels.Delete(ctx, ada, ch.Slug)
	must(t, err)
	c.purge(ctx)
	var left int
	must(t, c.db.QueryRowContext(ctx, `SELECT count(*) FROM pins`).Scan(&left))
	if left != 0 {
		t.Error(left)
	}
}

// Pins are bounded, and one that goes makes room.
func TestPinsAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	for range MaxPins + 1 {
		mustPost(t, c, ada, "words")
	}
	for seq := range int64(MaxPins) {
		must(t, c.Messages.Pin(ctx, ada, "general-talk", seq+1))
	}
	wantCode(t, c.Messages.Pin(ctx, ada, "general-talk", MaxPins+1), CodeForbidden)
	must(t, c.Messages.Pin(ctx, ada, "general-talk", 7)) // which is pinned
	must(t, c.Messages.Unpin(ctx, ada, "general-talk", 7))
	must(t, c.Messages.Pin(ctx, ada, "general-talk", MaxPins+1))
	p, err := c.Messages.Pins(ctx, ada, "general-talk", 0)
	must(t, err)
	if len(p.Pins) != MaxPins || p.Older != 0 || p.Pins[0].Row.Seq != MaxPins+1 {
		t.Error(len(p.Pins), p.Older, p.Pins[0].Row.Seq)
	}
}

// A page of pins has as many messages as fit, and the next ones follow.
func TestLongPinsTakePages(t *testing.T) {
	html := strings.Repeat("x", 200<<10)
	c := mustOpen(t, Options{RenderRow: func(b []byte, _ Message) []byte { return append(b, html...) }})
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	for seq := range int64(5) {
		mustPost(t, c, ada, "words")
		must(t, c.Messages.Pin(ctx, ada, "general-talk", 2*seq+1))
	}
	var seqs []int64
	pages, before := 0, int64(0)
	for pages < 9 {
		p, err := c.Messages.Pins(ctx, ada, "general-talk", before)
		must(t, err)
		for _, pin := range p.Pins {
			seqs = append(seqs, pin.Row.Seq)
		}
		pages++
		if before = p.Older; before == 0 {
			break
		}
	}
	if got := fmt.Sprint(seqs); pages != 3 || got != "[9 7 5 3 1]" {
		t.Error(pages, got)
	}
}

// A line is no message: nobody replies to it, and nothing quotes or forwards it.
func TestLinesHaveNoThreads(t *testing.T) {
	c := mustOpen(t, Options{})
	ctx := t.Context()
	ada := mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "one")
	must(t, c.Messages.Pin(ctx, ada, "general-talk", 1)) // line 2
	_, _, err := c.Messages.Post(ctx, ada, "general-talk", Draft{Body: "words", Thread: 2})
	wantCode(t, err, CodeNotFound)
	wantCode(t, c.Threads.Follow(ctx, ada, "general-talk", 2), CodeNotFound)
	_, err = c.Messages.Peek(ctx, ada, ThreadAddress("general-talk", 2))
	wantCode(t, err, CodeNotFound)
	_, _, err = c.Messages.Quote(ctx, ada, "general-talk", 2)
	wantCode(t, err, CodeNotFound)
	page := mustListen(t, c, ada, Cursor{Thread: 2}) // as a page that invents it
	page.Close()
	wantCount(t, c, `SELECT count(*) FROM threads`, 0)
}
