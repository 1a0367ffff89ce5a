package handlers

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"chitchat/chat"
	"chitchat/chat/costtest"
)

// TestNoFormCostsMuchMoreThanItsLength: a form within the limits takes at most five times as long to read as a message
// of its length, and at most a megabyte. The same applies to a page's first message on its socket.
func TestNoFormCostsMuchMoreThanItsLength(t *testing.T) {
	fill := func(unit string, size int) []byte { return bytes.Repeat([]byte(unit), size/len(unit)+1)[:size] }
	parse := func(kind string, limit int64) func([]byte) {
		return func(raw []byte) {
			b := &body{r: bytes.NewReader(raw), limit: limit, stop: limit, announced: int64(len(raw)), more: func(int64) {}}
			_, _ = parseForm(kind, b, limit, func(string, io.Reader) error { return nil })
		}
	}
	multipartHead := "--x\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n"
	message := func() { // as many bytes as a subscribe request may have; anything cheaper is cheap enough
		for range 5 {
			parse("application/x-www-form-urlencoded", maxMessageForm)(fill("body=plain+words+", chat.MaxBodyLen))
		}
	}
	for what, c := range map[string]struct {
		read  func([]byte)
		size  int
		plain string
		worst []string
	}{
		"a form": {parse("application/x-www-form-urlencoded", maxForm), maxForm, "body=plain+words+",
			[]string{"&", "a&", "a=&", "%", "%41", "%41=%41&", "=", "+", ";", "\x00"}},
		"a message": {parse("application/x-www-form-urlencoded", maxMessageForm), maxMessageForm, "body=plain+words+",
			[]string{"&", "a&", "%f0%9f%98%80", "%41", "=", "a=b&"}},
		"a form in parts": {parse("multipart/form-data; boundary=x", maxForm), maxForm,
			multipartHead + strings.Repeat("plain words ", 6000),
			[]string{"--x\r\n", "--x\r\n\r\n\r\n", multipartHead, "\r\n--x", "--x\r\nA: b\r\n", "-"}},
		"a subscribe request": {func(raw []byte) { _, _ = parseSubscribeRequest(raw) }, socketLimits.MaxMessage,
			`{"channel":"` + strings.Repeat("plain words ", 5000),
			[]string{`{"a":`, "[", `{"channel":"\u0041`, `{"channel":"x","channel":"x",`, "{", `"\u`, "9"}},
		"a message of a page": {func(raw []byte) { _, _ = parseRead(raw); _ = parseTyping(raw) }, socketLimits.MaxMessage,
			`{"read":` + strings.Repeat("1", 1000),
			[]string{`{"read":`, `{"read":9`, "[", "{"}},
	} {
		plain := fill(c.plain, c.size)
		for _, unit := range c.worst {
			raw := fill(unit, c.size)
			ratio := costtest.Ratio(t, 5, func() { c.read(raw) }, func() { c.read(plain) }, message)
			if ratio > 5 {
				t.Errorf("%s of %q costs %.1f times what plain words cost", what, unit, ratio)
			}
			used := costtest.Allocated(func() { c.read(raw) })
			if used > 1<<20 {
				t.Errorf("%s of %q takes %d kB", what, unit, used>>10)
			}
			if testing.Verbose() {
				t.Logf("| %s | %q | %.1f | %d kB |", what, unit, ratio, used>>10)
			}
		}
	}
}
