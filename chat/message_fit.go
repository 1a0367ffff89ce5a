package chat

import "chitchat/chat/feed"

// fitMessages leaves out what cannot fit on a page with the message at pivot, before it is rendered: a row is no
// shorter than its text. It returns where that message is now.
func fitMessages(list []Message, pivot int) ([]Message, int) {
	if len(list) == 0 {
		return list, 0
	}
	from, to := feed.Fit(len(list), pivot, func(i int) int { return len(list[i].Body) })
	return list[from:to], pivot - from
}
