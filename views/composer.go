package views

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// composerIDs are the hidden fields of a composer. What tells one from another is a part of its own, but in a thread,
// which is in a part of one answer only.
func composerIDs(c Composer) templ.Component {
	fields := []templ.Component{part(PartOnce), clientID(c.ClientID), savedDraft(c.Saved), part(PartOne)}
	if c.Thread != 0 {
		fields = []templ.Component{clientID(c.ClientID), savedDraft(c.Saved), threadField(c.Thread)}
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, field := range fields {
			if err := field.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// id returns the id of an element of the form: a page may have another one, for a thread.
func (c Composer) id(name string) string {
	if c.Thread != 0 {
		return "thread-" + name
	}
	return name
}

func (c Composer) label() string {
	if c.Thread != 0 {
		return "Reply in thread"
	}
	return "Message to " + c.ChannelName
}

func (c Composer) placeholder() string {
	if c.Thread != 0 {
		return "Reply…"
	}
	return "Message " + c.Sign + c.ChannelName
}
