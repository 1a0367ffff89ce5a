package handlers

import (
	"fmt"
	"sync"
	"testing"

	"chitchat/chat"
)

// BenchmarkUnreads opens the page of what is unread, with 10,000 messages in 100 channels, and beside it a warm channel
// of a hundred messages: while nobody has the channels open, and when somebody has.
func BenchmarkUnreads(b *testing.B) {
	const channels, each = 100, 100
	s := newBenchServer(b)
	ada, bob := s.signedIn("Ada"), s.signedIn("Bob")
	slugs := s.fillUnread(b, bob, channels, each)
	for _, rooms := range []string{"cold", "warm"} {
		for _, encoding := range []string{"", "gzip", "br"} {
			for _, path := range []string{general, "/unreads"} {
				b.Run(fmt.Sprintf("rooms=%s/encoding=%s/path=%s", rooms, encoding, path), func(b *testing.B) {
					of := ada
					if path == general {
						of = bob // Ada must not read it
					}
					w, request := dial(b, s.url), of.page(path, encoding)
					if _, _, err := w.send(request); err != nil {
						b.Fatal(err)
					}
					load(b, []*wire{w}, func(int, int) []byte { return request }, "pages/s")
				})
			}
		}
		for _, slug := range slugs {
			bob.get("/c/" + slug).want(200)
		}
	}
}

// fillUnread posts so many messages in each of so many channels, General Talk among them.
func (s *testServer) fillUnread(b *testing.B, p *testClient, channels, each int) (slugs []string) {
	b.Helper()
	slugs = []string{general[3:]}
	for i := 1; i < channels; i++ {
		ch, err := s.Chat.Channels.Create(b.Context(), p.actor(), fmt.Sprintf("Channel %d", i), chat.Public)
		if err != nil {
			b.Fatal(err)
		}
		slugs = append(slugs, ch.Slug)
	}
	var wg sync.WaitGroup
	a := p.actor()
	for _, slug := range slugs {
		wg.Go(func() {
			for i := range each {
				_, _, err := s.Chat.Messages.Post(b.Context(), a, slug, chat.Draft{Body: fmt.Sprintf("%d: %s", i, hundred),
					ClientID: fmt.Sprintf("client-%09d", i)})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return slugs
}
