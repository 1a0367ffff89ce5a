package chat

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrUnshown reports that a message was stored, but not shown because of a fault of the program.
var ErrUnshown = Errorf(CodeInternal,
	"Your message was kept, but it cannot be shown. That is our fault, and it was noted. There is no need to "+
		"send it again.")

// Draft is a message to post.
type Draft struct {
	Body     string
	ClientID string       // made by the client for each message: a retry with the same one is the same message
	Files    []Attachment // new files, already in the file store under their IDs
	Confirm  string       // of the refusal that asked before many are notified: see mentionCall
	Kept     []ID         // pending files of the same actor from an earlier, refused form: see SavePendingFiles
	Saved    string       // the ClientID of the SavedDraft that the form was filled with, or ""

	Thread    int64 // a reply in the thread of the message with this seq; 0: a message of the channel itself
	Broadcast bool  // a reply that is also shown in the channel

	Apart bool  // it is written on a page that may not show all that is new there: that stays unread
	Seen  int64 // with Apart: the newest message up to which the page has shown all; 0: what was read before
}

// seen returns up to where its author has seen all, when it gets a seq.
func (p *post) seen() int64 {
	if p.apart {
		return p.shown
	}
	return p.message.Seq - 1
}

var errNothing = Invalid("body", "Write something first.")

var errMayNotUpload = Errorf(CodeForbidden, "You may write here, but not send files.")

// cleanBody returns the body as it is stored. needed makes an empty body an error.
func cleanBody(body string, needed bool) (string, error) {
	if !utf8.ValidString(body) {
		return "", Invalid("body", "The message is not valid text (UTF-8).")
	}
	if strings.ContainsRune(body, 0) {
		return "", Invalid("body", "The message holds a NUL character, which cannot be kept.")
	}
	body = strings.ReplaceAll(body, "\r\n", "\n")
	if n := utf8.RuneCountInString(body); n > MaxBodyLen {
		return "", Invalid("body", "The message is too long: %d characters, and at most %d fit.", n, MaxBodyLen)
	}
	if blank(body) {
		if needed {
			return "", errNothing
		}
		body = ""
	}
	return body, nil
}

// Post adds a message and joins its author to the channel. It returns once the message is durable and shown to local
// subscribers. On error nothing was posted, unless the error is ctx's or ErrUnshown. fresh is false when the draft's
// ClientID was posted before: the row is that message's, and the draft's files were not used.
func (c Messages) Post(ctx context.Context, a Actor, slug string, d Draft) (row Row, fresh bool, err error) {
	acc, err := c.accessFeedToPost(ctx, a, slug)
	if err != nil {
		return Row{}, false, err
	}
	return c.PostIn(ctx, a, acc, d)
}

// PostIn is Post for an actor whose access has been read.
func (c Messages) PostIn(ctx context.Context, a Actor, acc Access, d Draft) (row Row, fresh bool, err error) {
	if refusal := acc.refusal(a.ID); refusal != nil {
		return Row{}, false, refusal
	}
	if refusal := acc.PostRefusal(); refusal != nil {
		return Row{}, false, refusal
	}
	if d.Thread != 0 && acc.cached.parent == nil {
		in, err := c.inThread(ctx, acc, d.Thread)
		if err != nil {
			return Row{}, false, err
		}
		acc.cached = in.cached
	}
	files := len(d.Files) + len(d.Kept)
	if files > 0 && !acc.CanUpload() {
		return Row{}, false, errMayNotUpload
	}
	body, err := cleanBody(d.Body, files == 0)
	if err != nil {
		return Row{}, false, err
	}
	if files > MaxAttachments {
		return Row{}, false, Invalid("file", "At most %d files fit in one message.", MaxAttachments)
	}
	if len(d.ClientID) > MaxClientIDLen || !utf8.ValidString(d.ClientID) || strings.ContainsRune(d.ClientID, 0) {
		return Row{}, false, Invalid("client_id", "The message's client_id is not valid: at most %d bytes of text.",
			MaxClientIDLen)
	}
	if d.ClientID == "" {
		d.ClientID = "server-" + NewID().String() // a bare form: it can be posted but not retried
	}
	mentions, err := c.mentionedIn(ctx, a, acc.cached, body)
	if err != nil {
		return Row{}, false, err
	}
	if err := c.mayCall(ctx, a, acc, &mentions, body, d.Confirm, askBeforePost); err != nil {
		return Row{}, false, err
	}
	formatted := c.formatIn(a, acc.cached, body, mentions)
	if formatted.showsNothing() {
		if files == 0 {
			return Row{}, false, errNothing
		}
		body, formatted = "", Formatted{}
	}
	if acc.cached.ID == 0 {
		begun, err := c.beginThread(ctx, a, acc.cached.parent, acc.cached.root)
		if err != nil {
			return Row{}, false, err
		}
		acc.cached = begun
	}
	p := &post{
		feed: acc.cached, broadcasts: d.Broadcast && acc.cached.parent != nil,
		session: a.Session,
		asked:   mentions,
		files:   slices.Clone(d.Files),
		pending: slices.Clone(d.Kept),
		draft:   strings.Clone(d.Saved),
		apart:   d.Apart, shown: d.Seen,
		message: Message{
			ChannelID: acc.cached.ID, ChannelSlug: acc.cached.slug(), Author: a.User, ClientID: strings.Clone(d.ClientID),
			Body: strings.Clone(body), Formatted: formatted,
			CreatedAt: c.now(), Thread: acc.cached.ref(),
		},
	}
	if err := c.writer.submit(ctx, &job{post: p}); err != nil {
		return Row{}, false, err
	}
	if !p.isRetry {
		c.fetchLinksLater(a, p.message.ChannelID, p.message.Seq, p.message.Body)
	}
	if p.untold {
		return Row{}, !p.isRetry, ErrUnshown
	}
	return p.row, !p.isRetry, nil
}
