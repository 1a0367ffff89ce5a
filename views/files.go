package views

import (
	"context"
	"io"
	"net/url"

	"github.com/a-h/templ"

	"chitchat/chat"
)

// Files is a page of files, of a channel or of all channels.
type Files struct {
	chat.FilePage
	First bool // it is the first page of its list
}

var fileTabs = map[chat.FileKind]string{
	chat.AllFiles: "All", chat.Images: "Images", chat.Documents: "Documents", chat.OtherFiles: "Other",
}

// title is the page's heading.
func (v Files) title() string {
	if v.Channel.ID == 0 {
		return "Files"
	}
	return "Files of " + title(v.Channel)
}

func (v Files) path() string {
	if v.Channel.ID == 0 {
		return "/files"
	}
	return filesURL(v.Channel)
}

func filesURL(ch chat.Channel) string { return channelURL(ch.Slug) + "/files" }

// url returns the page of files of a kind, at a place of the list; nil: the first one.
func (v Files) url(kind chat.FileKind, at *chat.ListPlace) string {
	query := make(url.Values)
	if v.Text != "" {
		query.Set("q", v.Text)
	}
	if kind != chat.AllFiles {
		query.Set("type", string(kind))
	}
	if at != nil {
		query.Set("before", at.String())
	}
	u := url.URL{Path: v.path(), RawQuery: query.Encode()}
	return u.String()
}

// nothing is what the page says without files.
func (v Files) nothing() string {
	switch {
	case v.Older != chat.ListPlace{}:
		return "Among the files that this page has looked at, none has that. Older ones may."
	case !v.First:
		return "There is nothing older."
	case v.Text != "":
		return "No file has “" + v.Text + "” in its name or its text."
	case v.Kind != chat.AllFiles:
		return "There are no files of this kind."
	}
	return "There are no files yet. What is attached to messages is listed here."
}

// marked is a text with what was looked for marked in it.
func (v Files) marked(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, v.Mark(templ.EscapeString(text)))
		return err
	})
}

// fileExcerpt is an excerpt with signs for what is left out.
func fileExcerpt(e chat.Excerpt) string {
	text := e.Text
	if e.Before {
		text = "… " + text
	}
	if e.Cut {
		text += " …"
	}
	return text
}
