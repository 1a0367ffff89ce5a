package uploads

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"image/color"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// allocated returns how many bytes f allocates on the heap, including freed ones.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// pngBomb returns a complete, valid PNG of one bit per pixel, all black.
func pngBomb(w, h uint32) []byte {
	var data bytes.Buffer
	z := must(zlib.NewWriterLevel(&data, zlib.BestSpeed))
	row := make([]byte, 1+(w+7)/8)
	for range h {
		_ = must(z.Write(row))
	}
	must(0, z.Close())
	return bytes.Join([][]byte{
		framePNG(w, h, 1, 0, 0), pngChunk("IDAT", data.Bytes()), pngChunk("IEND", nil),
	}, nil)
}

// hugeBomb has 400 megapixels.
var hugeBomb = sync.OnceValue(func() []byte { return pngBomb(20_000, 20_000) })

func TestPicturesOfTooManyPixelsAreRefusedByTheHeader(t *testing.T) {
	s, _ := openStore(t, Options{})
	bomb := hugeBomb()
	t.Logf("the bomb weighs %d bytes", len(bomb))
	gifHeader := []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff;")
	jpegHeader := asJPEG(flat(8, 8, color.White))
	sof := bytes.Index(jpegHeader, []byte{0xFF, 0xC0})
	copy(jpegHeader[sof+5:], []byte{0xFF, 0xF0, 0xFF, 0xF0})
	for name, content := range map[string][]byte{
		"bomb.png":       bomb,
		"header.png":     framePNG(100_000, 100_000, 8, 6, 0),
		"just above.png": framePNG(40_000_001, 1, 8, 6, 0),
		"bomb.webp":      asWebP(16384, 16384, color.NRGBA{A: 255}),
		"moving.webp":    movingWebP(40_000, 40_000, color.NRGBA{A: 255}),
		"header.gif":     gifHeader,
		"header.jpg":     jpegHeader,
	} {
		t.Run(name, func(t *testing.T) {
			n := allocated(func() {
				mustRefuse(t, s, name, bytes.NewReader(content), TooLarge, "40 is the most")
			})
			if n > 1<<20 {
				t.Errorf("%d bytes were allocated", n)
			}
		})
	}
}

// frameJPEG returns a JPEG that ends after its frame header: a marker, and the sampling of each component.
func frameJPEG(marker byte, w, h uint16, sampling ...byte) []byte {
	frame := binary.BigEndian.AppendUint16([]byte{8}, h)
	frame = binary.BigEndian.AppendUint16(frame, w)
	frame = append(frame, byte(len(sampling)))
	for i, s := range sampling {
		frame = append(frame, byte(i+1), s, 0)
	}
	return withSegment([]byte{0xFF, markerSOI, 0xFF, markerSOS, 0, 8}, marker, frame)
}

// framePNG returns a PNG that ends after its header.
func framePNG(w, h uint32, depth, colours, interlace byte) []byte {
	ihdr := binary.BigEndian.AppendUint32(nil, w)
	ihdr = binary.BigEndian.AppendUint32(ihdr, h)
	ihdr = append(ihdr, depth, colours, 0, 0, interlace)
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", ihdr)...)
}

// Some pictures within the pixel limit need many times their memory for decoding.
func TestPicturesOfTooMuchMemoryAreRefusedByTheHeader(t *testing.T) {
	for _, c := range []struct {
		what, name string
		content    []byte
		want       Kind // "": the header passes
	}{
		{"a progressive JPEG in full colour", "a.jpg", frameJPEG(markerSOF2, 8000, 5000, 0x11, 0x11, 0x11), TooLarge},
		{"with colours at half the size", "a.jpg", frameJPEG(markerSOF2, 8000, 5000, 0x22, 0x11, 0x11), TooLarge},
		{"of a camera of 24 megapixels", "a.jpg", frameJPEG(markerSOF2, 6000, 4000, 0x22, 0x11, 0x11), ""},
		{"with a third of the pixels", "a.jpg", frameJPEG(markerSOF2, 2600, 5000, 0x11, 0x11, 0x11), ""},
		{"not progressive", "a.jpg", frameJPEG(markerSOF0, 8000, 5000, 0x11, 0x11, 0x11), ""},
		{"an interlaced PNG of 16 bits", "a.png", framePNG(8000, 5000, 16, 6, 1), TooLarge},
		{"of 16 bits, with a quarter of the pixels", "a.png", framePNG(2000, 5000, 16, 6, 1), ""},
		{"of 8 bits, with half the pixels", "a.png", framePNG(4000, 5000, 8, 6, 1), ""},
		{"of 8 bits, not interlaced", "a.png", framePNG(8000, 5000, 8, 6, 0), ""},
		{"of 16 bits, not interlaced", "a.png", framePNG(6324, 6324, 16, 6, 0), TooLarge},
		{"a WebP without loss", "a.webp", asWebP(6324, 6324, color.NRGBA{A: 255}), ""},
		{"a moving one with transparency", "a.webp", movingWebP(6324, 6324, color.NRGBA{A: 255}), TooLarge},
	} {
		t.Run(c.what, func(t *testing.T) {
			want, err := someTypes.promised(c.name)
			if err != nil {
				t.Fatal(err)
			}
			var verdict error
			src := source{ctx: t.Context(), file: bytes.NewReader(c.content), size: int64(len(c.content))}
			_, err = want.decode(src, func(st still) error {
				if verdict = allowPixels(st); verdict == nil {
					return errors.New("enough was read")
				}
				return verdict
			})
			var got Kind
			if refusal, ok := errors.AsType[*Refusal](verdict); ok {
				got = refusal.Kind
			}
			if got != c.want || err == nil || verdict == nil && err.Error() != "enough was read" {
				t.Errorf("the header is %q (%v), want %q", got, err, c.want)
			}
		})
	}
}

// scansJPEG returns a progressive JPEG with n scans: ten bytes of header and a few bits for "no change" make a scan.
func scansJPEG(w, h, n int) []byte {
	blocks := (w / 8) * (h / 8)
	b := []byte{0xFF, 0xD8}
	b = append(append(b, 0xFF, 0xDB, 0, 67, 0), bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xFF, 0xC2, 0, 11, 8, byte(h>>8), byte(h), byte(w>>8), byte(w), 1, 1, 0x11, 0)
	for _, table := range [][2]byte{{0x00, 0x00}, {0x10, 0xE0}} {
		b = append(b, 0xFF, 0xC4, 0, 20, table[0], 1)
		b = append(append(b, make([]byte, 15)...), table[1])
	}
	b = append(append(b, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0), make([]byte, (blocks+7)/8)...)
	pass := append([]byte{0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0}, make([]byte, (blocks/16384+1)*15/8+1)...)
	b = append(b, bytes.Repeat(pass, n-1)...)
	return append(b, 0xFF, 0xD9)
}

// Browsers show the available part of a truncated picture. For an avatar, only the cropped result would be kept, so it
// is refused.
func TestPicturesThatAreCut(t *testing.T) {
	s, _ := openStore(t, Options{})
	small := flat(12, 8, color.NRGBA{R: 9, G: 99, B: 199, A: 255})
	red := color.NRGBA{R: 255, A: 255}
	for name, content := range map[string][]byte{
		"a.png": asPNG(small), "a.jpg": withOrientation(asJPEG(small), binary.BigEndian, 3),
		"a.gif":  asGIF(small)[:len(asGIF(small))-1],
		"a.webp": asWebP(12, 8, red), "moving.webp": movingWebP(12, 8, red),
	} {
		t.Run(name, func(t *testing.T) {
			s.Discard(mustReceive(t, s, name, content))
			s.Discard(must(s.ReceiveSquare(t.Context(), "ann", name, bytes.NewReader(content), Square{Side: 8})))
			taken := 0
			for n := 1; n < len(content); n++ {
				f, err := s.ReceiveOnly(t.Context(), "ann", name, someTypes, bytes.NewReader(content[:n]))
				if _, refused := errors.AsType[*Refusal](err); err != nil && !refused {
					t.Fatal(err)
				}
				if err == nil {
					taken++
					if f.Width != 12 || f.Height != 8 || f.Size > int64(n+2) {
						t.Errorf("%d bytes: %+v", n, f)
					}
				} else if taken > 0 && name != "moving.webp" { // the first part of its frame has no pixels yet
					t.Errorf("%d bytes are refused, fewer were taken", n)
				}
				s.Discard(f)
				if f, err := s.ReceiveSquare(t.Context(), "ann", name, bytes.NewReader(content[:n]), Square{Side: 8}); err == nil {
					t.Errorf("%d of %d bytes were taken for a square: %+v", n, len(content), f)
				}
			}
			if taken == 0 {
				t.Error("whatever is cut is refused")
			}
			wantFiles(t, s)
		})
	}
	t.Run("without the mark of its end, it is whole", func(t *testing.T) {
		large := asJPEG(photo(900, 10))
		f := mustReceive(t, s, "a.jpg", large[:len(large)-2])
		if !f.Thumb || f.Size != int64(len(large)) {
			t.Errorf("%+v", f)
		}
		s.Discard(f)
	})
}

// Pictures that browsers show and Go cannot decode have no thumbnail; large ones are offered as files.
func TestPicturesThatOnlyBrowsersRead(t *testing.T) {
	s, _ := openStore(t, Options{})
	small := flat(12, 8, color.NRGBA{R: 9, G: 99, B: 199, A: 255})
	flipped := asPNG(small)
	flipped[len(flipped)-20] ^= 1
	frame := asGIF(small)
	frame[6] = 11 // the screen is narrower than the frame
	heavy := asPNG(photo(700, 500))
	wide := pngBomb(3000, 2000)
	for what, c := range map[string]struct {
		name          string
		content       []byte
		width, height int
	}{
		"a wrong checksum":             {"a.png", flipped, 12, 8},
		"a frame larger than its film": {"a.gif", frame, 11, 8},
		"heavy":                        {"a.png", heavy[:len(heavy)-20], 0, 0},
		"of many pixels":               {"a.png", wide[:len(wide)-20], 0, 0},
	} {
		t.Run(what, func(t *testing.T) {
			f := mustReceive(t, s, c.name, c.content)
			if f.Width != c.width || f.Height != c.height || f.Thumb {
				t.Errorf("got %+v, want %d × %d", f, c.width, c.height)
			}
			s.Discard(f)
			if f, err := s.ReceiveSquare(t.Context(), "ann", c.name, bytes.NewReader(c.content), Square{Side: 8}); err == nil {
				t.Errorf("it was taken for a square: %+v", f)
			}
		})
	}
}

func TestBrokenPicturesAreRefused(t *testing.T) {
	s, _ := openStore(t, Options{})
	red := color.NRGBA{R: 255, A: 255}
	badFrame := movingWebP(12, 8, red)
	at := bytes.Index(badFrame, []byte("ANMF"))
	badFrame[at+8] = 200 // the frame is outside of the picture
	for what, c := range map[string]struct {
		name    string
		content []byte
	}{
		"no pixels":                  {"a.png", framePNG(0, 0, 8, 6, 0)},
		"a header alone":             {"a.png", framePNG(100, 100, 8, 6, 0)},
		"a script with a GIF's mark": {"a.gif", []byte("GIF89a=\x00/\x00*" + strings.Repeat("x", 100) + "*/1;alert(1)")},
		"a frame outside":            {"a.webp", badFrame},
		"a film without a frame":     {"a.webp", riff(webpChunk("VP8X", []byte{flagAnimated, 0, 0, 0, 9, 0, 0, 9, 0, 0}))},
		"too many scans":             {"a.jpg", scansJPEG(64, 64, maxScans+1)},
	} {
		t.Run(what, func(t *testing.T) {
			mustRefuse(t, s, c.name, bytes.NewReader(c.content), Broken, "cannot be read")
		})
	}
	t.Run("as many scans as are allowed is not broken", func(t *testing.T) {
		s.Discard(mustReceive(t, s, "a.jpg", scansJPEG(64, 64, maxScans)))
	})
}

func TestDecodersThatMisbehave(t *testing.T) {
	s, _ := openStore(t, Options{})
	look := func(ctx context.Context, d decoder) error {
		_, err := s.look(ctx, "ann", &format{mime: "image/test", decode: d},
			source{file: strings.NewReader("pixels"), size: 6}, makePicture)
		return err
	}
	kind := func(err error) Kind {
		if r, ok := errors.AsType[*Refusal](err); ok {
			return r.Kind
		}
		return ""
	}
	readForever := func(src source, _ func(still) error) (still, error) {
		for {
			if _, err := src.reader().ReadByte(); err != nil {
				return still{}, errors.New("in other words: " + err.Error())
			}
		}
	}
	t.Run("a panic is a refusal", func(t *testing.T) {
		err := look(t.Context(), func(source, func(still) error) (still, error) { panic("index out of range") })
		if kind(err) != Broken {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("other pixels than the header said are a refusal", func(t *testing.T) {
		err := look(t.Context(), func(source, func(still) error) (still, error) {
			st := whole(10, 10, 1)
			st.pixels = flat(20, 20, color.White)
			return st, nil
		})
		if kind(err) != Broken {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("one that takes too long is stopped", func(t *testing.T) {
		before := s.decodeTime
		s.decodeTime = time.Millisecond
		defer func() { s.decodeTime = before }()
		err := look(t.Context(), func(src source, allow func(still) error) (still, error) {
			must(0, allow(whole(10, 10, 1)))
			return readForever(src, allow)
		})
		if kind(err) != Broken || !strings.Contains(err.Error(), "too long") {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("it stops with the context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		err := look(ctx, func(src source, allow func(still) error) (still, error) {
			cancel()
			return readForever(src, allow)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	})
}
