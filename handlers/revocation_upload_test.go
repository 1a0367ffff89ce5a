package handlers

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
)

// An upload can take as long as its sender likes: a user who has lost access by its end has posted nothing.
func TestRevocationOutlastsUploads(t *testing.T) {
	c := openFixtures(t)
	ctx := t.Context()
	boss, ruler := c.clients[channelOwner].actor(), c.clients[admin].actor()
	for what, revoke := range map[string]struct {
		do   func(p *testClient, a chat.Actor, slug string) error
		code int // of the answer
	}{
		"signed out": {func(p *testClient, _ chat.Actor, _ string) error {
			p.post("/signout", nil).want(303)
			return nil
		}, 401},
		"session ended": {func(_ *testClient, a chat.Actor,
			_ string) error {
			return c.Chat.Accounts.EndSession(ctx, a, a.Session)
		}, 401},
		"deactivated": {func(_ *testClient, a chat.Actor, _ string) error {
			return c.Chat.Admin.Deactivate(ctx, ruler, a.ID)
		},
			401},
		"removed": {func(_ *testClient, a chat.Actor, slug string) error {
			return c.Chat.Channels.RemoveMember(ctx, boss, slug, a.ID)
		}, 404},
		"archived": {func(_ *testClient, _ chat.Actor, slug string) error {
			_, err := c.Chat.Channels.Archive(ctx, boss, slug)
			return err
		}, 403},
		"nothing": {func(*testClient, chat.Actor, string) error { return nil }, 303},
	} {
		t.Run(what, func(t *testing.T) {
			p := c.signedIn(c.newName()).in(t)
			a := p.actor()
			ch, err := c.Chat.Channels.Create(ctx, boss, c.newName(), chat.Private)
			if err == nil {
				_, err = c.Chat.Channels.AddMember(ctx, boss, ch.Slug, a.Name)
			}
			if err != nil {
				t.Fatal(err)
			}
			stored := c.stored()
			body, kind := multipartForm(t, part{"client_id", "", what}, part{"body", "", "said too late"},
				part{"file", "done.txt", "complete"}, part{"file", "slow.txt", strings.Repeat("slow ", 20_000)})
			conn, err := net.Dial("tcp", strings.TrimPrefix(c.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			half := len(body) - 20_000
			_, _ = fmt.Fprintf(conn,
				"POST /c/%s/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: %s\r\nContent-Type: "+
					"%s\r\nContent-Length: %d\r\n\r\n%s",
				ch.Slug, cookies(p), kind, len(body), body[:half])
			eventually(t, "the upload begins", func() bool { return c.stored() >= stored+2 })
			if err := revoke.do(p, a, ch.Slug); err != nil {
				t.Fatal(err)
			}
			_, _ = conn.Write(body[half:])
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			answer, _ := io.ReadAll(conn)
			if !bytes.HasPrefix(answer, fmt.Appendf(nil, "HTTP/1.1 %d", revoke.code)) {
				t.Errorf("answered %.100q, want %d", answer, revoke.code)
			}
			got, err := c.Chat.Messages.After(ctx, boss, ch.Slug, 0)
			if err != nil {
				t.Fatal(err)
			}
			if said := len(got.Rows); said > 0 != (revoke.code == 303) {
				t.Errorf("%d messages are there", said)
			}
			if n := c.stored() - stored; n > 0 && (revoke.code == 401 || revoke.code == 404) {
				t.Error(n, "files stay")
			}
		})
	}
}
