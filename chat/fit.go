package chat

// maxPageBytes bounds what a page has of rows, in bytes of HTML, besides their number: one message may be eighty times as
// large as a usual one. A page has one row at least.
const maxPageBytes = 512 << 10

// fit returns the largest stretch of n things around the one at pivot that has at most maxPageBytes, and that one in any case.
func fit(n, pivot int, size func(i int) int) (from, to int) {
	from, to = pivot, pivot+1
	total := size(pivot)
	for grown := true; grown; {
		grown = false
		if to < n && total+size(to) <= maxPageBytes {
			total += size(to)
			to, grown = to+1, true
		}
		if from > 0 && total+size(from-1) <= maxPageBytes {
			from, grown = from-1, true
			total += size(from)
		}
	}
	return from, to
}

// fitRows returns the stretch of rows that fits on a page with the one at pivot.
func fitRows(rows []Row, pivot int) []Row {
	if len(rows) == 0 {
		return rows
	}
	from, to := fit(len(rows), pivot, func(i int) int { return len(rows[i].HTML) })
	return rows[from:to]
}

// fitMessages leaves out what cannot fit on a page with the message at pivot, before it is rendered: a row is no shorter
// than its text. It returns where that message is now.
func fitMessages(list []Message, pivot int) ([]Message, int) {
	if len(list) == 0 {
		return list, 0
	}
	from, to := fit(len(list), pivot, func(i int) int { return len(list[i].Body) })
	return list[from:to], pivot - from
}
