package views

import (
	"bytes"
	"context"
	"io"
	"strings"

	"chitchat/chat"

	"github.com/a-h/templ"
)

// ThreadView is a thread as it is shown beside its channel.
type ThreadView struct {
	Page        chat.MessagePage
	Me          chat.ID
	Highlighted int64 // the permalink's reply; 0: none
	Composer    Composer
}

// feedURL returns the address of a page's channel, or of its thread.
func feedURL(p chat.MessagePage) string {
	if p.Thread != nil {
		return threadURL(p.Channel.Slug, p.Thread.Root)
	}
	return channelURL(p.Channel.Slug)
}

// messageURLOf returns the permalink of a thread's root.
func messageURLOf(p chat.MessagePage) string {
	return channelURL(p.Channel.Slug) + "/" + itoa(p.Thread.Root)
}

// followURL returns the address of a form about the thread of a message.
func followURL(slug string, root int64, verb string) string {
	return channelURL(slug) + "/" + itoa(root) + verb
}

// rootRow is the row of a thread's root above the replies: without its id, which the row in the channel has.
func rootRow(r chat.Row) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		before, rest, found := bytes.Cut(r.HTML, []byte(` id="`))
		if _, after, ok := bytes.Cut(rest, []byte(`"`)); found && ok {
			if _, err := w.Write(before); err != nil {
				return err
			}
			_, err := w.Write(after)
			return err
		}
		_, err := w.Write(r.HTML)
		return err
	})
}

// unreadReplies returns the number of unread replies in all of the threads.
func unreadReplies(list []chat.ThreadCount) (n int64) {
	for _, t := range list {
		n += t.Unread
	}
	return n
}

// threadCounts returns the number of each thread, as channel-root:number.
func threadCounts(list []chat.ThreadCount) string {
	var b strings.Builder
	for i, t := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Channel.String() + "-" + itoa(t.Root) + ":" + itoa(t.Unread))
	}
	return b.String()
}
