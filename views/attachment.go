package views

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"chitchat/chat"
)

// The box in which a picture is shown, in CSS pixels.
const (
	pictureWidth  = 400
	pictureHeight = 300
	pictureLeast  = 32 // minimum side: a thin picture is cropped to it, so that it can be seen and clicked
)

// split returns the pictures of a message, and its other files, each in their order.
func split(files []chat.Attachment) (pictures, others []chat.Attachment) {
	for _, a := range files {
		if a.Image() {
			pictures = append(pictures, a)
		} else {
			others = append(others, a)
		}
	}
	return pictures, others
}

// player returns the element that plays a file: audio, video, or "".
func player(a chat.Attachment) string {
	kind, _, _ := strings.Cut(a.Type, "/")
	if kind != "audio" && kind != "video" {
		return ""
	}
	return kind
}

func fileURL(a chat.Attachment) string {
	return "/f/" + a.ID.String() + "/" + url.PathEscape(a.Name)
}

// pictureURL returns the URL that a row shows: the thumbnail's, if there is one.
func pictureURL(a chat.Attachment) string {
	if a.Thumb && !plays(a) {
		return thumbURL(a)
	}
	return fileURL(a)
}

// stillURL returns the URL of the thumbnail, if there is one, also of a picture that moves.
func stillURL(a chat.Attachment) string {
	if a.Thumb {
		return thumbURL(a)
	}
	return fileURL(a)
}

func thumbURL(a chat.Attachment) string { return "/f/" + a.ID.String() + "/thumb" }

// An animation plays in the page up to this size; above it the thumbnail is shown. Phones play this without getting
// warm.
const (
	movingBytes  = 1 << 20
	movingPixels = 2_000_000
)

// plays reports whether an animation plays in the page, unless the reader prefers no motion.
func plays(a chat.Attachment) bool {
	return a.Moves && a.Size <= movingBytes && a.Width*a.Height <= movingPixels
}

// fit returns the size at which a picture is shown: its own, scaled down to fit the box.
func fit(a chat.Attachment) (width, height int) {
	w, h := a.Width, a.Height
	if w > pictureWidth {
		w, h = pictureWidth, h*pictureWidth/w
	}
	if h > pictureHeight {
		w, h = w*pictureHeight/h, pictureHeight
	}
	return max(w, pictureLeast), max(h, pictureLeast)
}

// fileSize returns a number of bytes in words.
func fileSize(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	case n < 1e9:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	default:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
}

// fileKind returns the name of a file's type on its card: its extension, which people know better than MIME types.
func fileKind(a chat.Attachment) string {
	if kind := strings.ToUpper(strings.TrimPrefix(path.Ext(a.Name), ".")); kind != "" && len(kind) <= 5 {
		return kind
	}
	return "File"
}
