package uploads

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
)

func TestPicturesAreMeasuredAndGetThumbnails(t *testing.T) {
	s, _ := openStore(t, Options{})
	glass := color.NRGBA{R: 200, A: 100}
	noise := photo(240, 160)
	var b bytes.Buffer
	must(0, jpeg.Encode(&b, photo(560, 420), &jpeg.Options{Quality: 60}))
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
		{"wide", "a.png", asPNG(photo(1600, 40)), 1600, 40, "jpeg 800×20"},
		{"wide, of one colour: as PNG", "a.png", asPNG(flat(1600, 40, color.White)), 1600, 40, "png 800×20"},
		{"tall", "a.jpg", asJPEG(flat(40, 1200, color.White)), 40, 1200, "jpeg 20×600"},
		{"a pixel too wide", "a.gif", asGIF(photo(801, 10)), 801, 10, "jpeg 800×10"},
		{"lighter than any thumbnail: none", "a.webp", asWebP(1601, 10, glass), 1601, 10, ""},
		{"a line", "a.png", asPNG(photo(5000, 1)), 5000, 1, "jpeg 800×1"},
		{"the most pixels", "a.png", pngBomb(16_000, 2_500), 16_000, 2_500, "jpeg 800×125"},
		{"transparent", "a.png", asPNG(flat(100, 1000, glass)), 100, 1000, "png 60×600"},
		{"transparent WebP", "a.webp", heavier(asWebP(1000, 100, glass)), 1000, 100, "png 800×80"},
		{"few pixels of many bytes: never larger", "a.png", asPNG(noise), 240, 160, "jpeg 240×160"},
		{"few pixels, and the thumbnail would weigh more: none", "a.jpg", coarse, 560, 420, ""},
		{"a small one has it for those who want no motion", "a.gif", moving(40, 30, 9), 40, 30, "png 40×30"},
		{"a PNG that moves", "a.png", afterIHDR(asPNG(photo(40, 30)), pngChunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})), 40,
			30, "jpeg 40×30"},
		{"a GIF that moves shows its first frame", "a.gif", moving(1600, 120, 3), 1600, 120, "png 800×60"},
		{"a WebP that moves shows its first frame", "a.webp", heavier(movingWebP(1600, 120, color.NRGBA{R: 255, A: 255})),
			1600, 120, "png 800×60"},
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
			if moves := strings.Contains(c.what, "moves") || strings.Contains(c.what, "no motion"); f.Moves != moves {
				t.Errorf("it moves: %v", f.Moves)
			}
			thumb, got := readThumb(t, s, "picture")
			if got != c.thumb || f.Thumb != (c.thumb != "") {
				t.Errorf("the thumbnail is %q (%v), want %q", got, f.Thumb, c.thumb)
			}
			if strings.Contains(c.what, "that moves shows") {
				if _, _, _, a := thumb.At(200, 20).RGBA(); a != 0 {
					t.Error("the part without a frame is not clear")
				}
				if r, _, _, a := thumb.At(600, 45).RGBA(); r != 0xFFFF || a != 0xFFFF {
					t.Error("the frame is not where it belongs")
				}
			}
		})
	}
	t.Run("many frames take the memory of one", func(t *testing.T) {
		two, three := moving(1000, 1000, 2), moving(1000, 1000, 3)
		end := len(two) - 1 // before the trailer, for the next frame
		frame := three[end : len(three)-1]
		content := slices.Concat(two[:end], bytes.Repeat(frame, 98), two[end:]) // 25 MB of pixels
		if !bytes.HasPrefix(frame, []byte{'!', 0xF9}) {                         // its graphic control: GIF89a, section 23
			t.Fatalf("no frame begins with %x", frame[:2])
		}
		if n := allocated(func() { s.Discard(mustReceive(t, s, "a.gif", content)) }); n > 8<<20 {
			t.Errorf("%d bytes were allocated", n)
		}
	})
}

// heavier returns a WebP with a profile of some kilobytes.
func heavier(content []byte) []byte {
	return riff(content[riffHeader:], webpChunk("ICCP", make([]byte, 6000)))
}

// readThumb decodes a thumbnail and describes it, as "jpeg 800×600"; "" for none.
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
	corners := map[byte]color.NRGBA{'R': {255, 0, 0, 255}, 'G': {0, 255, 0, 255}, 'B': {0, 0, 255, 255},
		'W': {255, 255, 255, 255}}
	m := image.NewNRGBA(image.Rect(0, 0, 1000, 100))
	for y := range 100 {
		for x := range 1000 {
			m.SetNRGBA(x, y, corners["RGBW"[y/50*2+x/500]])
		}
	}
	content := asJPEG(m)
	// The corners as shown: upper left, upper right, lower left, lower right.
	for i, want := range []string{"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"} {
		f := mustReceive(t, s, "a.jpg", withOrientation(content, binary.BigEndian, uint16(i+1)))
		if err := s.Keep(f, "picture"); err != nil {
			t.Fatal(err)
		}
		width, height, size := 1000, 100, "jpeg 800×80"
		if i+1 >= 5 {
			width, height, size = 100, 1000, "jpeg 60×600"
		}
		thumb, got := readThumb(t, s, "picture")
		if f.Width != width || f.Height != height || got != size {
			t.Errorf("orientation %d: it measures %d × %d, the thumbnail is %s; want %d × %d, %s", i+1, f.Width, f.Height, got,
				width, height, size)
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
