package uploads

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"io"
	"strings"
	"testing"
)

func TestSquares(t *testing.T) {
	s, _ := openStore(t, Options{})
	red, green, blue := color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, A: 255}, color.NRGBA{B: 255, A: 255}
	// Green in the middle; red before it, blue after it.
	flag := image.NewNRGBA(image.Rect(0, 0, 900, 300))
	for i, c := range []color.Color{red, green, blue} {
		draw.Draw(flag, image.Rect(300*i, 0, 300*i+300, 300), image.NewUniform(c), image.Point{}, draw.Src)
	}
	halves := image.NewNRGBA(image.Rect(0, 0, 400, 400)) // red above blue
	draw.Draw(halves, halves.Rect, image.NewUniform(blue), image.Point{}, draw.Src)
	draw.Draw(halves, image.Rect(0, 0, 400, 200), image.NewUniform(red), image.Point{}, draw.Src)
	corner := &gif.GIF{Config: image.Config{Width: 200, Height: 100}, Delay: []int{1}}
	frame := image.NewPaletted(image.Rect(100, 0, 200, 100), color.Palette{color.Transparent, red})
	for i := range frame.Pix {
		frame.Pix[i] = 1
	}
	corner.Image = append(corner.Image, frame)
	var moving bytes.Buffer
	must(0, gif.EncodeAll(&moving, corner))

	white := color.NRGBA{R: 255, G: 255, B: 255, A: 255}
	for _, c := range []struct {
		what, name string
		content    []byte
		top        color.NRGBA // the square's colour, in the middle of its upper quarter
		bottom     color.NRGBA
	}{
		{"the middle of a wide one", "a.png", asPNG(flag), green, green},
		{"turned as the camera says", "a.jpg", withOrientation(asJPEG(halves), binary.BigEndian, 3), blue, red},
		{"a clear one is white", "a.png", asPNG(flat(300, 300, color.NRGBA{R: 255})), white, white},
		{"small ones grow", "a.webp", asWebP(1, 1, blue), blue, blue},
		{"a photo", "a.jpg", asJPEG(flat(1200, 1100, green)), green, green},
		{"a line", "a.png", asPNG(flat(5000, 1, red)), red, red},
	} {
		t.Run(c.what, func(t *testing.T) {
			f, err := s.ReceiveSquare(t.Context(), "ann", c.name, bytes.NewReader(c.content), Square{Side: 128})
			if err != nil {
				t.Fatal(err)
			}
			id := strings.ToLower(strings.ReplaceAll(c.name, ".", "") + "0")
			if err := s.Keep(f, id); err != nil {
				t.Fatal(err)
			}
			defer func() { must(0, s.Remove(id)) }()
			file := must(s.Open(id))
			defer file.Close()
			content := must(io.ReadAll(file))
			got, err := jpeg.Decode(bytes.NewReader(content))
			if err != nil || got.Bounds() != image.Rect(0, 0, 128, 128) {
				t.Fatal(got.Bounds(), err)
			}
			if f.Type != "image/jpeg" || f.Size != int64(len(content)) || f.Width != 128 || f.Height != 128 || f.Thumb ||
				len(content) > 8<<10 {
				t.Errorf("%+v of %d bytes", f, len(content))
			}
			if bytes.Contains(content, []byte("Exif")) {
				t.Error("what the camera noted was kept")
			}
			for y, want := range map[int]color.NRGBA{32: c.top, 96: c.bottom} {
				if r, g, b, _ := got.At(64, y).RGBA(); apart(r, want.R) || apart(g, want.G) || apart(b, want.B) {
					t.Errorf("at %d it is %v, want %v", y, got.At(64, y), want)
				}
			}
			wantFiles(t, s, place(id))
		})
	}
	f, err := s.ReceiveSquare(t.Context(), "ann", "a.gif", bytes.NewReader(moving.Bytes()), Square{Side: 100})
	if err != nil {
		t.Fatal(err)
	}
	img := must(jpeg.Decode(must(s.root.Open(f.temp))))
	if r, g, _, _ := img.At(25, 50).RGBA(); apart(r, 255) || apart(g, 255) {
		t.Error("where the first frame is not, the square is", img.At(25, 50))
	}
	if r, g, _, _ := img.At(75, 50).RGBA(); apart(r, 255) || apart(g, 0) {
		t.Error("where it is,", img.At(75, 50))
	}
	s.Discard(f)
	wantFiles(t, s)
}

// apart reports whether two colours differ by more than JPEG's loss.
func apart(got uint32, want uint8) bool {
	return max(got>>8, uint32(want))-min(got>>8, uint32(want)) > 24
}

func TestSquaresAreOfPicturesOnly(t *testing.T) {
	s, _ := openStore(t, Options{MaxSize: 50 << 10})
	for _, c := range []struct {
		name    string
		content []byte
		kind    Kind
	}{
		{"a.txt", []byte("words"), WrongType},
		{"a.pdf", []byte("%PDF-1.7\n"), WrongType},
		{"a.svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), WrongType},
		{"a.png", []byte("words"), WrongType},
		{"a.png", nil, Empty},
		{"a.png", asPNG(flat(100, 100, color.White))[:60], Broken},
		{"a.png", hugeBomb()[:5000], TooLarge},
		{"a.jpg", append(asJPEG(photo(100, 100)), make([]byte, 60<<10)...), TooLarge},
	} {
		f, err := s.ReceiveSquare(t.Context(), "ann", c.name, bytes.NewReader(c.content), Square{Side: 128})
		if e, ok := err.(*Refusal); !ok || e.Kind != c.kind || f != nil { //nolint:errorlint // what a caller looks at
			t.Errorf("%s, %d bytes: %v, want %s", c.name, len(c.content), err, c.kind)
		}
	}
	wantFiles(t, s)
}
