package feed

// MaxPageBytes limits the rows of a page, in bytes of HTML, besides their number: one message may be eighty times as
// large as a usual one. A page has at least one row.
const MaxPageBytes = 512 << 10

// Fit returns the largest range of n items around pivot that has at most MaxPageBytes. It always includes pivot.
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

// FitRows returns the rows around pivot that fit on a page.
func FitRows(rows []Row, pivot int) []Row {
	if len(rows) == 0 {
		return rows
	}
	from, to := Fit(len(rows), pivot, func(i int) int { return len(rows[i].HTML) })
	return rows[from:to]
}
