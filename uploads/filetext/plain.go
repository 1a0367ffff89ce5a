package filetext

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// plain reads a plain text, of any size: only the beginning. What begins neither as UTF-8 nor as UTF-16, nor was
// received as a text, has none.
func plain(r io.Reader, head []byte, received bool) (string, error) {
	in := encodingOf(head, received)
	if in == nil {
		return "", nil
	}
	// of UTF-16 as many characters as fit, and of others, which may be white space, at most four times as much
	decoded, err := io.ReadAll(in.NewDecoder().Reader(io.LimitReader(r, 4*MaxText)))
	if err != nil {
		return "", err
	}
	var t line
	if err := t.add(string(decoded)); err != nil && !errors.Is(err, errFull) {
		return "", err
	}
	return t.String(), nil
}

// encodingOf returns how a text is encoded that begins so; nil: it is no text. Texts in older encodings are mostly
// lists that spreadsheets wrote in that of Windows.
func encodingOf(head []byte, received bool) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.IndexByte(head, 0) >= 0:
		return nil
	case utf8.Valid(whole(head)):
		return unicode.UTF8BOM
	case received:
		return charmap.Windows1252
	}
	return nil
}

// whole returns b without an incomplete character at its end.
func whole(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				return b[:i]
			}
			break
		}
	}
	return b
}
