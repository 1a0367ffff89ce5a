package views

import "strconv"

// Link is a single-use link, with its QR code.
type Link struct {
	URL string
	QR  QR
}

// QR is a QR code: the path of an SVG of Size units.
type QR struct {
	Path string
	Size int
	Text string
}

// box returns the SVG's viewBox, with the quiet zone of four modules that scanners need.
func (q QR) box() string {
	n := strconv.Itoa(q.Size + 8)
	return "-4 -4 " + n + " " + n
}

// PasswordReset is the form by which an admin helps a user who is locked out. Link is nil until it is created.
type PasswordReset struct {
	Name string
	Fault
	Link *Link
}
