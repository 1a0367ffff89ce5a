package handlers

import (
	"encoding/json"

	"chitchat/chat"
	"chitchat/views"
)

// subscribeRequest is a page's first message on its socket: where the page stands.
type subscribeRequest struct {
	Channel    string `json:"channel"`
	Since      int64  `json:"since"`
	Epoch      string `json:"epoch"`
	ProfileRev int64  `json:"names"`
	List       string `json:"list"`    // the digest of its lists of channels
	Version    string `json:"version"` // what made it: see views.Version; empty of a page that cannot renew itself
}

// cursor is where the page stands in its channel.
func (h subscribeRequest) cursor() chat.Cursor {
	return chat.Cursor{Channel: h.Channel, Since: h.Since, Epoch: h.Epoch, ProfileRev: h.ProfileRev}
}

// outdated reports whether another program than this one made the page.
func (h subscribeRequest) outdated() bool { return h.Version != "" && h.Version != views.Version }

// parseSubscribeRequest reads a page's first message. The numbers and words are the client's: they may be anything. It
// reports false for what is not a hello.
func parseSubscribeRequest(message []byte) (h subscribeRequest, ok bool) {
	if json.Unmarshal(message, &h) != nil || h.Since < 0 || h.ProfileRev < 0 {
		return subscribeRequest{}, false
	}
	return h, true
}

// parseRead reads a later message: the seq of the newest message that was seen, or 0 when the page only wants to know
// whether it is still heard. It reports false for what is neither.
func parseRead(message []byte) (seq int64, ok bool) {
	var m struct {
		Read int64 `json:"read"`
	}
	if json.Unmarshal(message, &m) != nil {
		return 0, false
	}
	return m.Read, true
}
