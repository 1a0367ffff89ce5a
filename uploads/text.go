package uploads

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// What a text is served as: fixed here, never taken from the sender. An encoding is named where the bytes are proof of
// it: they are UTF-8 throughout, or UTF-16 by the mark at their beginning. Of others nothing is claimed: browsers
// guess, by their reader's language too, which is better than to be told something wrong.
const (
	typeText    = "text/plain"
	typeUTF8    = "text/plain; charset=utf-8"
	typeUTF16LE = "text/plain; charset=utf-16le"
	typeUTF16BE = "text/plain; charset=utf-16be"
)

// TextType returns the type to serve a text as that was received as t; "" for what is no text.
func TextType(t string) string {
	if slices.Contains([]string{typeText, typeUTF8, typeUTF16LE, typeUTF16BE}, t) {
		return t
	}
	return ""
}

// textCheck is written a text as it streams by. It refuses it at the first character that no text has,
// and knows at the end whether it was UTF-8. mimetype looks at the first 4 kB only, and a program can
// begin with a page of prose.
type textCheck struct {
	order   binary.ByteOrder // of UTF-16; nil for an encoding that has ASCII in it
	notUTF8 bool
	shifts  bool // it has an escape of ISO 2022, the encoding of old Japanese and Korean mail
	escape  bool // the last byte was an escape
	high    bool // UTF-16: the first half of a pair waits for its second
	cut     [utf8.UTFMax]byte
	cutLen  int // bytes of a character that the last piece ended inside
}

// newTextCheck takes the encoding from how the text begins. Windows still writes UTF-16.
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
	if !ok {
		return 0, errBinary()
	}
	return len(p), nil
}

// finish is called after the last Write and gives the type to serve the text as.
func (t *textCheck) finish() (string, error) {
	if t.order != nil && (t.cutLen > 0 || t.high) {
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

// binaryControl reports whether c is a control character that text does not have: the "binary data
// bytes" of the WHATWG's MIME sniffing standard, which is what mimetype goes by.
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

// unit takes one half or whole character of UTF-16: a half without its other half is no text.
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
