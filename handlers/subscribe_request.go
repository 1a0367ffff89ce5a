package handlers

import (
	"encoding/json"

	"chitchat/chat"
	"chitchat/views"
)

// subscribeRequest is a page's first message on its socket. It gives the page's position.
type subscribeRequest struct {
	Channel    string `json:"channel"`
	Since      int64  `json:"since"`
	Epoch      string `json:"epoch"`
	ProfileRev int64  `json:"names"`
	List       string `json:"list"`    // the digest of its lists of channels
	Version    string `json:"version"` // that made it: see views.Version; empty if it cannot reload itself
}

// cursor is the page's position in its channel.
func (r subscribeRequest) cursor() chat.Cursor {
	return chat.Cursor{Channel: r.Channel, Since: r.Since, Epoch: r.Epoch, ProfileRev: r.ProfileRev}
}

// outdated reports whether another version of the program made the page.
func (r subscribeRequest) outdated() bool { return r.Version != "" && r.Version != views.Version }

// parseSubscribeRequest parses a page's first message. Its values are the client's and may be anything. It reports
// false for anything else.
func parseSubscribeRequest(message []byte) (r subscribeRequest, ok bool) {
	if json.Unmarshal(message, &r) != nil || r.Since < 0 || r.ProfileRev < 0 {
		return subscribeRequest{}, false
	}
	return r, true
}

// parseTyping reports whether a later message says that its user is typing.
func parseTyping(message []byte) bool {
	var m struct {
		Typing bool `json:"typing"`
	}
	return json.Unmarshal(message, &m) == nil && m.Typing
}

// parseRead parses a later message: the seq of the newest message seen, or 0 to ask whether the connection is alive. It
// reports false for anything else.
func parseRead(message []byte) (seq int64, ok bool) {
	var m struct {
		Read int64 `json:"read"`
	}
	if json.Unmarshal(message, &m) != nil {
		return 0, false
	}
	return m.Read, true
}
