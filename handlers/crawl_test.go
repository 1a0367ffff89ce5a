package handlers

import "strings"

// linked returns where a page leads to.
func linked(page string) (paths []string) {
	for {
		before, rest, ok := strings.Cut(page, `="/`)
		if !ok {
			return paths
		}
		path, _, _ := strings.Cut(rest, `"`)
		for _, name := range []string{"href", "src", "action", "hx-get", "hx-post"} {
			if strings.HasSuffix(before, name) {
				paths = append(paths, "/"+strings.ReplaceAll(path, "&amp;", "&"))
				break
			}
		}
		page = rest
	}
}

// crawl fetches everything that a page links to, recursively, and returns what it has fetched.
func (p *testClient) crawl(found func(path string, a response), from ...string) (seen map[string]bool) {
	p.t.Helper()
	return p.crawlAtMost(300, found, from...)
}

// crawlAtMost is crawl for so many pages; more are a fault.
func (p *testClient) crawlAtMost(most int, found func(path string, a response),
	from ...string) (seen map[string]bool) {
	p.t.Helper()
	seen = make(map[string]bool)
	for todo := from; len(todo) > 0; {
		if len(seen) == most {
			p.t.Errorf("more than %d pages: not all were looked at", most)
			return seen
		}
		path := todo[0]
		if todo = todo[1:]; seen[path] || strings.HasPrefix(path, "/assets/") {
			continue
		}
		seen[path] = true
		if len(path) > maxHeaders-2000 { // refused unread, and the connection ends, perhaps while it is still written
			continue
		}
		for _, headers := range [][]string{nil, asHTMX} {
			a := p.get(path, headers...)
			found(path, a)
			if !strings.HasPrefix(path, "/search?") { // each leads to others, with one filter more, without end
				todo = append(todo, linked(a.body)...)
			}
			if to := a.Header.Get("Location"); to != "" {
				todo = append(todo, to)
			}
		}
	}
	return seen
}
