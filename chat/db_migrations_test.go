package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"
)

// A database of the version without accounts keeps all its data.
func TestMigrationFromFirst(t *testing.T) {
	c := mustOpenMigrated(t, "schema1.sql", 1795385547035)
	ada, bob := mustActor(t, c, "Ada Lovelace"), mustActor(t, c, "Robert")
	eve, reader := mustActor(t, c, "Ève ﬁ"), mustActor(t, c, "Reader")
	if ada.Role != RoleMember || c.Epoch() != "I44Y2XTPVNQYLXJPWYNZ6QGA2Q" || c.Users.ProfileRev() != 1 ||
		c.Admin.Workspace() != defaultWorkspace {
		t.Error(ada.Role, c.Epoch(), c.Users.ProfileRev(), c.Admin.Workspace())
	}
	for seq, want := range map[int64]string{
		1: "[general-talk 1.1 Ada Lovelace: hello\nworld &lt;b&gt;&#39;quoted&#39;&lt;/b&gt;; -- -- \\ &#34;]",
		2: "[general-talk 2.2 Ada Lovelace: continued +]",
		3: "[general-talk 3.5 Robert: answer, edited twice]", 4: "[general-talk 4.7 Ève ﬁ:  gone]",
		5: "[general-talk 5.8 Ada Lovelace: with files]",
		6: "[general-talk 6.10 Ève ﬁ:  gone]", 7: "[general-talk 7.11 Robert: after the files]",
	} {
		if row, err := c.Messages.Row(t.Context(), eve, "general-talk", seq); err != nil || string(row.HTML) != want {
			t.Errorf("%s, want %s (%v)", row.HTML, want, err)
		}
	}
	m, err := c.Messages.Get(t.Context(), eve, "general-talk", 5)
	if err != nil || len(m.Attachments) != 2 || m.Attachments[0].Name != "notes.txt" || !m.Attachments[1].Thumb ||
		m.RemovedBy != 0 {
		t.Error(m, err)
	}
	if kept, err := c.Messages.PendingFiles(t.Context(), eve, "general-talk", []ID{118111377812744577}); err != nil ||
		len(kept) != 1 || kept[0].Name != "waits.txt" {
		t.Error(kept, err)
	}
	for who, want := range map[*Actor]string{
		// two of seven are deleted
		&ada: "general-talk 0, side-room 0", &bob: "general-talk 0, side-room 1", &eve: "general-talk 1, side-room 61",
		&reader: "general-talk 5, side-room 0",
	} {
		list, err := sidebarList(t.Context(), c, *who)
		if err != nil || len(list) != 4 {
			t.Fatal(list, err)
		}
		var got []string
		for _, l := range list {
			if l.LastSeq > 0 {
				got = append(got, fmt.Sprint(l.Slug, " ", l.Unread()))
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s has %s, want %s", who.Name, got, want)
		}
	}
	// the authors
	if in, err := c.Channels.Members(t.Context(), mustAccess(t, c, ada, "side-room"), ListQuery{}); err != nil ||
		len(in.Rows) != 2 || in.Total != 2 {
		t.Error(in, err)
	}
	row, _, err := c.Messages.Post(t.Context(), bob, "general-talk", Draft{Body: "still here"})
	if err != nil || row.Seq != 8 || row.Rev != 12 {
		t.Error(row, err)
	}
	if ch, err := c.Channels.Last(t.Context(), ada); err != nil || ch.Slug != "side-room" {
		t.Error(ch.Slug, err)
	}
	wantCode(t, c.Accounts.SetPassword(t.Context(), mustActor(t, c, "gone"), "", "short"), CodeInvalid)
	must(t, c.Channels.MarkUnread(t.Context(), ada, "general-talk", 3))
	if n := unreadOf(t, c, ada, "general-talk"); n != 4 {
		t.Errorf("%d are unread from the third of eight on, want the 4 that are not deleted", n)
	}
}

// What users and permissions were there stays valid.
func TestMigrationFromPeople(t *testing.T) {
	c := mustOpenMigrated(t, "schema2.sql", 1795385893436, "audit.action")
	ctx := t.Context()
	owner, bob, eve := mustActor(t, c, "Owner"), mustActor(t, c, "Bob"), mustActor(t, c, "Eve")
	if owner.Role != RoleOwner || mustActor(t, c, "Admin").Role != RoleAdmin ||
		c.Admin.Workspace() != (Workspace{Name: "The Works", JoinPolicy: JoinByInvitation}) {
		t.Error(owner.Role, c.Admin.Workspace())
	}
	const private = "secret-room-in2pyyomyc3d7syiyvq3rg26bu"
	if p, err := c.Messages.Peek(ctx, bob, private); err != nil || len(p.Rows) != 2 {
		t.Error(p, err)
	}
	for _, a := range []Actor{eve, owner} {
		_, err := c.Messages.Peek(ctx, a, private)
		wantCode(t, err, CodeNotFound)
	}
	if now, err := c.Channels.ResolveSlug(ctx, bob, "old-name"); err != nil || now != "new-name" {
		t.Error(now, err)
	}
	if ch, err := c.Channels.Get(ctx, bob, "new-name"); err != nil || ch.Topic != "A topic" ||
		ch.Description != "Two\nlines" || !ch.Announce {
		t.Error(ch, err)
	}
	if _, _, err := c.Messages.Post(ctx, bob, "archive", Draft{Body: "no"}); ErrorCode(err) != CodeForbidden {
		t.Error(err)
	}
	if got := slugs(t, c, eve); got != "general-talk" { // she left one, hid another, and was removed
		t.Error(got)
	}
	if acc := mustAccess(t, c, eve, "general-talk"); !acc.Membership.Favourite || !acc.Membership.Muted ||
		acc.Membership.Notify != NotifyMentions || acc.CanManage() {
		t.Errorf("%+v", acc)
	}
	if m, err := c.Messages.Get(ctx, bob, "general-talk", 1); err != nil || !m.Deleted() || m.RemovedBy == 0 {
		t.Error(m, err)
	}
	if p, err := c.Users.Profile(ctx, eve, bob.ID); err != nil || p.Handle != "bobby" || p.Title != "Cook" ||
		p.Status.Text != "away" || p.TimeZone != "Europe/Vienna" {
		t.Error(p, err)
	}
	if list, err := c.Moderation.Bans(ctx, owner, ListQuery{}); err != nil || list.Total != 2 ||
		list.Rows[1].Reason != "spam" {
		t.Error(list, err)
	}
	if list, err := c.Moderation.Blocked(ctx, eve); err != nil || len(list) != 1 || list[0].Name != "Guest" {
		t.Error(list, err)
	}
	if list, more, err := c.Admin.Audit(ctx, owner, AuditFilter{}, 0); err != nil || len(list) != 20 || more ||
		list[19].Action != "workspace.claimed" {
		t.Error(len(list), more, err)
	}
	actions, err := c.Admin.AuditActions(ctx, owner)
	if want := []string{"ban.created", "ban.lifted", "channel.changed", "channel.deleted", "channel.member_removed",
		"device_link.created", "invitation.created", "invitation.revoked", "invitation.used", "message.removed",
		"password.set", "role.changed", "two_factor.enabled", "user.deactivated", "workspace.changed",
		"workspace.claimed"}; err != nil || !slices.Equal(actions, want) {
		t.Errorf("the log has %q (%v), want %q", actions, err, want)
	}
	if list, err := c.Accounts.Passkeys(ctx, owner); err != nil || len(list) != 1 ||
		list[0].Name != "key of the cupboard" {
		t.Error(list, err)
	}
	if inv, err := c.Accounts.Invitation(ctx, "UQFJ5LWHQMBFCKG4BRODBNSESQ"); err != nil || inv.Uses != 1 ||
		inv.MaxUses != 3 {
		t.Error(inv, err)
	}
	if a, err := c.Accounts.UseDeviceLink(ctx, "NT5JYQXQNOESHRMDQSWZEZZQV2"); err != nil || a.ID != eve.ID {
		t.Error(a, err)
	}
	if a, err := c.Accounts.SignInWithPassword(ctx, "guest", "another password"); ErrorCode(err) != CodeInvalid {
		t.Error(a, err)
	}
	if a, err := c.Accounts.SignInWithPassword(ctx, "guest", goodPassword); err != nil || a.Name != "Guest" {
		t.Error(a, err)
	}
	for _, step := range []func() (string, error){
		func() (string, error) { return totp.GenerateCode("DAFMBEMLS7FB5WCJN4A22R27WIMXL3IB", c.now()) },
		func() (string, error) { return "qe7mu-7hzyz-h2mtg-yn6kf-xyc5z-x", nil },
	} {
		code, err := step()
		if err != nil {
			t.Fatal(err)
		}
		if a, err := c.Accounts.FinishSignIn(ctx, mustEnterPassword(t, c, "Bob"), code); err != nil || a.ID != bob.ID {
			t.Error(a, err)
		}
	}
}
