package chat

import "chitchat/chat/feed"

// fitMessages drops messages that cannot fit on a page with the one at pivot, before they are rendered: a row is at
// least as long as its text. It returns the new pivot.
func fitMessages(list []Message, pivot int) ([]Message, int) {
	if len(list) == 0 {
		return list, 0
	}
	from, to := feed.Fit(len(list), pivot, func(i int) int { return max(len(list[i].Body), len(list[i].HTML)) })
	return list[from:to], pivot - from
}
