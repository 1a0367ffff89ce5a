// Package views renders pages, and the fragments that forms and sockets receive. Pages are built from the same
// fragments, so every piece of markup exists once.
package views

import "strconv"

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
