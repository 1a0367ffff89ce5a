package chat

import (
	"strings"
	"testing"
	"testing/synctest"
)

func TestLinkPreviewsCanBeHidden(t *testing.T) {
	w := new(web)
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		seq := mustPost(t, c, ada, "https://e.org/a").Seq
		titles(t, c, ada, seq)
		page := mustListen(t, c, ada, Cursor{Since: mustView(t, c, ada).Channel.LastRev})
		there := mustOpen(t, Options{Path: c.options.Path, RenderRow: c.options.RenderRow})
		mustView(t, there, ada)
		hidden := openPlace
		hidden.HideLinkPreviews = true
		for _, step := range []struct {
			as   Workspace
			want bool
		}{{hidden, false}, {openPlace, true}} {
			must(t, c.Admin.UpdateWorkspace(t.Context(), ada, step.as))
			synctest.Wait()
			b, err := page.Take(t.Context())
			must(t, err)
			if b.Resync == nil || strings.Contains(string(b.Resync.Rows[0].HTML), "{") != step.want {
				t.Errorf("an open page gets %+v", b.Resync)
			}
			if got := titles(t, c, ada, seq); (got == "a") != step.want {
				t.Errorf("the message has %q", got)
			}
			if rows := mustView(t, c, ada).Rows; strings.Contains(string(rows[0].HTML), "{") != step.want {
				t.Errorf("a new page has %s", rows[0].HTML)
			}
			there.hub.reconcile()
			if rows := mustView(t, there, ada).Rows; strings.Contains(string(rows[0].HTML), "{") != step.want {
				t.Errorf("another node has %s", rows[0].HTML)
			}
			if c.Admin.Workspace() != step.as {
				t.Error(c.Admin.Workspace())
			}
			other := mustPost(t, c, ada, "https://e.org/"+step.as.linkPreviews()).Seq
			if got := titles(t, c, ada, other); (got != "") != step.want {
				t.Errorf("a new message has %q", got)
			}
		}
		if w.times("https://e.org/hidden") != 0 {
			t.Error("a hidden preview is fetched")
		}
		log := mustLog(t, c, ada, AuditFilter{Action: "workspace.changed"})
		if len(log) != 2 || !strings.HasSuffix(log[1].Detail, "link previews hidden") {
			t.Error(log)
		}
	})
}

// The picture of a preview is for those who see a message that shows it.
func TestLinkPreviewPictures(t *testing.T) {
	w := &web{answer: func(string) (FetchedLink, error) {
		return FetchedLink{Title: "T", Picture: 7, PictureSize: 9}, nil
	}}
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		bob := mustSignIn(t, c, "Bob")
		ch := mustChannel(t, c, ada, "Talk of ours", Private)
		row, _, err := c.Messages.Post(t.Context(), ada, ch.Slug, Draft{Body: "https://e.org/a"})
		must(t, err)
		synctest.Wait()
		see := func(a Actor, seq, number int64) error {
			file, version, err := c.Messages.LinkPreviewPicture(t.Context(), a, ch.Slug, seq, number)
			if err == nil && (file != 7 || !strings.HasPrefix(version, ch.ID.String()+"-")) {
				t.Error(file, version)
			}
			return err
		}
		m, err := c.Messages.Get(t.Context(), ada, ch.Slug, row.Seq)
		must(t, err)
		number := m.LinkPreviews[0].Number
		must(t, see(ada, row.Seq, number))
		u, err := c.Admin.Usage(t.Context(), ada)
		if err != nil || u.LinkPreviews != (FileUsage{1, 9}) || u.Files != u.LinkPreviews {
			t.Errorf("they take %+v, %v", u, err)
		}
		wantCode(t, see(bob, row.Seq, number), CodeNotFound)
		wantCode(t, see(ada, row.Seq, number+1), CodeNotFound)
		wantCode(t, see(ada, row.Seq, 0), CodeNotFound)
		wantCode(t, see(ada, row.Seq+1, number), CodeNotFound)
		_, err = c.Messages.RemoveLinkPreview(t.Context(), ada, ch.Slug, row.Seq, "https://e.org/a")
		must(t, err)
		wantCode(t, see(ada, row.Seq, number), CodeNotFound)
		_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, "words")
		must(t, err)
		_, err = c.Messages.Edit(t.Context(), ada, ch.Slug, row.Seq, "https://e.org/a")
		must(t, err)
		synctest.Wait()
		wantCode(t, see(ada, row.Seq, number), CodeNotFound) // a number is never given again
	})
}

// What was fetched for a private channel is used there only: otherwise another channel would tell of it.
func TestLinkPreviewsTellNothingOfOtherChannels(t *testing.T) {
	w := new(web)
	previewing(t, w, func(t *testing.T, c *Chat, ada Actor) {
		secret, other := mustChannel(t, c, ada, "Secret", Private), mustChannel(t, c, ada, "Other", Private)
		public := mustChannel(t, c, ada, "Hall", Public)
		for i, step := range []struct {
			slug string
			want int
		}{{secret.Slug, 1}, {"general-talk", 2}, {public.Slug, 2}, {other.Slug, 3}, {secret.Slug, 3}, {"general-talk", 3}} {
			row, _, err := c.Messages.Post(t.Context(), ada, step.slug, Draft{Body: "https://e.org/a"})
			must(t, err)
			synctest.Wait()
			m, err := c.Messages.Get(t.Context(), ada, step.slug, row.Seq)
			must(t, err)
			if got := w.times("https://e.org/a"); got != step.want || len(m.LinkPreviews) != 1 {
				t.Errorf("step %d, in %s: fetched %d times, want %d; %d previews", i, step.slug, got, step.want,
					len(m.LinkPreviews))
			}
		}
	})
}
