package uploads

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// allocated is how many bytes f takes from the heap, those given back included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// pngBomb is a whole, valid PNG of one bit a pixel, all black.
func pngBomb(w, h uint32) []byte {
	ihdr := binary.BigEndian.AppendUint32(nil, w)
	ihdr = binary.BigEndian.AppendUint32(ihdr, h)
	ihdr = append(ihdr, 1, 0, 0, 0, 0)
	var data bytes.Buffer
	z := must(zlib.NewWriterLevel(&data, zlib.BestSpeed))
	row := make([]byte, 1+(w+7)/8)
	for range h {
		_ = must(z.Write(row))
	}
	must(0, z.Close())
	return bytes.Join([][]byte{
		[]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", ihdr), pngChunk("IDAT", data.Bytes()), pngChunk("IEND", nil),
	}, nil)
}

func TestPicturesOfTooManyPixelsAreRefusedByTheHeader(t *testing.T) {
	s, _ := openStore(t, Options{})
	bomb := pngBomb(20_000, 20_000)
	t.Logf("the bomb weighs %d bytes", len(bomb))
	gifHeader := []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff;")
	jpegHeader := asJPEG(flat(8, 8, color.White))
	sof := bytes.Index(jpegHeader, []byte{0xFF, 0xC0})
	copy(jpegHeader[sof+5:], []byte{0xFF, 0xF0, 0xFF, 0xF0})
	for name, content := range map[string][]byte{
		"bomb.png":       bomb,
		"header.png":     pngHeader(100_000, 100_000),
		"just above.png": pngHeader(40_000_001, 1),
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

func TestPicturesAreMeasuredAndGetThumbnails(t *testing.T) {
	s, _ := openStore(t, Options{})
	glass := color.NRGBA{R: 200, A: 100}
	noise := photo(500, 400)
	var b bytes.Buffer
	must(0, jpeg.Encode(&b, photo(790, 590), &jpeg.Options{Quality: 30}))
	coarse := b.Bytes()
	if len(coarse) <= smallBytes {
		t.Fatalf("the coarse picture weighs only %d bytes", len(coarse))
	}
	moving := func(w, h, frames int) []byte {
		m := image.NewPaletted(image.Rect(w/2, h/2, w, h), color.Palette{color.Transparent, color.NRGBA{R: 255, A: 255}})
		for i := range m.Pix {
			m.Pix[i] = 1
		}
		g := &gif.GIF{Config: image.Config{Width: w, Height: h}}
		for range frames {
			g.Image = append(g.Image, m)
			g.Delay = append(g.Delay, 10)
		}
		var b bytes.Buffer
		must(0, gif.EncodeAll(&b, g))
		return b.Bytes()
	}
	for _, c := range []struct {
		what, name    string
		content       []byte
		width, height int
		thumb         string // its type and size
	}{
		{"small: none", "a.png", asPNG(flat(800, 600, color.White)), 800, 600, ""},
		{"one pixel: none", "a.webp", asWebP(1, 1, glass), 1, 1, ""},
		{"wide", "a.png", asPNG(flat(1600, 400, color.White)), 1600, 400, "jpeg 800×200"},
		{"tall", "a.jpg", asJPEG(flat(400, 1200, color.White)), 400, 1200, "jpeg 200×600"},
		{"a pixel too wide", "a.gif", asGIF(flat(801, 10, color.White)), 801, 10, "jpeg 800×10"},
		{"a line", "a.png", asPNG(flat(5000, 1, color.White)), 5000, 1, "jpeg 800×1"},
		{"the most pixels", "a.png", pngBomb(16_000, 2_500), 16_000, 2_500, "jpeg 800×125"},
		{"transparent", "a.png", asPNG(flat(1000, 1000, glass)), 1000, 1000, "png 600×600"},
		{"transparent WebP", "a.webp", asWebP(1000, 1000, glass), 1000, 1000, "png 600×600"},
		{"few pixels of many bytes: never larger", "a.png", asPNG(noise), 500, 400, "jpeg 500×400"},
		{"few pixels, and the thumbnail would weigh more: none", "a.jpg", coarse, 790, 590, ""},
		{"a GIF that moves shows its first frame", "a.gif", moving(1600, 1200, 3), 1600, 1200, "png 800×600"},
		{"a WebP that moves shows its first frame", "a.webp", movingWebP(1600, 1200, color.NRGBA{R: 255, A: 255}), 1600, 1200, "png 800×600"},
	} {
		t.Run(c.what, func(t *testing.T) {
			f := mustReceive(t, s, c.name, c.content)
			if err := s.Keep(f, "picture"); err != nil {
				t.Fatal(err)
			}
			defer func() { must(0, s.Remove("picture")) }()
			if f.Width != c.width || f.Height != c.height {
				t.Errorf("it measures %d × %d, want %d × %d", f.Width, f.Height, c.width, c.height)
			}
			thumb, got := readThumb(t, s, "picture")
			if got != c.thumb || f.Thumb != (c.thumb != "") {
				t.Errorf("the thumbnail is %q (%v), want %q", got, f.Thumb, c.thumb)
			}
			if strings.Contains(c.what, "moves") {
				if _, _, _, a := thumb.At(200, 200).RGBA(); a != 0 {
					t.Error("the part without a frame is not clear")
				}
				if r, _, _, a := thumb.At(600, 450).RGBA(); r != 0xFFFF || a != 0xFFFF {
					t.Error("the frame is not where it belongs")
				}
			}
		})
	}
	t.Run("many frames take the memory of one", func(t *testing.T) {
		content := moving(1000, 1000, 100) // 25 MB of pixels
		if n := allocated(func() { s.Discard(mustReceive(t, s, "a.gif", content)) }); n > 8<<20 {
			t.Errorf("%d bytes were allocated", n)
		}
	})
}

// readThumb reads a thumbnail back and says what it is, as "jpeg 800×600"; "" when there is none.
func readThumb(t *testing.T, s *Store, id string) (image.Image, string) {
	t.Helper()
	file, mime, err := s.OpenThumb(id)
	if err != nil {
		return nil, ""
	}
	defer func() { must(0, file.Close()) }()
	m, format, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if mime != "image/"+format {
		t.Errorf("a thumbnail in %s is served as %s", format, mime)
	}
	return m, fmt.Sprintf("%s %d×%d", format, m.Bounds().Dx(), m.Bounds().Dy())
}

func TestJPEGsAreTurnedAsTheCameraSays(t *testing.T) {
	s, _ := openStore(t, Options{})
	corners := map[byte]color.NRGBA{'R': {255, 0, 0, 255}, 'G': {0, 255, 0, 255}, 'B': {0, 0, 255, 255}, 'W': {255, 255, 255, 255}}
	m := image.NewNRGBA(image.Rect(0, 0, 1000, 600))
	for y := range 600 {
		for x := range 1000 {
			m.SetNRGBA(x, y, corners["RGBW"[y/300*2+x/500]])
		}
	}
	content := asJPEG(m)
	// The corners as shown: upper left, upper right, lower left, lower right.
	for i, want := range []string{"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"} {
		f := mustReceive(t, s, "a.jpg", withOrientation(content, binary.BigEndian, uint16(i+1)))
		if err := s.Keep(f, "picture"); err != nil {
			t.Fatal(err)
		}
		width, height, size := 1000, 600, "jpeg 800×480"
		if i+1 >= 5 {
			width, height, size = 600, 1000, "jpeg 360×600"
		}
		thumb, got := readThumb(t, s, "picture")
		if f.Width != width || f.Height != height || got != size {
			t.Errorf("orientation %d: it measures %d × %d, the thumbnail is %s; want %d × %d, %s", i+1, f.Width, f.Height, got, width, height, size)
		}
		seen := ""
		for _, at := range []image.Point{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
			c := color.NRGBAModel.Convert(thumb.At(at.X*thumb.Bounds().Dx()/4, at.Y*thumb.Bounds().Dy()/4)).(color.NRGBA)
			for letter, corner := range corners {
				if c.R>>7 == corner.R>>7 && c.G>>7 == corner.G>>7 && c.B>>7 == corner.B>>7 {
					seen += string(letter)
				}
			}
		}
		if seen != want {
			t.Errorf("orientation %d: the corners are %s, want %s", i+1, seen, want)
		}
		must(0, s.Remove("picture"))
	}
}

// scansJPEG is a progressive JPEG that goes over its pixels n times: a header of ten bytes and a few
// bits that say "nothing changes" are enough for a pass.
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

func TestBrokenPicturesAreRefused(t *testing.T) {
	s, _ := openStore(t, Options{})
	small := flat(12, 8, color.NRGBA{R: 9, G: 99, B: 199, A: 255})
	red := color.NRGBA{R: 255, A: 255}
	for name, content := range map[string][]byte{
		"a.png": asPNG(small), "a.jpg": asJPEG(small), "a.gif": asGIF(small)[:len(asGIF(small))-1],
		"a.webp": asWebP(12, 8, red), "moving.webp": movingWebP(12, 8, red),
	} {
		t.Run("cut anywhere: "+name, func(t *testing.T) {
			s.Discard(mustReceive(t, s, name, content))
			for n := 1; n < len(content); n++ {
				if f, err := s.Receive(context.Background(), name, bytes.NewReader(content[:n])); err == nil {
					t.Errorf("%d of %d bytes were taken: %+v", n, len(content), f)
				}
			}
			wantFiles(t, s)
		})
	}

	flipped := asPNG(small)
	flipped[len(flipped)-20] ^= 1
	twoFrames := must(gif.DecodeAll(bytes.NewReader(asGIF(small))))
	twoFrames.Image, twoFrames.Delay, twoFrames.Disposal = append(twoFrames.Image, twoFrames.Image[0]), []int{1, 1}, nil
	var film bytes.Buffer
	must(0, gif.EncodeAll(&film, twoFrames))
	badFrame := movingWebP(12, 8, red)
	at := bytes.Index(badFrame, []byte("ANMF"))
	badFrame[at+8] = 200 // the frame lies outside of the picture
	for what, c := range map[string]struct {
		name    string
		content []byte
	}{
		"a bit flipped":               {"a.png", flipped},
		"no pixels":                   {"a.png", pngHeader(0, 0)},
		"a header alone":              {"a.png", pngHeader(100, 100)},
		"a film cut in its second":    {"a.gif", film.Bytes()[:film.Len()-5]},
		"a script with a GIF's mark":  {"a.gif", []byte("GIF89a=\x00/\x00*" + strings.Repeat("x", 100) + "*/1;alert(1)")},
		"a frame outside":             {"a.webp", badFrame},
		"a picture in another's size": {"a.webp", riff(webpChunk("VP8X", []byte{0, 0, 0, 0, 9, 0, 0, 9, 0, 0}), webpChunk("VP8L", losslessBits(3000, 3000, red)))},
		"a film without a frame":      {"a.webp", riff(webpChunk("VP8X", []byte{flagAnimated, 0, 0, 0, 9, 0, 0, 9, 0, 0}))},
		"too many scans":              {"a.jpg", scansJPEG(64, 64, maxScans+1)},
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
		_, err := s.look(ctx, &format{mime: "image/test", decode: d}, strings.NewReader("pixels"), 6)
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
			st := whole(image.Config{Width: 10, Height: 10})
			st.pixels = flat(20, 20, color.White)
			return st, nil
		})
		if kind(err) != Broken {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("one that takes too long is stopped", func(t *testing.T) {
		s.decodeTime = time.Millisecond
		defer func() { s.decodeTime = maxDecodeTime }()
		if err := look(t.Context(), readForever); kind(err) != Broken || !strings.Contains(err.Error(), "too long") {
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
	t.Run("one works at a time, and who waits may leave", func(t *testing.T) {
		var all sync.WaitGroup
		entered, leave := make(chan struct{}), make(chan struct{})
		for range 4 {
			all.Go(func() {
				_ = look(t.Context(), func(source, func(still) error) (still, error) {
					entered <- struct{}{}
					<-leave
					return still{}, io.ErrUnexpectedEOF
				})
			})
		}
		<-entered
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := look(ctx, readForever); !errors.Is(err, context.Canceled) {
			t.Errorf("one that waits: error is %v", err)
		}
		select {
		case <-entered:
			t.Fatal("two work at once")
		case <-time.After(100 * time.Millisecond):
		}
		for range 3 {
			leave <- struct{}{}
			<-entered
		}
		leave <- struct{}{}
		all.Wait()
	})
}
