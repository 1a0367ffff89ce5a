package chat

import (
	"fmt"
	"testing"
)

// mustSend posts a file of that size in bytes.
func mustSend(t testing.TB, c *Chat, a Actor, slug string, size int64) {
	t.Helper()
	if _, _, err := c.Messages.Post(t.Context(), a, slug,
		Draft{Files: []Attachment{{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: size}}}); err != nil {
		t.Fatal(err)
	}
}

// Admins see what takes up storage, and only one total of the channels that they do not see.
func TestUsage(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, cid := mustOwn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Cid")
	mine, theirs := mustChannel(t, c, ada, "Ours", Private), mustChannel(t, c, bob, "Hidden treasure", Private)
	direct, err := c.Channels.CreateDirect(t.Context(), bob, []ID{cid.ID})
	if err != nil {
		t.Fatal(err)
	}
	mustSend(t, c, bob, "general-talk", 100)
	mustSend(t, c, bob, "general-talk", 10)
	mustSend(t, c, ada, mine.Slug, 1000)
	mustSend(t, c, bob, theirs.Slug, 5)
	mustSend(t, c, cid, direct.Slug, 7)

	for _, size := range []int64{900, 3} { // the second replaces the first
		_, err = c.Users.SetAvatar(t.Context(), bob, NewID(), size)
		must(t, err)
	}
	eve := mustSignIn(t, c, "Eve") // has sent nothing else
	_, err = c.Users.SetAvatar(t.Context(), eve, NewID(), 4)
	must(t, err)
	u, err := c.Admin.Usage(t.Context(), ada)
	if err != nil || u.Messages != 5 || u.Files != (FileUsage{7, 1129}) || u.Pictures != (FileUsage{2, 7}) ||
		u.Hidden != (FileUsage{2, 12}) || u.Database < 4096 {
		t.Errorf("%+v, %v", u, err)
	}
	channels := func(a Actor, text string) string {
		t.Helper()
		found, err := c.Admin.UsageByChannel(t.Context(), a, ListQuery{Text: text})
		if err != nil || found.Total != len(found.Rows) {
			t.Fatal(found, err)
		}
		line := ""
		for _, row := range found.Rows {
			line += fmt.Sprintf("%s %d %d, ", row.Name, row.Files, row.Bytes)
		}
		return line
	}
	for text, want := range map[string]string{"": "Ours 1 1000, General Talk 2 110, ", "OUR": "Ours 1 1000, ",
		"hidden": "", "%": ""} {
		if got := channels(ada, text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	people, err := c.Admin.UsageByUser(t.Context(), ada, ListQuery{})
	if err != nil || people.Total != 4 || people.Rows[0].Name != "Ada" ||
		people.Rows[1].FileUsage != (FileUsage{4, 118}) || people.Rows[2].Name != "Cid" ||
		people.Rows[3].Name != "Eve" || people.Rows[3].FileUsage != (FileUsage{1, 4}) {
		t.Errorf("%+v, %v", people, err)
	}
	if past, err := c.Admin.UsageByUser(t.Context(), ada, ListQuery{Page: 1}); err != nil || past.Total != 4 ||
		len(past.Rows) > 0 {
		t.Errorf("past the end: %+v, %v", past, err)
	}
	_, err = c.Users.RemoveAvatar(t.Context(), eve)
	must(t, err)
	if u, err := c.Admin.Usage(t.Context(), ada); err != nil || u.Pictures != (FileUsage{1, 3}) {
		t.Errorf("a picture that is gone counts: %+v, %v", u.Pictures, err)
	}
	if found, err := c.Admin.UsageByUser(t.Context(), ada, ListQuery{Text: "bO"}); err != nil || found.Total != 1 ||
		found.Rows[0].Name != "Bob" {
		t.Errorf("%+v, %v", found, err)
	}
	for _, verb := range []func() error{
		func() error { _, err := c.Admin.Usage(t.Context(), bob); return err },
		func() error { _, err := c.Admin.UsageByChannel(t.Context(), bob, ListQuery{}); return err },
		func() error { _, err := c.Admin.UsageByUser(t.Context(), bob, ListQuery{}); return err },
		func() error { _, _, err := c.Admin.ListChannels(t.Context(), bob, ListQuery{}); return err },
		func() error { _, err := c.Admin.ListSessions(t.Context(), bob, ListQuery{}); return err },
		func() error { return c.Admin.EndSessionOf(t.Context(), bob, cid.Session) },
		func() error { return c.Admin.EndSessionsOf(t.Context(), bob, cid.ID) },
	} {
		wantCode(t, verb(), CodeNotFound)
	}
}

func TestChannelTable(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustOwn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	mustChannel(t, c, ada, "Ours", Private)
	theirs := mustChannel(t, c, bob, "Hidden treasure", Private)
	old := mustChannel(t, c, bob, "Old plans", Public)
	if _, err := c.Channels.Archive(t.Context(), bob, old.Slug); err != nil {
		t.Fatal(err)
	}
	mustSend(t, c, bob, theirs.Slug, 5)
	mustSend(t, c, bob, "general-talk", 8)
	for text, want := range map[string]string{
		"": "General Talk, Old plans, Ours, ", "our": "Ours, ", "private": "Ours, ", "public": "General Talk, Old plans, ",
		"archived": "Old plans, ", "treasure": "", "direct": "",
	} {
		found, hidden, err := c.Admin.ListChannels(t.Context(), ada, ListQuery{Text: text})
		if err != nil || hidden != (HiddenTotals{1, 1}) || found.Total != len(found.Rows) {
			t.Fatalf("%+v, %+v, %v", found, hidden, err)
		}
		line := ""
		for _, row := range found.Rows {
			line += row.Name + ", "
		}
		if line != want {
			t.Errorf("%q: %s, want %s", text, line, want)
		}
	}
	found, _, err := c.Admin.ListChannels(t.Context(), ada, ListQuery{})
	if err != nil || !found.Rows[0].General || found.Rows[0].Members != 2 ||
		found.Rows[0].FileUsage != (FileUsage{1, 8}) || !found.Rows[1].Archived() || found.Rows[1].General {
		t.Errorf("%+v, %v", found, err)
	}
	for i := range PageSize {
		mustChannel(t, c, ada, fmt.Sprintf("Room %02d", i), Public)
	}
	found, _, err = c.Admin.ListChannels(t.Context(), ada, ListQuery{Page: 1})
	if err != nil || found.Total != PageSize+3 || len(found.Rows) != 3 || found.Pages() != 2 ||
		found.Rows[2].Name != "Room 49" {
		t.Errorf("%+v, %v", found, err)
	}
	if found, _, err = c.Admin.ListChannels(t.Context(), ada, ListQuery{Page: 1 << 40}); err != nil ||
		len(found.Rows) != 0 || found.Total != PageSize+3 {
		t.Errorf("%+v, %v", found, err)
	}
}
