package views

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"chitchat/chat"
)

// The box that a picture is shown in, in CSS pixels.
const (
	pictureWidth  = 400
	pictureHeight = 300
	pictureLeast  = 32 // a thin picture is cut to this, so that it can be seen and clicked
)

func fileURL(a chat.Attachment) string {
	return "/f/" + a.ID.String() + "/" + url.PathEscape(a.Name)
}

// pictureURL is what the row shows of a picture: the thumbnail, if there is one.
func pictureURL(a chat.Attachment) string {
	if a.Thumb && !plays(a) {
		return thumbURL(a)
	}
	return fileURL(a)
}

func thumbURL(a chat.Attachment) string { return "/f/" + a.ID.String() + "/thumb" }

// A picture that moves does so in the page when it is at most so large; else its thumbnail stands still. Phones play
// this without getting warm.
const (
	movingBytes  = 1 << 20
	movingPixels = 2_000_000
)

// plays reports whether a picture moves in the page, for those who want that.
func plays(a chat.Attachment) bool {
	return a.Moves && a.Size <= movingBytes && a.Width*a.Height <= movingPixels
}

// fit is the size at which a picture is shown: its own, or as much smaller as the box needs.
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

// fileSize is a number of bytes as people say it.
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

// fileKind is what a card calls a file's type.
func fileKind(a chat.Attachment) string {
	if kind := strings.ToUpper(strings.TrimPrefix(path.Ext(a.Name), ".")); kind != "" && len(kind) <= 5 {
		return kind
	}
	return a.Type
}
