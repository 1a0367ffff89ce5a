package chat

// Attachment is a file that someone sent with a message. Its content lives in the file store under its ID.
type Attachment struct {
	ID     ID
	Name   string // as the sender's machine called it, made safe to show; never a path
	Type   string // the MIME type found by looking at the content
	Size   int64  // bytes
	Width  int    // pixels, as shown (after any EXIF turn); 0 when it is not an image
	Height int
	Thumb  bool // the file store has a thumbnail
}

// Image reports whether the attachment is shown as a picture.
func (a Attachment) Image() bool { return a.Width > 0 && a.Height > 0 }
