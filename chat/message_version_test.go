package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func mustVersions(t *testing.T, c *Chat, a Actor, slug string, seq, before int64) VersionPage {
	t.Helper()
	p, err := c.Messages.Versions(t.Context(), a, slug, seq, before)
	must(t, err)
	return p
}

func countVersions(t *testing.T, c *Chat) (n int) {
	t.Helper()
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FROM message_versions`).Scan(&n))
	return n
}

// Every edit keeps what was said before it, as it was shown, newest first; an edit that changes nothing keeps nothing.
func TestVersions(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	row := mustPost(t, c, ada, "first **bold** @Bob")
	if p := mustVersions(t, c, bob, "general-talk", row.Seq, 0); len(p.Versions) != 0 || p.Message.Edited() {
		t.Errorf("before any edit: %+v", p)
	}
	posted, err := c.Messages.Get(t.Context(), ada, "general-talk", row.Seq)
	must(t, err)
	for _, body := range []string{"second", "second", "- third", "fourth"} {
		_, err := c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, body)
		must(t, err)
	}
	p := mustVersions(t, c, bob, "general-talk", row.Seq, 0)
	var said []string
	for _, v := range p.Versions {
		said = append(said, v.Body)
	}
	if !slices.Equal(said, []string{"- third", "second", "first **bold** @Bob"}) || p.Message.Body != "fourth" ||
		p.Older != 0 {
		t.Fatalf("%q", said)
	}
	first := p.Versions[2]
	if first.Formatted != posted.Formatted || !strings.Contains(first.HTML, "/u/"+bob.ID.String()) ||
		!first.WrittenAt.Equal(posted.CreatedAt) || !p.Versions[0].Blocks || p.Versions[0].WrittenAt.Before(first.WrittenAt) {
		t.Errorf("%+v", p.Versions)
	}
}

// Of a message that is edited all day, the newest versions are kept, and read a page at a time.
func TestVersionsAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	row := mustPost(t, c, ada, "0")
	other := mustPost(t, c, ada, "other")
	_, err := c.Messages.Edit(t.Context(), ada, "general-talk", other.Seq, "other words")
	must(t, err)
	const edits = MaxVersions + 3
	for i := range edits {
		_, err := c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, fmt.Sprint(i+1))
		must(t, err)
	}
	want, before := edits-1, int64(0)
	for pages := 1; ; pages++ {
		p := mustVersions(t, c, ada, "general-talk", row.Seq, before)
		for _, v := range p.Versions {
			if v.Body != fmt.Sprint(want) {
				t.Fatalf("page %d has %q, want %d", pages, v.Body, want)
			}
			want--
		}
		if before = p.Older; before == 0 {
			break
		}
	}
	if want != edits-1-MaxVersions {
		t.Errorf("the oldest is %d", want+1)
	}
	if n := countVersions(t, c); n != MaxVersions+1 {
		t.Errorf("%d are kept, with the other message's", n)
	}
}

// What deletes a message deletes what it said before.
func TestVersionsGoWithTheirMessage(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	ch := mustChannel(t, c, ada, "Talk of ours", Private)
	_, err := c.Channels.AddMember(t.Context(), ada, ch.Slug, "Bob")
	must(t, err)
	edited := func(slug string) int64 {
		t.Helper()
		row, _, err := c.Messages.Post(t.Context(), ada, slug, Draft{Body: "first"})
		must(t, err)
		_, err = c.Messages.Edit(t.Context(), ada, slug, row.Seq, "second")
		must(t, err)
		return row.Seq
	}
	gone := map[string]func(seq int64) error{
		"deleted": func(seq int64) error {
			_, _, err := c.Messages.Delete(t.Context(), ada, "general-talk", seq)
			return err
		},
		"removed": func(seq int64) error {
			_, _, err := c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", seq, "")
			return err
		},
		"removed after a report": func(seq int64) error {
			must(t, c.Moderation.Report(t.Context(), bob, "general-talk", seq, "noise"))
			list, err := c.Moderation.Reports(t.Context(), admin, ListQuery{}, false)
			must(t, err)
			_, err = c.Moderation.RemoveReportedMessage(t.Context(), admin, list.Rows[0].ID)
			return err
		},
	}
	for how, remove := range gone {
		seq := edited("general-talk")
		if n := countVersions(t, c); n != 1 {
			t.Fatalf("%d versions before it is %s", n, how)
		}
		must(t, remove(seq))
		if n := countVersions(t, c); n != 0 {
			t.Errorf("%s, it leaves %d", how, n)
		}
		_, err := c.Messages.Versions(t.Context(), ada, "general-talk", seq, 0)
		wantCode(t, err, CodeNotFound)
	}
	seq := edited(ch.Slug)
	_, err = c.Messages.Versions(t.Context(), admin, ch.Slug, seq, 0)
	wantCode(t, err, CodeNotFound) // it is not theirs to see
	mustVersions(t, c, bob, ch.Slug, seq, 0)
	_, err = c.Channels.Delete(t.Context(), ada, ch.Slug)
	must(t, err)
	for more := true; more; {
		more, err = updateValue(t.Context(), c.writer, purgeSome, nil)
		must(t, err)
	}
	if n := countVersions(t, c); n != 0 {
		t.Errorf("a deleted channel leaves %d", n)
	}
}

// The workspace can hide earlier versions. Then none are kept, so that what was changed under that rule is never read.
func TestVersionsCanBeHidden(t *testing.T) {
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path})
	ada, err := c.Accounts.ClaimWorkspace(t.Context(), Actor{}, mustSetupLink(t, c), openPlace, "Ada", goodPassword)
	must(t, err)
	row := mustPost(t, c, ada, "one")
	edit := func(body string) {
		t.Helper()
		_, err := c.Messages.Edit(t.Context(), ada, "general-talk", row.Seq, body)
		must(t, err)
	}
	edit("two")
	hidden := openPlace
	hidden.HideVersions = true
	must(t, c.Admin.UpdateWorkspace(t.Context(), ada, hidden))
	_, err = c.Messages.Versions(t.Context(), ada, "general-talk", row.Seq, 0)
	wantCode(t, err, CodeNotFound)
	edit("three") // "two" is not kept
	must(t, c.Close())

	c = mustOpen(t, Options{Path: path})
	if c.Admin.Workspace() != hidden {
		t.Error(c.Admin.Workspace())
	}
	must(t, c.Admin.UpdateWorkspace(t.Context(), ada, openPlace))
	edit("four")
	p := mustVersions(t, c, ada, "general-talk", row.Seq, 0)
	if len(p.Versions) != 2 || p.Versions[0].Body != "three" || p.Versions[1].Body != "one" {
		t.Errorf("%+v", p.Versions)
	}
	for i, want := range []string{"everyone", "nobody"} {
		if log := mustLog(t, c, ada, AuditFilter{Action: "workspace.changed"}); len(log) != 2 ||
			!strings.HasSuffix(log[i].Detail, "earlier versions for "+want) {
			t.Error(log)
		}
	}
}
