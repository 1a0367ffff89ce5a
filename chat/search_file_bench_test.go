package chat

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkFiles searches files of a hundred pages each, for a word of some, of most, of their names and of none.
func BenchmarkFiles(b *testing.B) {
	c := mustOpen(b, Options{})
	ada := mustSignIn(b, c, "Ada")
	words := newWordSource(1)
	const files, size = 48, 256 << 10
	for n := range files {
		var text strings.Builder
		fmt.Fprint(&text, "rare", n, " ")
		for text.Len() < size-1000 {
			text.WriteString(words.message() + " ")
		}
		file := Attachment{ID: NewID(), Name: "a.txt", Type: "text/plain", Size: size}
		must(b, errOf2(c.Messages.Post(b.Context(), ada, "general-talk", Draft{Body: "words", Files: []Attachment{file}})))
		must(b, c.keepText(b.Context(), file.ID, textTaken, text.String()))
		for more := n%8 == 0; more; {
			var err error
			more, err = c.indexStep(b.Context())
			must(b, err)
		}
	}
	var blocks, bytes int64
	must(b, c.db.QueryRowContext(b.Context(), `SELECT count(*), sum(length(file_words) + length(file_lists) + length(
		file_columns)) FROM search_blocks`).Scan(&blocks, &bytes))
	b.Logf("%d files of %d bytes: %d blocks, %d bytes", files, size, blocks, bytes)
	for name, query := range map[string]string{
		"rare": "rare7", "common": words.words[3], "names": "a.txt", "none": "qqqqq"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := c.Messages.Files(b.Context(), ada, "", FileQuery{Text: query, Before: fromTheNewest})
				must(b, err)
			}
		})
	}
	b.Run("messages", func(b *testing.B) {
		for b.Loop() {
			must(b, errOf(c.Messages.Search(b.Context(), ada, SearchQuery{Text: "words"})))
		}
	})
}
