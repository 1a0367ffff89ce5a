package chat

import (
	"strings"
	"sync/atomic"
	"testing"
)

func TestFindEmoji(t *testing.T) {
	c := mustOpen(t, Options{})
	boss := mustOwn(t, c, "Olga")
	for _, name := range []string{"ship-it", "party", "hip"} {
		mustEmoji(t, c, boss, name)
	}
	for query, want := range map[string]string{"hi": "hip ship-it", ":HIP:": "hip ship-it", "": "", "x": "",
		"p": "party hip ship-it"} {
		var names []string
		for _, e := range c.Messages.FindEmoji(query, 9) {
			names = append(names, e.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	if len(c.Messages.FindEmoji("p", 2)) != 2 {
		t.Error("it finds more than asked for")
	}
}

// Another node has what was added and removed, by the bus or by comparing; and reads nothing while nothing has changed.
func TestEmojiOnAnotherNode(t *testing.T) {
	path := tempPath(t)
	there := mustOpen(t, Options{Path: path})
	boss := mustOwn(t, there, "Olga")
	var read atomic.Int64
	here := mustOpen(t, Options{Path: path, Trace: func(query string) {
		if strings.Contains(query, "FROM emoji e") {
			read.Add(1)
		}
	}})
	seq := mustPost(t, there, boss, "hello").Seq
	e := mustEmoji(t, there, boss, "party")
	must(t, here.Messages.EmojiPicture(t.Context(), e.ID)) // before this node knows
	mustReact(t, there, boss, seq, ":party:")
	read.Store(0)
	for range 3 {
		here.hub.reconcile()
	}
	if n := read.Load(); n != 1 {
		t.Errorf("one change is read %d times", n)
	}
	if got, ok := here.Messages.CustomEmojiNamed(":party:"); !ok || got.ID != e.ID {
		t.Error("the other node does not know it")
	}
	row := mustView(t, here, boss).Rows[0]
	if len(row.Named) == 0 || row.Named[0] != customReaction {
		t.Errorf("the row would not be made anew: %v", row.Named)
	}
	rendered := here.Stats().RowsRendered
	mustNoEmoji(t, there, boss, e.ID)
	here.hub.reconcile()
	if _, ok := here.Messages.CustomEmojiNamed(":party:"); ok {
		t.Error("the other node still has it")
	}
	mustView(t, here, boss)
	if here.Stats().RowsRendered == rendered {
		t.Error("the row shows the removed emoji still")
	}
}
