package chat

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func mustSave(t testing.TB, c *Chat, a Actor, slug, body, clientID string) {
	t.Helper()
	must(t, c.Drafts.Save(t.Context(), a, slug, body, clientID))
}

// draftTexts returns the actor's drafts as "slug: text", newest first.
func draftTexts(t testing.TB, c *Chat, a Actor) string {
	t.Helper()
	list, err := c.Drafts.List(t.Context(), a)
	must(t, err)
	texts := make([]string, len(list))
	for i, d := range list {
		texts[i] = d.Channel.Slug + ": " + d.Body
	}
	n, err := c.Drafts.Count(t.Context(), a)
	if must(t, err); n != len(list) {
		t.Errorf("%d drafts are counted, and %d listed", n, len(list))
	}
	return strings.Join(texts, ", ")
}

func wantDrafts(t testing.TB, c *Chat, a Actor, want string) {
	t.Helper()
	if got := draftTexts(t, c, a); got != want {
		t.Errorf("drafts %q, want %q", got, want)
	}
}

func TestDrafts(t *testing.T) {
	now := newClock()
	path := tempPath(t)
	c := mustOpen(t, Options{Path: path, Now: now.now})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	other, err := c.Channels.Create(t.Context(), ada, "Other", Public)
	must(t, err)
	wantDrafts(t, c, ada, "")
	mustSave(t, c, ada, "general-talk", "hel", "one")
	now.advance(time.Second)
	mustSave(t, c, ada, other.Slug, " two\r\nlines ", "")
	wantDrafts(t, c, ada, "other:  two\nlines , general-talk: hel")
	now.advance(time.Second)
	mustSave(t, c, ada, "general-talk", "hello", "one")
	wantDrafts(t, c, ada, "general-talk: hello, other:  two\nlines ")
	d, err := c.Drafts.Draft(t.Context(), ada, c.general(t).ID)
	if err != nil || d.Body != "hello" || d.ClientID != "one" || !d.UpdatedAt.Equal(now.now()) {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := c.Drafts.Draft(t.Context(), ada, other.ID); err != nil || d.ClientID == "" {
		t.Errorf("a draft of a bare form: %+v, %v", d, err)
	}
	wantDrafts(t, c, bob, "")
	if d, err := c.Drafts.Draft(t.Context(), bob, c.general(t).ID); err != nil || d.ClientID != "" {
		t.Errorf("another user's draft: %+v, %v", d, err)
	}
	must(t, c.Close())
	c = mustOpen(t, Options{Path: path, Now: now.now})
	mustSave(t, c, ada, other.Slug, " \n", "")
	wantDrafts(t, c, ada, "general-talk: hello")
	for name, save := range map[string][2]string{
		"too long": {strings.Repeat("é", MaxBodyLen+1), ""}, "NUL": {"a\x00", ""}, "invalid UTF-8": {"a\xff", ""},
		"long client_id": {"a", strings.Repeat("k", MaxClientIDLen+1)}, "NUL client_id": {"a", "\x00"},
	} {
		t.Run(name, func(t *testing.T) {
			wantCode(t, c.Drafts.Save(t.Context(), ada, "general-talk", save[0], save[1]), CodeInvalid)
		})
	}
	wantDrafts(t, c, ada, "general-talk: hello")
}

// What a post does to the draft of its channel.
func TestPostDeletesItsDraft(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	other, err := c.Channels.Create(t.Context(), ada, "Other", Public)
	must(t, err)
	for name, p := range map[string]struct {
		sent  Draft
		by    Actor
		slug  string
		stays bool
	}{
		"of the form that saved it":           {sent: Draft{Body: "hello, all", ClientID: "saved"}},
		"of a form that was filled with it":   {sent: Draft{Body: "hello, all", ClientID: "next", Saved: "saved"}},
		"of the same text":                    {sent: Draft{Body: "hello"}},
		"of something else, typed elsewhere":  {sent: Draft{Body: "yes", ClientID: "phone"}, stays: true},
		"of a form filled with an older one":  {sent: Draft{Body: "yes", Saved: "older"}, stays: true},
		"of another user":                     {sent: Draft{Body: "hello", Saved: "saved"}, by: bob, stays: true},
		"of the same text in another channel": {sent: Draft{Body: "hello"}, slug: other.Slug, stays: true},
		"that is refused":                     {sent: Draft{Body: "\x00", Saved: "saved"}, stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			by, slug := ada, "general-talk"
			if p.by.ID != 0 {
				by = p.by
			}
			if p.slug != "" {
				slug = p.slug
			}
			for _, id := range []*string{&p.sent.ClientID, &p.sent.Saved} { // each is posted once
				if *id != "" {
					*id += name
				}
			}
			mustSave(t, c, ada, "general-talk", "hello", "saved"+name)
			_, _, err := c.Messages.Post(t.Context(), by, slug, p.sent)
			if refused := p.sent.Body == "\x00"; refused != (err != nil) {
				t.Fatal(err)
			}
			if got := draftTexts(t, c, ada); (got != "") != p.stays {
				t.Errorf("afterwards the drafts are %q", got)
			}
		})
	}
}

// The last save of a page may arrive after its post, and must not bring the draft back.
func TestLateSaveOfAPostedForm(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	_, _, err := c.Messages.Post(t.Context(), ada, "general-talk", Draft{Body: "hello", ClientID: "one"})
	must(t, err)
	mustSave(t, c, ada, "general-talk", "hell", "one")
	wantDrafts(t, c, ada, "")
	mustSave(t, c, ada, "general-talk", "and", "two")
	mustSave(t, c, ada, "general-talk", "hell", "one")
	wantDrafts(t, c, ada, "general-talk: and")
}

// Many posts in one transaction delete the drafts that they were, and no others.
func TestPostsTogetherDeleteTheirDrafts(t *testing.T) {
	c := mustOpen(t, Options{})
	people := make([]Actor, 40)
	for i := range people {
		people[i] = mustSignIn(t, c, fmt.Sprint("Person ", i))
		mustSave(t, c, people[i], "general-talk", fmt.Sprint("draft ", i), "form")
	}
	errs := make(chan error)
	for i, a := range people {
		go func() {
			d := Draft{Body: fmt.Sprint("message ", i), ClientID: "form"}
			if i%2 == 1 {
				d.ClientID = "another form"
			}
			_, _, err := c.Messages.Post(t.Context(), a, "general-talk", d)
			errs <- err
		}()
	}
	for range people {
		must(t, <-errs)
	}
	for i, a := range people {
		want := ""
		if i%2 == 1 {
			want = fmt.Sprint("general-talk: draft ", i)
		}
		wantDrafts(t, c, a, want)
	}
}

// A command sends no message: what it was written as is discarded all the same.
func TestDiscardDraft(t *testing.T) {
	c := mustOpen(t, Options{})
	ada := mustSignIn(t, c, "Ada")
	discard := func(d Draft) {
		t.Helper()
		must(t, c.Drafts.Discard(t.Context(), ada, "general-talk", d))
	}
	discard(Draft{Body: "/help"})
	mustSave(t, c, ada, "general-talk", "/he", "one")
	discard(Draft{Body: "/help", ClientID: "two"})
	wantDrafts(t, c, ada, "general-talk: /he")
	discard(Draft{Body: "/help", ClientID: "one"})
	wantDrafts(t, c, ada, "")
}

func TestDraftsAreBounded(t *testing.T) {
	c := mustOpen(t, Options{})
	ada, bob := mustSignIn(t, c, "Ada"), mustSignIn(t, c, "Bob")
	slugs := make([]string, MaxDrafts+1)
	for i := range slugs {
		by := ada
		if i >= 60 { // more than one user may create
			by = bob
		}
		ch, err := c.Channels.Create(t.Context(), by, fmt.Sprint("Room ", i), Public)
		must(t, err)
		slugs[i] = ch.Slug
	}
	for _, slug := range slugs[:MaxDrafts] {
		mustSave(t, c, ada, slug, "hello", "")
	}
	last := slugs[MaxDrafts]
	err := c.Drafts.Save(t.Context(), ada, last, "too many", "")
	wantCode(t, err, CodeInvalid)
	mustSave(t, c, ada, slugs[5], "an old one goes on", "")
	mustSave(t, c, ada, slugs[6], "", "")
	mustSave(t, c, ada, last, "fits now", "")

	// A draft that one does not see, and cannot delete, makes room.
	mustExec(t, c, `UPDATE channels SET kind = 'private', edition = edition + 1 WHERE slug = $1`, slugs[70])
	must(t, c.hub.load(t.Context()))
	mustSave(t, c, ada, slugs[6], "fits too", "")
	if n, err := c.Drafts.Count(t.Context(), ada); err != nil || n != MaxDrafts {
		t.Errorf("%d drafts, %v", n, err)
	}
	wantCode(t, c.Drafts.Save(t.Context(), ada, "general-talk", "too many", ""), CodeInvalid)
}
