package views

import "strconv"

// Link is a link that works once, with its code to scan.
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

// box is the SVG's, with the quiet border of four modules that scanners need.
func (q QR) box() string {
	n := strconv.Itoa(q.Size + 8)
	return "-4 -4 " + n + " " + n
}

// PasswordReset is the form by which an admin helps someone who is locked out. Link is nil until it was made.
type PasswordReset struct {
	Name string
	Fault
	Link *Link
}
