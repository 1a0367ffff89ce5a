package chat

import (
	"strings"
	"testing"
)

// A database of the version before threads keeps all its data, and what came with them works in it.
func TestMigrationFromBeforeThreads(t *testing.T) {
	c := mustOpenMigrated(t, "schema3.sql", 1796062407925)
	ctx := t.Context()
	ada, bob, eva := mustActor(t, c, "Ada"), mustActor(t, c, "Bob"), mustActor(t, c, "Eva")
	const private, direct = "secret-tz6tkeiacgybxdxteal3qxys5v", "d-f6w2e3uokkpnrca5wrkj4cu5h6"
	for seq, want := range map[int64][]string{
		1: {"Ada: the **first** message", "👍2,", "🎉1,"}, 2: {"Bob: an answer to @Ada in #general-talk", "👀1,"},
		3: {"Bob: said thrice, edited again"}, 4: {" gone]"}, 5: {"a link https://preview.example/page {"},
		27: {"Bob: for @Eva"},
	} {
		row := rowAt(t, c, eva, "general-talk", seq)
		for _, want := range want {
			if !strings.Contains(row, want) {
				t.Errorf("message %d is %s, want %q", seq, row, want)
			}
		}
	}
	if v, err := c.Messages.Versions(ctx, bob, "general-talk", 3, 0); err != nil || len(v.Versions) != 2 ||
		v.Versions[0].Body != "said *twice*, edited" {
		t.Errorf("%+v, %v", v.Versions, err)
	}
	for slug, seen := range map[string]Actor{private: bob, direct: ada} {
		if p, err := c.Messages.Peek(ctx, seen, slug); err != nil || len(p.Rows) < 2 {
			t.Error(slug, len(p.Rows), err)
		}
		_, err := c.Messages.Peek(ctx, eva, slug)
		wantCode(t, err, CodeNotFound)
	}
	wantCount(t, c, `SELECT count(*) FROM messages WHERE replies <> '' OR thread_id <> 0 OR broadcast_seq <> 0
		OR pins <> 0`, 0)
	wantCount(t, c, `SELECT count(*) FROM channels WHERE pins <> 0`, 0)

	reply := func(a Actor, slug string, root int64, body string, broadcast bool) {
		t.Helper()
		_, _, err := c.Messages.Post(ctx, a, slug, Draft{Body: body, Thread: root, Broadcast: broadcast})
		must(t, err)
	}
	reply(bob, "general-talk", 1, "a reply @Eva", false)
	reply(ada, "general-talk", 1, "for all", true)
	reply(ada, private, 1, "a secret reply", false)
	reply(bob, direct, 1, "between us", false)
	wantThreads(t, c, eva, "1:2") // she had reacted, and is mentioned
	wantThreads(t, c, ada, "1:1")
	mustShow(t, c)
	if got := rowAt(t, c, eva, "general-talk", 1); !strings.Contains(got, "<2 Ada Bob>") || !strings.Contains(got, "👍2,") {
		t.Error("the root is", got)
	}
	if got := rowAt(t, c, eva, "general-talk", 28); !strings.Contains(got, "Ada: for all") {
		t.Error("in the channel stands", got)
	}
	_, err := c.Messages.Peek(ctx, eva, ThreadAddress(private, 1))
	wantCode(t, err, CodeNotFound)
	_, _, err = c.Messages.Post(ctx, ada, "old-place", Draft{Body: "no", Thread: 1})
	wantCode(t, err, CodeForbidden)

	must(t, c.Messages.Save(ctx, bob, private, 2, false))
	must(t, c.Messages.Save(ctx, bob, "general-talk", 5, false))
	if got := savedText(t, c, bob, false); !strings.Contains(got, "a link") || !strings.Contains(got, "Bob: kept") {
		t.Error("saved is", got)
	}
	must(t, c.Messages.Pin(ctx, ada, "general-talk", 3))
	if got := pinsOf(t, c, eva, "general-talk"); !strings.Contains(got, "Ada [general-talk 3.") {
		t.Error("pinned is", got)
	}
	mustSave(t, c, bob, "general-talk", "a draft", "")
	mustSave(t, c, bob, ThreadAddress("general-talk", 2), "of a thread", "")
	if got := draftPlaces(t, c, bob); !strings.Contains(got, "[general-talk: a draft]") ||
		!strings.Contains(got, "[general-talk/2: of a thread]") {
		t.Error("the drafts are", got)
	}
	must(t, c.Channels.MarkUnread(ctx, bob, "general-talk", 25))
}
