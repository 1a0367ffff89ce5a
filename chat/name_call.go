package chat

import (
	"slices"
	"strings"
)

// callWords mention everyone: no name or handle may be one. Those in calling do so as the first word after an @, so no
// name may begin with one: otherwise "@all hands on deck" would mention a user called All Hands only. The others do so
// unless the text goes on as the name of a user, such as Everyone Else: there have always been such names.
var (
	callWords = []string{"all", "channel", "everyone", callsPresent}
	calling   = []string{"all", "channel"}
)

// callsPresent mentions those members who are online when it is posted.
const callsPresent = "here"

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
	if first = strings.Trim(first, aroundCall); slices.Contains(words, first) {
		return first
	}
	return ""
}

// aroundCall are the characters of names that may be around a word that mentions everyone.
const aroundCall = "._-,\u060c"

// calledAlone returns a name's key if it is a word that mentions everyone.
func calledAlone(key string) string {
	if key = strings.Trim(key, aroundCall); slices.Contains(callWords, key) {
		return key
	}
	return ""
}
