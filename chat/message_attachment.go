package chat

import (
	"context"
	"time"

	"chitchat/chat/sqlite"
)

// pendingFileLifetime is how long a pending file is kept.
const pendingFileLifetime = 24 * time.Hour

// Attachment is a file of a message. Its content is in the file store under its ID.
type Attachment struct {
	ID     ID
	Name   string // the sender's file name, made safe to show; never a path
	Type   string // the MIME type detected from the content
	Size   int64  // bytes
	Width  int    // pixels, as shown (after any EXIF rotation); 0 when it is not an image
	Height int
	Thumb  bool // the file store has a thumbnail
	Moves  bool // animated
}

// Image reports whether the attachment is shown as a picture.
func (a Attachment) Image() bool { return a.Width > 0 && a.Height > 0 }

// Attachment returns the description of a file to those who may see it: everyone who may see its message, or, while it
// is pending, its sender.
func (c Messages) Attachment(ctx context.Context, a Actor, id ID) (Attachment, error) {
	file, err := attachmentByID(ctx, c.db, id)
	if err != nil && ErrorCode(err) != CodeNotFound {
		return Attachment{}, err
	}
	if err != nil || file.seq == 0 && file.user != a.ID {
		file.channel = 0 // queried all the same: a missing file takes as long as an invisible one
	}
	_, err = c.authorizeByID(ctx, a, file.channel)
	return file.Attachment, err
}

// CheckUpload refuses an actor who may not post in the channel, or not with files: it is asked before a byte of a file
// is read, and again when the message is posted.
func (c Messages) CheckUpload(ctx context.Context, a Actor, slug string) error {
	acc, err := c.AccessToPost(ctx, a, slug)
	if err != nil {
		return err
	}
	if refusal := acc.PostRefusal(); refusal != nil {
		return refusal
	}
	if !acc.CanUpload() {
		return errMayNotUpload
	}
	return nil
}

// SavePendingFiles keeps the accepted files of a refused form, so that they need not be sent again, beside those of the
// form that are pending already. They expire after a day. A user has at most as many pending files as fit in one
// message: the form's own, and the newest others. It returns those that are no longer pending, for the caller to
// remove.
func (c Messages) SavePendingFiles(ctx context.Context, a Actor, slug string, files []Attachment,
	kept []ID) ([]ID, error) {
	most := MaxAttachments
	if len(files) == 0 { // nothing is added: other pages keep theirs
		most = MaxPending
	}
	return c.savePending(ctx, a, slug, files, kept, most)
}

// SavePendingFile does so for a file that is sent before its message, with the limit MaxPending: several pages, with a
// message each, can be written side by side.
func (c Messages) SavePendingFile(ctx context.Context, a Actor, slug string, file Attachment, kept []ID) ([]ID, error) {
	return c.savePending(ctx, a, slug, []Attachment{file}, kept, MaxPending)
}

func (c Messages) savePending(ctx context.Context, a Actor, slug string, files []Attachment, kept []ID,
	most int) ([]ID, error) {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil || len(files)+len(kept) == 0 {
		return nil, err
	}
	return actValue(ctx, c.core, a, func(ctx context.Context, tx *sqlite.Tx, a Actor) ([]ID, error) {
		if err := renewPending(ctx, tx, ch.ID, a.ID, kept); err != nil {
			return nil, err
		}
		for i, file := range files {
			if err := insertAttachment(ctx, tx, ch.ID, 0, i, a.ID, file); err != nil {
				return nil, err
			}
		}
		return deleteWaiting(ctx, tx, a.ID, most)
	}, nil)
}

// PendingFiles returns those of the files that are pending in this channel and belong to the actor, in the order of
// ids.
func (c Messages) PendingFiles(ctx context.Context, a Actor, slug string, ids []ID) ([]Attachment, error) {
	ch, err := c.authorize(ctx, a, slug)
	if err != nil {
		return nil, err
	}
	return pendingFiles(ctx, c.db, ch.ID, a.ID, ids)
}

// KnownFiles reports which of ids are attachments, pending files, profile pictures, custom emoji or pictures of link
// previews. It takes no actor: it is for the program's own sweep of its file store.
func (c Messages) KnownFiles(ctx context.Context, ids []ID) (map[ID]bool, error) {
	return knownFiles(ctx, c.db, ids)
}
