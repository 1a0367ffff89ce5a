package chat

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// wordSource writes messages as people do: a few words are in most of them, and most words in few. The same seed
// gives the same messages.
type wordSource struct {
	random *rand.Rand
	zipf   *rand.Zipf
	words  []string
	han    *rand.Zipf
}

func newWordSource(seed uint64) *wordSource {
	random := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // it is not secret
	const many = 200_000
	w := &wordSource{random: random, zipf: rand.NewZipf(random, 1.1, 2.7, many-1), han: rand.NewZipf(random, 1.05, 20, 3000)}
	seen := make(map[string]bool)
	for len(w.words) < many {
		word := w.invent(2 + len(w.words)/40_000)
		if !seen[word] {
			seen[word] = true
			w.words = append(w.words, word)
		}
	}
	return w
}

// invent makes a word of some syllables.
func (w *wordSource) invent(syllables int) string {
	const consonants, vowels = "bcdfghjklmnprstvwz", "aeiouy"
	var b strings.Builder
	for range 1 + w.random.IntN(syllables) {
		b.WriteByte(consonants[w.random.IntN(len(consonants))])
		b.WriteByte(vowels[w.random.IntN(len(vowels))])
		if w.random.IntN(3) == 0 {
			b.WriteByte(consonants[w.random.IntN(len(consonants))])
		}
	}
	return b.String()
}

func (w *wordSource) word() string { return w.words[w.zipf.Uint64()] }

// message returns a message: most are sentences, some are Chinese, some are code or have a link.
func (w *wordSource) message() string {
	var b strings.Builder
	n := 3 + w.random.IntN(18)
	switch w.random.IntN(10) {
	case 0:
		for range 2 * n {
			b.WriteRune(rune(0x4e00 + w.han.Uint64()*5))
		}
		return b.String()
	case 1:
		b.WriteString(w.word() + strings.ToUpper(w.word()) + "(" + w.word() + "." + w.word() + ", 0x" +
			strconv.FormatUint(w.random.Uint64N(1<<32), 16) + ") // ")
	case 2:
		b.WriteString("https://" + w.word() + ".example/" + w.word() + "/" + strconv.Itoa(w.random.IntN(1e6)) + " ")
	}
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.word())
	}
	b.WriteByte('.')
	return b.String()
}
