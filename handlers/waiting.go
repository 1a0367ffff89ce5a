package handlers

import "sync/atomic"

// maxWaiting bounds the bytes that wait in all sockets together and are not rows. Rows are shared by all readers, while
// each page rendered anew is half a megabyte of its own: three thousand sockets of one address that did not read took
// 2.6 GB. Beyond the bound a page is told to reconnect later.
const maxWaiting = 64 << 20

// waiting counts the bytes of large frames that are not written yet.
type waiting struct{ bytes atomic.Int64 }

// take counts a frame, and reports whether there is room for it.
func (w *waiting) take(size int) bool {
	if size < largeAnswer { // the kernel buffers these
		return true
	}
	if w.bytes.Add(int64(size)) > maxWaiting {
		w.bytes.Add(-int64(size))
		return false
	}
	return true
}

// give uncounts frames of size bytes.
func (w *waiting) give(size int64) { w.bytes.Add(-size) }
