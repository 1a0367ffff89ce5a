package views

import (
	"context"
	"io"
	"strconv"
	"time"

	"chitchat/chat"

	"github.com/a-h/templ"
)

// replies is what a root shows of its thread: the link to it, with how many replies there are, from whom the last ones
// are, and when the last one came.
func replies(m chat.Message) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(appendReplies(nil, &m))
		return err
	})
}

// appendReplies appends what replies renders.
func appendReplies(b []byte, m *chat.Message) []byte {
	r := &m.Replies
	if r.Count == 0 {
		return b
	}
	b = append(b, `<a class="replies" href="`...)
	b = append(appendEscaped(b, threadURL(m.ChannelSlug, m.Seq)), `">`...)
	for _, u := range r.People {
		b = append(appendID(append(b, `<span class="avatar" data-initial="`...), u.ID), `" data-hue="`...)
		b = append(append(b, hue(u.ID)...), `" aria-hidden="true">`...)
		if u.Avatar != 0 {
			b = append(appendEscaped(append(b, `<img src="`...), avatarURL(u)),
				`" alt="" width="36" height="36" loading="lazy">`...)
		}
		b = append(appendEscaped(b, initial(u.Name)), `</span>`...)
	}
	b = append(append(append(b, `<b>`...), count(r.Count, "reply", "replies")...), `</b> <span class="from">from `...)
	for i, u := range r.People {
		if i > 0 {
			b = append(b, `, `...)
		}
		b = append(appendID(append(b, `<bdi data-name="`...), u.ID), `">`...)
		b = append(appendEscaped(b, u.Name), `</bdi>`...)
	}
	b = r.LastAt.UTC().AppendFormat(append(b, `</span> <time datetime="`...), time.RFC3339)
	return append(r.LastAt.UTC().AppendFormat(append(b, `">`...), "2 January 15:04"), `</time></a>`...)
}

func appendID(b []byte, id chat.ID) []byte { return strconv.AppendInt(b, int64(id), 36) }

// replyCount returns a root's number of replies, as its row has it.
func replyCount(m chat.Message) string { return itoa(m.Replies.Count) }
