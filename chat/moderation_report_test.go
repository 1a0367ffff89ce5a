package chat

import (
	"errors"
	"fmt"
	"testing"
)

func TestReport(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	with, err := c.Channels.CreateDirect(t.Context(), ada, []ID{bob.ID})
	must(t, err)
	file := Attachment{ID: NewID(), Name: "threat.png"}
	_, _, err = c.Messages.Post(t.Context(), bob, with.Slug, Draft{Body: "a threat", Files: []Attachment{file}})
	must(t, err)
	_, _, err = c.Messages.Post(t.Context(), bob, with.Slug, Draft{Body: "a secret"})
	must(t, err)

	for what, refused := range map[string]struct {
		by     Actor
		seq    int64
		reason string
		want   Code
	}{
		"by someone who does not see it": {eve, 1, "x", CodeNotFound},
		"by an admin who does not":       {admin, 1, "x", CodeNotFound},
		"of nothing":                     {ada, 9, "x", CodeNotFound},
		"of one's own":                   {bob, 1, "x", CodeForbidden},
		"without a reason":               {ada, 1, " \n ", CodeInvalid},
		"that is broken":                 {ada, 1, "\xff", CodeInvalid},
	} {
		if err := c.Moderation.Report(t.Context(), refused.by, with.Slug, refused.seq, refused.reason); err == nil ||
			ErrorCode(err) != refused.want {
			t.Errorf("%s: %v", what, err)
		}
	}
	for range 2 {
		must(t, c.Moderation.Report(t.Context(), ada, with.Slug, 1, "he threatens\nme"))
	}
	if _, again, err := c.Moderation.Reportable(t.Context(), ada, with.Slug, 1); err != nil || !again {
		t.Error("it is not known that it was reported:", again, err)
	}
	_, err = c.Messages.Edit(t.Context(), bob, with.Slug, 1, "only a joke")
	must(t, err)

	for _, a := range []Actor{ada, bob} {
		_, err := c.Moderation.Reports(t.Context(), a, ListQuery{}, false)
		wantCode(t, err, CodeNotFound)
		if n, err := c.Moderation.OpenReports(t.Context(), a); n != 0 || err != nil {
			t.Error(n, err)
		}
	}
	list := func(text string, closed bool) List[Report] {
		t.Helper()
		l, err := c.Moderation.Reports(t.Context(), admin, ListQuery{Text: text}, closed)
		must(t, err)
		return l
	}
	open := list("", false)
	if open.Total != 1 || len(open.Rows) != 1 {
		t.Fatalf("%+v", open)
	}
	r := open.Rows[0]
	if r.Seen || r.Channel.Name != "" || r.Channel.Slug != "" || r.Channel.Kind != Direct || r.Seq != 1 || r.Gone {
		t.Errorf("of the conversation: %+v", r)
	}
	if r.Body != "a threat" || len(r.Files) != 1 || r.Files[0] != "threat.png" || r.Author.ID != bob.ID ||
		r.By.ID != ada.ID || r.Reason != "he threatens me" {
		t.Errorf("%+v", r)
	}
	for text, want := range map[string]int{"THREAT": 1, "bob": 1, "ada": 1, "threatens me": 1, "secret": 0, "%": 0} {
		if got := list(text, false).Total; got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	_, err = c.Messages.Get(t.Context(), admin, with.Slug, 1)
	if !errors.Is(err, errNotFound) {
		t.Error("a report opens the conversation:", err)
	}

	_, err = c.Moderation.RemoveReportedMessage(t.Context(), ada, r.ID)
	wantCode(t, err, CodeNotFound)
	files, err := c.Moderation.RemoveReportedMessage(t.Context(), admin, r.ID)
	must(t, err)
	if len(files) != 1 || files[0] != file.ID {
		t.Error("the files that go are", files)
	}
	m, err := c.Messages.Get(t.Context(), ada, with.Slug, 1)
	must(t, err)
	if !m.Deleted() || m.RemovedBy != admin.ID {
		t.Errorf("%+v", m)
	}
	if n, err := c.Moderation.OpenReports(t.Context(), admin); n != 0 || err != nil {
		t.Error(n, err)
	}
	closed := list("", true)
	if closed.Total != 1 || closed.Rows[0].Body != "" || closed.Rows[0].Files != nil ||
		closed.Rows[0].ClosedBy.ID != admin.ID || !closed.Rows[0].Gone {
		t.Errorf("what was reported is kept: %+v", closed.Rows)
	}
	_, err = c.Moderation.RemoveReportedMessage(t.Context(), admin, r.ID) // a closed report allows nothing
	wantCode(t, err, CodeNotFound)
	wantCode(t, c.Moderation.CloseReport(t.Context(), admin, r.ID), CodeNotFound)

	row := mustPost(t, c, bob, "noise")
	must(t, c.Moderation.Report(t.Context(), ada, "general-talk", row.Seq, "noise"))
	must(t, c.Moderation.Report(t.Context(), eve, "general-talk", row.Seq, "noise too"))
	_, _, err = c.Messages.Delete(t.Context(), bob, "general-talk", row.Seq)
	must(t, err)
	if open = list("", false); open.Total != 2 || open.Rows[0].Body != "noise" || !open.Rows[0].Gone ||
		!open.Rows[0].Seen {
		t.Errorf("its author can take back what was reported: %+v", open.Rows)
	}
	wantCode(t, c.Moderation.CloseReport(t.Context(), bob, open.Rows[0].ID), CodeNotFound)
	must(t, c.Moderation.CloseReport(t.Context(), admin, open.Rows[0].ID))
	if list("", false).Total != 0 {
		t.Error("another report of the same message is open")
	}

	row = mustPost(t, c, bob, "noise again")
	for round := range 3 { // closed, it can be reported anew; open, only once
		for range 2 {
			must(t, c.Moderation.Report(t.Context(), ada, "general-talk", row.Seq, fmt.Sprint("noise ", round)))
			if _, again, err := c.Moderation.Reportable(t.Context(), ada, "general-talk", row.Seq); err != nil || !again {
				t.Error("it is not known that it was reported:", again, err)
			}
		}
		if open = list("", false); open.Total != 1 || open.Rows[0].Reason != fmt.Sprint("noise ", round) ||
			open.Rows[0].Body != "noise again" {
			t.Fatalf("round %d: %+v", round, open.Rows)
		}
		must(t, c.Moderation.CloseReport(t.Context(), admin, open.Rows[0].ID))
		if _, again, err := c.Moderation.Reportable(t.Context(), ada, "general-talk", row.Seq); err != nil || again {
			t.Error("it cannot be reported again:", again, err)
		}
	}
	row = mustPost(t, c, bob, "more noise")
	must(t, c.Moderation.Report(t.Context(), ada, "general-talk", row.Seq, "noise"))
	_, _, err = c.Moderation.RemoveMessage(t.Context(), admin, "general-talk", row.Seq, "noise")
	must(t, err)
	if list("", false).Total != 0 {
		t.Error("removing the message leaves its report open")
	}
	var made, shut int
	must(t, c.db.QueryRowContext(t.Context(), `SELECT count(*) FILTER (WHERE action = 'report.created'),
		count(*) FILTER (WHERE action = 'report.closed') FROM audit`).Scan(&made, &shut))
	if made != 7 || shut != 4 {
		t.Errorf("the log has %d reports, %d closed", made, shut)
	}
}

func TestChannelBan(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob, eve := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob"), mustSignIn(t, c, "Eve")
	admin := setRole(t, c, mustSignIn(t, c, "Admin"), RoleAdmin)
	ch := mustChannel(t, c, ada, "Talk of ours", Public)
	must(t, c.Channels.Join(t.Context(), bob, ch.Slug))
	for what, refused := range map[string]struct {
		by   Actor
		name string
		want Code
	}{
		"by a member":         {bob, "Eve", CodeForbidden},
		"of oneself":          {ada, "Ada", CodeInvalid},
		"of an admin":         {ada, "Admin", CodeInvalid},
		"of nobody":           {ada, "Nobody", CodeInvalid},
		"of its owner by one": {bob, "Ada", CodeForbidden},
	} {
		if _, err := c.Moderation.BanFromChannel(t.Context(), refused.by, ch.Slug, NewBan{Name: refused.name}); err == nil ||
			ErrorCode(err) != refused.want {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := c.Moderation.BanFromChannel(t.Context(), ada, "general-talk", NewBan{Name: "Bob"})
	wantCode(t, err, CodeForbidden)
	l := mustListen(t, c, bob, Cursor{Channel: ch.Slug})
	_, err = c.Moderation.BanFromChannel(t.Context(), ada, ch.Slug,
		NewBan{Name: "Bob", Channel: "general-talk", Reason: "noise"})
	must(t, err)
	wantClosed(t, l, CloseNotFound)
	_, err = c.Messages.Peek(t.Context(), bob, ch.Slug)
	wantCode(t, err, CodeNotFound)
	mustView(t, c, bob) // everything else is theirs as before
	_, err = c.Moderation.BanFromChannel(t.Context(), admin, ch.Slug, NewBan{Name: "Eve"})
	must(t, err)
	_, err = c.Channels.Access(t.Context(), eve, ch.Slug)
	wantCode(t, err, CodeNotFound)
	list, err := c.Moderation.ChannelBans(t.Context(), mustAccess(t, c, ada, ch.Slug))
	must(t, err)
	if len(list) != 2 || list[0].User.ID != eve.ID || list[0].MayUnban(ada) || !list[1].MayUnban(ada) ||
		!list[0].MayUnban(admin) {
		t.Fatalf("%+v", list)
	}
	wantCode(t, c.Moderation.UnbanFromChannel(t.Context(), ada, ch.Slug, list[0].ID), CodeForbidden)
	must(t, c.Moderation.UnbanFromChannel(t.Context(), ada, ch.Slug, list[1].ID))
	wantCode(t, c.Moderation.UnbanFromChannel(t.Context(), ada, ch.Slug, list[1].ID), CodeNotFound)
	must(t, c.Channels.Join(t.Context(), bob, ch.Slug))
	must(t, c.Moderation.UnbanFromChannel(t.Context(), admin, ch.Slug, list[0].ID))
	_, err = c.Messages.Peek(t.Context(), eve, ch.Slug)
	must(t, err)
}
