package uploads

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"io"
	"os"
	"strings"
	"testing"
)

// secret stands for any metadata about a picture's author.
const secret = "48.2082N 16.3738E SN123456"

// exifOf returns Exif data with an orientation, followed by the maker, the serial number and the location.
func exifOf(orientation uint16) []byte {
	return append(tiff(binary.BigEndian, 1, orientation), secret...)
}

func kept(t *testing.T, s *Store, name string, content []byte) (*File, []byte) {
	t.Helper()
	f := mustKeep(t, s, name, "picture", content)
	defer func() { must(0, s.Remove("picture")) }()
	file := must(s.Open("picture"))
	defer func() { must(0, file.Close()) }()
	return f, must(io.ReadAll(file))
}

func mustDecode(t *testing.T, content []byte) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func gifPart(label byte, blocks ...string) []byte {
	b := []byte{gifExtension, label}
	for _, block := range blocks {
		b = append(append(b, byte(len(block))), block...)
	}
	return append(b, 0)
}

// spyJPEG returns a JPEG with metadata in every possible place.
func spyJPEG() []byte {
	plain := asJPEG(flat(40, 20, color.NRGBA{R: 200, A: 255}))
	sos := bytes.Index(plain, []byte{0xFF, markerSOS})
	b := bytes.Join([][]byte{plain[:sos], withSegment([]byte{0xFF, markerSOI}, 0xFE, []byte(secret))[2:], plain[sos:]},
		nil)
	for _, s := range []struct {
		marker byte
		body   string
	}{
		{0xFE, secret}, {0xED, "Photoshop 3.0\x008BIM" + secret},
		{0xE1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + secret},
		{0xE1, "http://ns.adobe.com/xmp/extension/\x00" + secret}, {0xE2, "MPF\x00" + secret}, {0xE5, secret}, {0xEE, secret},
		{0xF7, secret}, {0x7A, secret},
		{0xE2, "ICC_PROFILE\x00\x01\x01colours"}, {0xE0, "JFXX\x00\x10" + secret},
		{0xE1, exifPrefix + string(exifOf(3))}, {0xE1, exifPrefix + string(exifOf(6))},
		{0xE0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x01" + secret},
	} {
		b = withSegment(b, s.marker, []byte(s.body))
	}
	return join(b, "\xff\xd8 a second picture ", secret, "\x00\x00\x00\x18ftypmp42", secret)
}

func spyPNG(orientation uint16) []byte {
	plain := asPNG(flat(40, 20, color.NRGBA{R: 200, A: 255}))
	b := plain
	for _, c := range []struct{ name, data string }{
		{"tEXt", "Comment\x00" + secret}, {"zTXt", "a\x00\x00" + secret},
		{"iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00" + secret},
		{"tIME", secret[:7]}, {"eXIf", string(exifOf(orientation))}, {"prVt", secret}, {"caBX", secret}, {"sPLT", secret},
		{"gAMA", "\x00\x00\xb1\x8f"}, {"pHYs", "\x00\x00\x00\x01\x00\x00\x00\x01\x01"},
	} {
		b = afterIHDR(b, pngChunk(c.name, []byte(c.data)))
	}
	end := len(b) - 12
	b = bytes.Join([][]byte{b[:end], pngChunk("tEXt", []byte("late\x00"+secret)), b[end:], []byte(secret)}, nil)
	broken := bytes.Index(b, []byte("Comment\x00")) + len("Comment\x00"+secret)
	b[broken] ^= 1 // its checksum: dropped chunks are not verified
	return b
}

func spyWebP(orientation uint16, prefix string) []byte {
	red := color.NRGBA{R: 200, A: 255}
	header := []byte{flagExif | flagXMP | flagAlpha | 0x20, 0, 0, 0, 39, 0, 0, 19, 0, 0}
	return join(riff(webpChunk("VP8X", header), webpChunk("ICCP", []byte("colours")),
		webpChunk("VP8L", losslessBits(40, 20, red)),
		webpChunk("EXIF", join(prefix, exifOf(orientation))), webpChunk("XMP ", []byte(secret)), webpChunk("what",
			[]byte(secret))), secret)
}

func spyFilm() []byte {
	b := movingWebP(40, 20, color.NRGBA{R: 200, A: 255})
	at := bytes.LastIndex(b, []byte("ANMF"))
	frame := b[at+chunkHeader:]
	frame = append(frame[:len(frame):len(frame)], webpChunk("note", []byte(secret))...)
	return riff(b[riffHeader:at], webpChunk("ANMF", frame), webpChunk("XMP ", []byte(secret)))
}

func spyGIF() []byte {
	plain := asGIF(flat(40, 20, color.NRGBA{R: 200, A: 255}))
	start := 13 + 3<<(plain[10]&7+1)
	return join(plain[:start],
		gifPart(0xFE, secret), gifPart(gifApplication, "NETSCAPE2.0", "\x01\x00\x00", secret),
		gifPart(gifApplication, "XMP DataXMP", secret, secret),
		gifPart(gifApplication, "ICCRGBG1012", "colours"), gifPart(0x01, secret[:12], secret), gifPart(0xAB, secret),
		gifPart(gifControl, "\x00\x00\x00\x00"),
		plain[start:len(plain)-1], gifPart(0xFE, secret), ";", secret)
}

// A picture's location and camera are removed; its looks stay.
func TestPicturesTellNothingOfTheirMaker(t *testing.T) {
	s, _ := openStore(t, Options{})
	for _, c := range []struct {
		name    string
		content []byte
		stays   []string
		turned  bool
	}{
		{"a.jpg", spyJPEG(), []string{"ICC_PROFILE\x00\x01\x01colours", "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00",
			exifPrefix + string(orientationOnly(6))}, true},
		{"a.png", spyPNG(8), []string{"gAMA", "pHYs", "eXIf" + string(orientationOnly(8))}, true},
		{"upright.png", spyPNG(upright), []string{"gAMA"}, false},
		{"a.webp", spyWebP(6, ""),
			[]string{"ICCP\x07\x00\x00\x00colours\x00", "EXIF\x1a\x00\x00\x00" + string(orientationOnly(6))}, true},
		{"b.webp", spyWebP(5, exifPrefix), []string{string(orientationOnly(5))}, true},
		{"upright.webp", spyWebP(upright, ""), []string{"ICCP"}, false},
		{"film.webp", spyFilm(), []string{"ANIM", "note"}, false},
		{"a.gif", spyGIF(), []string{"NETSCAPE2.0\x03\x01\x00\x00\x00", "ICCRGBG1012\x07colours\x00"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !bytes.Contains(c.content, []byte(secret)) {
				t.Fatal("there is nothing to tell")
			}
			f, got := kept(t, s, c.name, c.content)
			if bytes.Contains(got, []byte(secret[:8])) {
				t.Errorf("it still tells: %q", got)
			}
			for _, part := range c.stays {
				if !bytes.Contains(got, []byte(part)) {
					t.Errorf("%q is gone: %q", part, got)
				}
			}
			if !c.turned && bytes.Contains(got, orientationOnly(upright)[:10]) {
				t.Error("it is turned to where it is")
			}
			width, height := 40, 20
			if c.turned {
				width, height = 20, 40
			}
			if f.Size != int64(len(got)) || f.Width != width || f.Height != height {
				t.Errorf("%d bytes, %d × %d; want %d, %d × %d", f.Size, f.Width, f.Height, len(got), width, height)
			}
			if !strings.HasPrefix(c.name, "film") {
				if r, g, b, _ := mustDecode(t, got).At(7, 7).RGBA(); r>>8 < 190 || g>>8 > 10 || b>>8 > 10 {
					t.Error("it looks different:", r, g, b)
				}
			}
		})
	}
	t.Run("what says nothing stays as it is", func(t *testing.T) {
		for name, content := range map[string][]byte{
			"a.png": asPNG(photo(30, 20)), "a.jpg": asJPEG(photo(30, 20)), "a.gif": asGIF(photo(30, 20)),
			"scans.jpg": scansJPEG(64, 64, 12),
			"a.webp":    asWebP(30, 20, color.NRGBA{R: 1, A: 255}), "film.webp": movingWebP(40, 20, color.NRGBA{R: 1, A: 255}),
		} {
			if _, got := kept(t, s, name, content); !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes became %d", name, len(content), len(got))
			}
		}
	})
	t.Run("two parts that come together are looked at again", func(t *testing.T) {
		b := withSegment(asJPEG(flat(9, 9, color.White)), markerAPP2, []byte("ICC_PROFILE\x00\x01\x01"+someHTML))
		b = withSegment(b, 0xFE, bytes.Repeat([]byte("x"), 60_000))
		mustRefuse(t, s, "a.jpg", bytes.NewReader(b), WrongType, "two kinds")
		b = withSegment(asJPEG(flat(9, 9, color.White)), markerAPP2, join("ICC_PROFILE\x00\x01\x01", someZIP()))
		mustRefuse(t, s, "a.jpg", bytes.NewReader(join(b, make([]byte, 70_000))), WrongType, "two kinds")
	})
}

// readCount counts the bytes read from a file.
type readCount struct {
	*bytes.Reader
	bytes int64
}

func (r *readCount) ReadAt(p []byte, off int64) (int, error) {
	n, err := r.Reader.ReadAt(p, off)
	r.bytes += int64(n)
	return n, err
}

// For any bytes: a picture is read at most twice, only the orientation is added, and stripping is idempotent.
func FuzzStrip(f *testing.F) {
	for _, content := range [][]byte{
		spyJPEG(), spyPNG(6), spyWebP(6, ""), spyFilm(), spyGIF(), scansJPEG(16, 16, 3),
		spyJPEG()[:300], spyPNG(6)[:200], spyWebP(6, "")[:90], spyFilm()[:99], spyGIF()[:900],
		riff(webpChunk("VP8X", nil), []byte("EXIF\xff\xff\xff\xff")),
	} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		for _, want := range formats {
			if want.strip == nil {
				continue
			}
			run := func(sent []byte) ([]byte, content, error) {
				file := &readCount{Reader: bytes.NewReader(sent)}
				var b bytes.Buffer
				c, err := strip(want.strip, &b, source{ctx: t.Context(), file: file, size: int64(len(sent))})
				if file.bytes > 2*int64(len(sent)) {
					t.Errorf("%s: %d bytes were read of %d", want.mime, file.bytes, len(sent))
				}
				c.orientation = max(c.orientation, upright)
				return b.Bytes(), c, err
			}
			once, c, err := run(sent)
			if err != nil {
				if len(once) > 0 {
					t.Errorf("%s: %v, and %d bytes were written", want.mime, err, len(once))
				}
				continue
			}
			if len(once) > len(sent)+64 {
				t.Errorf("%s: %d bytes became %d", want.mime, len(sent), len(once))
			}
			twice, again, err := run(once)
			if err != nil || !c.cut && (!bytes.Equal(once, twice) || again != c) {
				t.Errorf("%s: %q became %q, and %q (%v, %v, %v)", want.mime, sent, once, twice, c, again, err)
			}
		}
	})
}

func TestNothingOfWhatWasSentStays(t *testing.T) {
	s, dir := openStore(t, Options{})
	mustKeep(t, s, "a.jpg", "picture", spyJPEG())
	f := must(s.ReceiveSquare(t.Context(), "ann", "a.jpg", bytes.NewReader(spyJPEG()), Square{Side: 16}))
	if err := s.Keep(f, "square"); err != nil {
		t.Fatal(err)
	}
	for _, name := range listFiles(t, s) {
		if b := must(os.ReadFile(dir + "/" + name)); bytes.Contains(b, []byte(secret)) {
			t.Error(name, "tells all")
		}
	}
	wantFiles(t, s, "files/re/picture", "files/re/square")
}
