package browsertest

// Whole fails the test if a phone must scroll a table sideways, if a cell has no label, or if the menu does not show
// the current page.
func (tab *Tab) Whole(what string) {
	tab.t.Helper()
	for _, fault := range tab.hidden() {
		tab.t.Errorf("%s, on a phone: %s", what, fault)
	}
}

// hidden returns what Whole reports.
func (tab *Tab) hidden() (faults []string) {
	tab.t.Helper()
	tab.Eval(`(() => {
		const faults = []
		for (const box of document.querySelectorAll('.scroll'))
			if (box.scrollWidth > box.clientWidth + 1) faults.push(box.ariaLabel + ' is wider than the page')
		for (const table of document.querySelectorAll('table.cards')) {
			const head = [...table.tHead.rows[0].cells].map(th => th.textContent.trim())
			for (const row of table.tBodies[0].rows) {
				if (row.cells.length !== head.length) faults.push('a row of ' + row.cells.length + ' cells under ' + head)
				for (const [i, cell] of [...row.cells].entries())
					if (cell.matches('td') && (cell.dataset.label !== head[i] || cell.checkVisibility() && getComputedStyle(cell, '::before').content !== JSON.stringify(head[i])))
						faults.push('under ' + head[i] + ' is a cell that says ' + cell.dataset.label)
			}
		}
		for (const current of document.querySelectorAll('.tabs [aria-current]')) {
			const box = current.getBoundingClientRect(), menu = current.parentElement.getBoundingClientRect()
			if (box.left < 0 || box.right > document.documentElement.clientWidth) faults.push(current.textContent + ' is out of view')
			if (current.parentElement.scrollHeight > menu.height + 1) faults.push('the menu is cut')
			if (menu.height > 50) faults.push('the menu is ' + menu.height + ' px tall')
		}
		return faults
	})()`, &faults)
	return faults
}
