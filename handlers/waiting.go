package handlers

import "sync/atomic"

// maxWaiting bounds what all sockets together have to come that is no row: rows are shared by everyone who waits for
// them, while each page that is shown anew is half a megabyte of its own. Three thousand sockets of one address that
// did not read took 2.6 GB. Whoever comes when it is used up is told to come again.
const maxWaiting = 64 << 20

// waiting counts the bytes of large frames that are not on their way yet.
type waiting struct{ bytes atomic.Int64 }

// take counts a frame in, and reports whether there was room for it.
func (w *waiting) take(size int) bool {
	if size < largeAnswer { // the system takes these
		return true
	}
	if w.bytes.Add(int64(size)) > maxWaiting {
		w.bytes.Add(-int64(size))
		return false
	}
	return true
}

// give counts frames of so many bytes out.
func (w *waiting) give(size int64) { w.bytes.Add(-size) }
