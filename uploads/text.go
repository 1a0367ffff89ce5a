package uploads

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// The MIME types that texts are served as, fixed here and never taken from the sender. An encoding is named only if the
// bytes prove it: valid UTF-8 throughout, or UTF-16 by its byte order mark. Otherwise none is claimed: browsers guess,
// also by the reader's language, which is better than a wrong claim.
const (
	typeText    = "text/plain"
	typeUTF8    = "text/plain; charset=utf-8"
	typeUTF16LE = "text/plain; charset=utf-16le"
	typeUTF16BE = "text/plain; charset=utf-16be"
)

// TextType returns the type to serve a text that was received as t; "" if it is no text.
func TextType(t string) string {
	if slices.Contains([]string{typeText, typeUTF8, typeUTF16LE, typeUTF16BE}, t) {
		return t
	}
	return ""
}

// textCheck is a Writer that checks a text as it streams. It fails at the first character that no text has, and reports
// at the end whether it was UTF-8. mimetype reads only the first 4 kB, and a program can begin with a page of prose.
type textCheck struct {
	order   binary.ByteOrder // of UTF-16; nil for an encoding that contains ASCII
	notUTF8 bool
	// tolerant lets other bytes pass: finish reports them.
	tolerant bool
	binary   bool // there were other bytes
	shifts   bool // it has an escape of ISO 2022, the encoding of old Japanese and Korean mail
	escape   bool // the last byte was an escape
	high     bool // UTF-16: a high surrogate waits for its low one
	cut      [utf8.UTFMax]byte
	cutLen   int // bytes of an incomplete character at the end of the last write
}

// newTextCheck detects the encoding from the beginning of the text. Windows still writes UTF-16.
func newTextCheck(head []byte) *textCheck {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return &textCheck{order: binary.LittleEndian, notUTF8: true}
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return &textCheck{order: binary.BigEndian, notUTF8: true}
	}
	return &textCheck{}
}

func (t *textCheck) Write(p []byte) (int, error) {
	ok := true
	if t.order != nil {
		ok = t.writeUTF16(p)
	} else {
		for _, b := range p {
			ok = ok && !binaryControl(uint16(b))
			t.shifts = t.shifts || t.escape && b == '$'
			t.escape = b == 0x1B
		}
		t.writeUTF8(p)
	}
	t.binary = t.binary || !ok
	if t.binary && !t.tolerant {
		return 0, errBinary()
	}
	return len(p), nil
}

// finish returns the type to serve the text as. Call it after the last Write.
func (t *textCheck) finish() (string, error) {
	if t.binary || t.order != nil && (t.cutLen > 0 || t.high) {
		return "", errBinary()
	}
	switch {
	case t.order == binary.LittleEndian:
		return typeUTF16LE, nil
	case t.order == binary.BigEndian:
		return typeUTF16BE, nil
	case t.notUTF8 || t.cutLen > 0 || t.shifts:
		return typeText, nil
	}
	return typeUTF8, nil
}

// binaryControl reports whether c is a control character that texts do not have: the "binary data bytes" of the
// WHATWG's MIME Sniffing standard, which mimetype follows.
func binaryControl(c uint16) bool {
	return c <= 0x08 || c == 0x0B || c >= 0x0E && c <= 0x1A || c >= 0x1C && c <= 0x1F
}

func (t *textCheck) writeUTF8(p []byte) {
	for t.cutLen > 0 && len(p) > 0 && !utf8.FullRune(t.cut[:t.cutLen]) {
		t.cut[t.cutLen] = p[0]
		t.cutLen++
		p = p[1:]
	}
	if utf8.FullRune(t.cut[:t.cutLen]) {
		t.notUTF8 = t.notUTF8 || !utf8.Valid(t.cut[:t.cutLen])
		t.cutLen = 0
	}
	if t.notUTF8 || len(p) == 0 {
		return
	}
	for i := len(p) - 1; i >= 0 && i >= len(p)-utf8.UTFMax; i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				t.cutLen = copy(t.cut[:], p[i:])
				p = p[:i]
			}
			break
		}
	}
	t.notUTF8 = !utf8.Valid(p)
}

func (t *textCheck) writeUTF16(p []byte) bool {
	if t.cutLen == 1 && len(p) > 0 {
		t.cut[1] = p[0]
		t.cutLen = 0
		if !t.unit(t.order.Uint16(t.cut[:])) {
			return false
		}
		p = p[1:]
	}
	for ; len(p) >= 2; p = p[2:] {
		if !t.unit(t.order.Uint16(p)) {
			return false
		}
	}
	if len(p) == 1 {
		t.cut[0] = p[0]
		t.cutLen = 1
	}
	return true
}

// unit handles one UTF-16 code unit: an unpaired surrogate is no text.
func (t *textCheck) unit(u uint16) bool {
	low := u >= 0xDC00 && u <= 0xDFFF
	if low != t.high {
		return false
	}
	t.high = u >= 0xD800 && u <= 0xDBFF
	return !binaryControl(u)
}

func errBinary() *Refusal {
	return refuse(WrongType, "Its name promises plain text, but it holds bytes that no text has.")
}
