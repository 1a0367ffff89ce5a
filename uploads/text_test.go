package uploads

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
)

func asUTF16(s string, big bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

func TestTextsAreTakenInEveryEncoding(t *testing.T) {
	s, _ := openStore(t, Options{})
	long := strings.Repeat("日本語のテキスト 👍🏽 and words\r\n", 5000)
	for what, c := range map[string]struct {
		content []byte
		want    string
	}{
		"ASCII":               {[]byte("Hello,\n\tworld.\f\x1b[0m"), typeUTF8},
		"UTF-8":               {[]byte(long), typeUTF8},
		"UTF-8 with a mark":   {[]byte("\ufeffHello"), typeUTF8},
		"Latin-1":             {[]byte("Gr\xfc\xdfe aus K\xf6ln"), typeText},
		"Latin-1, late":       {[]byte(long + "Gr\xfc\xdfe"), typeText},
		"UTF-8 that is cut":   {[]byte(long + "日")[:len(long)+2], typeText},
		"Shift JIS":           {[]byte("\x93\xfa\x96{\x8c\xea"), typeText},
		"UTF-16":              {asUTF16(long, false), typeUTF16LE},
		"UTF-16 big end":      {asUTF16(long, true), typeUTF16BE},
		"ISO-2022-JP":         {[]byte("\x1b$BF|K\\8l\x1b(B"), typeText},
		"JSON":                {[]byte(`{"a": [1, 2, 3]}`), typeUTF8},
		"CSV":                 {[]byte("a,b,c\n1,2,3\n4,5,6\n"), typeUTF8},
		"a shell script":      {[]byte("#!/bin/sh\necho hello\n"), typeUTF8},
		"XML of no page":      {[]byte("<?xml version=\"1.0\"?><data><row/></data>"), typeUTF8},
		"mark-up further on":  {[]byte("Use the tag like this: <b>bold</b><script>x</script>"), typeUTF8},
		"a text about a file": {[]byte("GIF and PNG are formats, and PK is a name."), typeUTF8},
	} {
		t.Run(what, func(t *testing.T) {
			f := mustReceive(t, s, "note.txt", c.content)
			if f.Type != c.want || f.Size != int64(len(c.content)) || f.Width != 0 || f.Height != 0 || f.Thumb {
				t.Errorf("got %+v, want type %q and size %d", f, c.want, len(c.content))
			}
			s.Discard(f)
		})
	}
	wantFiles(t, s)
}

func TestTextsWithOtherBytesAreRefused(t *testing.T) {
	s, _ := openStore(t, Options{})
	long := strings.Repeat("words and words\n", 4000)
	for what, content := range map[string][]byte{
		"NUL":                                 []byte("a\x00b"),
		"NUL after pages of text":             []byte(long + "\x00"),
		"a control character, late":           []byte(long + "\x01" + long),
		"random bytes":                        asPNG(photo(10, 10))[40:],
		"UTF-16 without a mark":               asUTF16("hello", false)[2:],
		"UTF-16 with NUL":                     asUTF16("a\x00b", false),
		"UTF-16 with half a character":        asUTF16("abc", true)[:7],
		"UTF-16 with half a pair":             append(asUTF16("abc", false), 0x00, 0xD8, 'x', 0),
		"UTF-16 that ends in a pair":          append(asUTF16("abc", false), 0x00, 0xD8),
		"UTF-16 that begins a pair in middle": append(asUTF16("abc", false), 0x00, 0xDC),
		"UTF-32":                              {0xFF, 0xFE, 0, 0, 'a', 0, 0, 0},
	} {
		t.Run(what, func(t *testing.T) {
			mustRefuse(t, s, "note.txt", bytes.NewReader(content), WrongType, "promises plain text")
		})
	}
}

// A text in pieces of any size has the same result as the whole.
func TestTextCheckInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	samples := [][]byte{
		[]byte("aé日👍z"), []byte("a\xe6\x97"), []byte("\xf0\x9f\x91"), []byte("\xe6\x97x"), []byte("\xff"),
		[]byte("x\xc3\xc3\xa9"),
		asUTF16("aé日👍z", false), asUTF16("aé日👍z", true), asUTF16("👍", false)[:5],
	}
	for range 2000 {
		sample := samples[r.IntN(len(samples))]
		whole, pieces := newTextCheck(sample), newTextCheck(sample)
		_, wholeErr := whole.Write(sample)
		var err error
		for rest := sample; len(rest) > 0 && err == nil; {
			n := 1 + r.IntN(len(rest))
			_, err = pieces.Write(rest[:n])
			rest = rest[n:]
		}
		if (wholeErr == nil) != (err == nil) {
			t.Fatalf("%q: whole %v, in pieces %v", sample, wholeErr, err)
		}
		want, wantErr := whole.finish()
		got, gotErr := pieces.finish()
		if want != got || (wantErr == nil) != (gotErr == nil) {
			t.Fatalf("%q: whole %q %v, in pieces %q %v", sample, want, wantErr, got, gotErr)
		}
	}
}
