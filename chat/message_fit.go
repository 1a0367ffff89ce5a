package chat

import "chitchat/chat/feed"

// fitMessages drops messages that cannot fit on a page with the one at pivot, before they are rendered: a row is at
// least as long as its text as it is shown. That text is what counts, without the links to channels that are not shown:
// how many rows a page has would tell of them. It returns the new pivot.
func (h *hub) fitMessages(list []Message, pivot int) ([]Message, int) {
	sizes, total := make([]int, len(list)), 0
	for i, m := range list {
		sizes[i] = max(len(m.Body), len(m.HTML))
		total += sizes[i]
	}
	if total <= feed.MaxPageBytes {
		return list, pivot
	}
	for i, m := range list {
		sizes[i] = max(len(m.Body), len(h.showChannels(m.In(), m.Formatted).HTML))
	}
	from, to := feed.Fit(len(list), pivot, func(i int) int { return sizes[i] })
	return list[from:to], pivot - from
}
