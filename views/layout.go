// Package views renders what people see: pages, and the fragments that a page's forms and socket get.
// A page calls the same fragments, so that there is one copy of every piece of markup.
package views

import "strconv"

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
