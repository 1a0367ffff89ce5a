package chat

import (
	"slices"
	"strings"
)

// callWords mention everyone, here or in other chats: no name or handle may be one. Those in calling mention everyone
// here, as the first word after an @, so no name may begin with one: otherwise "@all hands on deck" would mention a
// user called All Hands only.
var (
	callWords = []string{"all", "channel", "everyone", "here"}
	calling   = []string{"all", "channel"}
)

// calledAs returns the word that mentions everyone which a name could be taken for; "" when there is none.
func calledAs(name string) string {
	if whole := strings.Trim(NameKey(name), "._-,\u060c "); slices.Contains(callWords, whole) {
		return whole
	}
	if word := callWord(NameKey(name), calling); word != "" {
		return word
	}
	first, more, _ := strings.Cut(strings.TrimFunc(name, separates), " ")
	if more == "" {
		return looksCalling(first, callWords)
	}
	return looksCalling(first, calling)
}

// looksCalling returns the one of words that a word looks like; "" when there is none.
func looksCalling(word string, words []string) string {
	if word = strings.TrimFunc(word, separates); strings.ContainsFunc(word, separates) { // Al-L means only that user
		return ""
	}
	l := likenessOf(word)
	for _, call := range words {
		if l.alike(likenessOf(call)) {
			return call
		}
	}
	return ""
}

// callWord returns the first word of a name's key if it is one of words.
func callWord(key string, words []string) string {
	first, _, _ := strings.Cut(key, " ")
	if first = strings.Trim(first, "._-,\u060c"); slices.Contains(words, first) {
		return first
	}
	return ""
}
