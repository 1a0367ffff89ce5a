package uploads

import (
	"bytes"
	"encoding/binary"
	"image/color"
	"testing"
)

func TestOrientation(t *testing.T) {
	plain := asJPEG(flat(4, 2, color.White))
	for value := uint16(1); value <= 8; value++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			if got := readJPEG(bytes.NewReader(withOrientation(plain, order, value))).orientation; got != int(value) {
				t.Errorf("orientation %d, %v: got %d", value, order, got)
			}
		}
	}

	exif := func(b []byte) []byte { return withSegment(plain, markerAPP1, append([]byte(exifPrefix), b...)) }
	good := tiff(binary.LittleEndian, 1, 6)
	patched := func(at int, b ...byte) []byte {
		p := bytes.Clone(good)
		copy(p[at:], b)
		return exif(p)
	}
	for what, content := range map[string][]byte{
		"nothing":                   nil,
		"no JPEG":                   []byte("hello"),
		"no Exif":                   plain,
		"only the start":            plain[:2],
		"another APP1":              withSegment(plain, markerAPP1, []byte("http://ns.adobe.com/xap/1.0/\x00<x/>")),
		"a value of 0":              withOrientation(plain, binary.LittleEndian, 0),
		"a value of 9":              withOrientation(plain, binary.LittleEndian, 9),
		"two values":                exif(tiff(binary.LittleEndian, 2, 6)),
		"an unknown byte order":     patched(0, 'X', 'X'),
		"a wrong mark":              patched(2, 43),
		"a directory beyond":        patched(4, 0xFF, 0xFF, 0xFF, 0xFF),
		"a directory at the edge":   patched(4, byte(len(good)-1)),
		"another type":              patched(8+2+entrySize+2, 4),
		"a directory that is short": patched(8, 1),
		"a header that is cut":      exif(good[:7]),
		"an entry that is cut":      exif(good[:8+2+entrySize+6]),
		"a segment that is cut":     withOrientation(plain, binary.LittleEndian, 6)[:20],
		"a length below its own":    {0xFF, markerSOI, 0xFF, markerAPP1, 0, 1, 0, 0},
		"no marker":                 {0xFF, markerSOI, 0x00},
		"a scan before it": bytes.Join([][]byte{{0xFF, markerSOI, 0xFF, markerSOS},
			withOrientation(plain, binary.LittleEndian, 6)[2:]}, nil),
	} {
		t.Run(what+" is upright", func(t *testing.T) {
			if got := readJPEG(bytes.NewReader(content)).orientation; got != upright {
				t.Errorf("orientation is %d", got)
			}
		})
	}
	t.Run("other segments and fill bytes before it are passed", func(t *testing.T) {
		content := withOrientation(plain, binary.BigEndian, 8)
		content = withSegment(content, 0xFE, bytes.Repeat([]byte{0xFF}, 60_000))
		content = bytes.Join([][]byte{content[:2], {0xFF, 0xFF, markerTEM, 0xFF, 0xFF}, content[2:]}, nil)
		if got := readJPEG(bytes.NewReader(content)).orientation; got != 8 {
			t.Errorf("orientation is %d, want 8", got)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	plain := asJPEG(flat(4, 2, color.White))
	f.Add(plain)
	f.Add(withOrientation(plain, binary.LittleEndian, 6))
	f.Add(withOrientation(plain, binary.BigEndian, 3))
	f.Add([]byte{0xFF, markerSOI, 0xFF, markerAPP1, 0, 16, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0xFF, 0xFF, 0xFF,
		0xFF})
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, o := range []int{readJPEG(bytes.NewReader(content)).orientation, tiffOrientation(content)} {
			if o < 1 || o > 8 {
				t.Errorf("orientation is %d", o)
			}
		}
	})
}
