package feed

// MaxPageBytes bounds what a page has of rows, in bytes of HTML, besides their number: one message may be eighty times
// as large as a usual one. A page has one row at least.
const MaxPageBytes = 512 << 10

// Fit returns the largest stretch of n things around the one at pivot that has at most MaxPageBytes, and that one in
// any case.
func Fit(n, pivot int, size func(i int) int) (from, to int) {
	from, to = pivot, pivot+1
	total := size(pivot)
	for grown := true; grown; {
		grown = false
		if to < n && total+size(to) <= MaxPageBytes {
			total += size(to)
			to, grown = to+1, true
		}
		if from > 0 && total+size(from-1) <= MaxPageBytes {
			from, grown = from-1, true
			total += size(from)
		}
	}
	return from, to
}

// FitRows returns the stretch of rows that fits on a page with the one at pivot.
func FitRows(rows []Row, pivot int) []Row {
	if len(rows) == 0 {
		return rows
	}
	from, to := Fit(len(rows), pivot, func(i int) int { return len(rows[i].HTML) })
	return rows[from:to]
}
