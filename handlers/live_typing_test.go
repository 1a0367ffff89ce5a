package handlers

import (
	"strings"
	"testing"
)

// Who types is shown on the channel's other pages, and not on the page where it happens.
func TestTypingFrames(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ada, bob := s.signedIn("Ada O'Neil"), s.signedIn("Bob")
	at := subscribeRequest{Channel: "general-talk", Epoch: s.Chat.Epoch()}
	writer, reader := ada.dial(at), bob.dial(at)
	writer.until("#channels", "#online")
	reader.until("#channels", "#online")
	reader.send(map[string]bool{"typing": false}) // asks whether the connection is alive
	writer.send(map[string]bool{"typing": true})
	reader.until(`<hx-partial hx-target="#typing" hx-swap="textContent">Ada O&#39;Neil is typing…</hx-partial>`)
	ada.say("here it is")
	reader.until("here it is", `<hx-partial hx-target="#typing" hx-swap="textContent"></hx-partial>`)
	if seen := writer.until("here it is"); strings.Contains(seen, "#typing") {
		t.Errorf("whoever types is told so: %s", seen)
	}
}

func TestParseTyping(t *testing.T) {
	for message, want := range map[string]bool{
		`{"typing":true}`: true, `{"typing":true,"read":0}`: true, `{"typing":false}`: false, `{}`: false,
		`{"read":0}`:   false,
		`{"typing":1}`: false, `[]`: false, ``: false, `null`: false,
	} {
		if m, ok := parseLaterMessage([]byte(message)); m.Typing != want || want && !ok {
			t.Errorf("%s: %+v, %v", message, m, ok)
		}
	}
}
