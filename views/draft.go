package views

import (
	"bytes"
	"context"
	"io"

	"chitchat/chat"

	"github.com/a-h/templ"
)

func draftURL(slug string) string { return channelURL(slug) + "/draft" }

// draftPlace is where a draft's composer is.
func draftPlace(d chat.SavedDraft) string {
	if d.Thread != 0 {
		return threadURL(d.Channel.Slug, d.Thread)
	}
	return channelURL(d.Channel.Slug)
}

// draftTitle names that place.
func draftTitle(d chat.SavedDraft) string {
	if d.Thread != 0 {
		return "a thread in " + title(d.Channel)
	}
	return title(d.Channel)
}

// showsDraft reports whether the sidebar marks a channel as having a draft. The open channel has the draft itself, and
// a mark that appears while one types would only distract.
func showsDraft(l *chat.SidebarItem, current chat.ID) bool { return l.Draft && l.ID != current }

// AppendSavedDraft appends the element that says which draft a form was filled with; nothing if there was none.
func AppendSavedDraft(b []byte, id string) []byte {
	if id == "" {
		return b
	}
	w := bytes.NewBuffer(b)
	_ = savedDraft(id).Render(context.Background(), w) // a buffer never fails
	return w.Bytes()
}

// AppendText appends a composer's text, as its part of the page.
func AppendText(b []byte, text string) []byte { return appendEscaped(b, text) }

// composerText is the content of a composer's textarea. A text is a part of its own: pages without one, and those that
// differ only in it, share the rest. The line break before it is not part of the value, and keeps one that begins it.
// The composer of a thread is in a part that is of this answer only, but among what others have written: there too the
// text is a part of its own, since parts are compressed apart.
func composerText(c Composer) templ.Component {
	text, alone, after := c.Body, PartText, PartOne
	if c.Thread != 0 {
		alone, after = PartPane, PartPane
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := io.WriteString(w, "\n"); err != nil || text == "" {
			return err
		}
		if err := part(alone).Render(ctx, w); err != nil {
			return err
		}
		if _, err := w.Write(AppendText(nil, text)); err != nil {
			return err
		}
		return part(after).Render(ctx, w)
	})
}
