package views

import (
	"testing"

	"chitchat/chat"
)

func TestTypingWords(t *testing.T) {
	people := []chat.User{{ID: 1, Name: "Maya"}, {ID: 2, Name: "Bob"}, {ID: 3, Name: "Cem"}}
	for n, want := range []string{"", "Maya is typing…", "Maya and Bob are typing…", "Several people are typing…"} {
		if got := typingWords(people[:n]); got != want {
			t.Errorf("%d people: %q, want %q", n, got, want)
		}
	}
}
