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
	Thread     int64  `json:"thread"`       // the number of a message whose thread it shows too; 0: none
	ThreadRev  int64  `json:"thread_since"` // its position in that
	Epoch      string `json:"epoch"`
	ProfileRev int64  `json:"names"`
	List       string `json:"list"`    // the digest of its lists of channels
	Version    string `json:"version"` // that made it: see views.Version; empty if it cannot reload itself
}

// cursor is the page's position in its channel.
func (r subscribeRequest) cursor() chat.Cursor {
	return chat.Cursor{Channel: r.Channel, Since: r.Since, Thread: r.Thread, ThreadRev: r.ThreadRev, Epoch: r.Epoch,
		ProfileRev: r.ProfileRev}
}

// outdated reports whether another version of the program made the page.
func (r subscribeRequest) outdated() bool { return r.Version != "" && r.Version != views.Version }

// parseSubscribeRequest parses a page's first message. Its values are the client's and may be anything. It reports
// false for anything else.
func parseSubscribeRequest(message []byte) (r subscribeRequest, ok bool) {
	if json.Unmarshal(message, &r) != nil || min(r.Since, r.ProfileRev, r.Thread, r.ThreadRev) < 0 {
		return subscribeRequest{}, false
	}
	return r, true
}

// laterMessage is what a page says after its first message: without any field it asks whether the connection is alive.
type laterMessage struct {
	Read   int64  `json:"read"`   // the seq of the newest message seen, of the thread if one is named
	Mark   *int64 `json:"mark"`   // with Read: the value of its read mark: see views.LiveMark
	Thread *int64 `json:"thread"` // without Read: the thread that it shows from now on; 0: none
	Since  int64  `json:"since"`  // its position in that
	Epoch  string `json:"epoch"`
	Typing bool   `json:"typing"` // its user is typing
}

// mark returns the value of the page's read mark; -1 if it does not say.
func (m laterMessage) mark() int64 {
	if m.Mark == nil {
		return -1
	}
	return *m.Mark
}

// parseLaterMessage reports false for anything else.
func parseLaterMessage(message []byte) (m laterMessage, ok bool) {
	if json.Unmarshal(message, &m) != nil || m.Thread != nil && min(*m.Thread, m.Since) < 0 {
		return laterMessage{}, false
	}
	return m, true
}
