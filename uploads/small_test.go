package uploads

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"strings"
	"testing"
)

func TestSmall(t *testing.T) {
	s, _ := openStore(t, Options{})
	clear, red := color.NRGBA{}, color.NRGBA{R: 255, A: 255}
	var moving bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 40, 20), color.Palette{red, color.Black})
	must(0, gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{9, 9}}))
	for _, c := range []struct {
		what, name    string
		content       []byte
		width, height int
		pixel         color.NRGBA
	}{
		{"a small one stays", "a.png", asPNG(flat(32, 20, red)), 32, 20, red},
		{"a large one shrinks", "a.png", asPNG(flat(2560, 1280, red)), 128, 64, red},
		{"a tall one shrinks", "a.png", asPNG(flat(100, 400, red)), 32, 128, red},
		{"a clear one stays clear", "a.png", asPNG(flat(300, 300, clear)), 128, 128, clear},
		{"of an animation, the first frame", "a.gif", moving.Bytes(), 40, 20, red},
	} {
		t.Run(c.what, func(t *testing.T) {
			f, err := s.ReceiveSmall(t.Context(), "ann", c.name, bytes.NewReader(c.content), 1<<20, 128)
			if err != nil {
				t.Fatal(err)
			}
			must(0, s.Keep(f, "abc"))
			defer func() { must(0, s.Remove("abc")) }()
			file := must(s.Open("abc"))
			defer func() { must(0, file.Close()) }()
			got, err := png.Decode(file)
			if err != nil || got.Bounds() != image.Rect(0, 0, c.width, c.height) ||
				color.NRGBAModel.Convert(got.At(c.width/2, c.height/2)) != c.pixel {
				t.Error(err, got.Bounds(), got.At(c.width/2, c.height/2))
			}
			if f.Type != "image/png" || f.Size != must(file.Stat()).Size() || f.Thumb {
				t.Error(f.Type, f.Size, f.Thumb)
			}
		})
	}
	exact := asPNG(flat(32, 20, red))
	for what, c := range map[string]struct {
		name    string
		content []byte
		limit   int64
		kind    Kind
		words   string
	}{
		"as large as fits":   {"a.png", exact, int64(len(exact)), "", ""},
		"one byte more":      {"a.png", exact, int64(len(exact)) - 1, TooLarge, "larger than"},
		"far larger":         {"a.png", append(exact, make([]byte, 1<<20)...), 256 << 10, TooLarge, "larger than 256 kB"},
		"no picture":         {"a.txt", []byte("words"), 256 << 10, WrongType, "It is no picture."},
		"no picture at all":  {"a.png", []byte("words"), 256 << 10, WrongType, ""},
		"a drawing of words": {"a.svg", []byte("<svg onload='x()'/>"), 256 << 10, WrongType, ""},
		"nothing":            {"a.png", nil, 256 << 10, Empty, ""},
	} {
		f, err := s.ReceiveSmall(t.Context(), "ann", c.name, bytes.NewReader(c.content), c.limit, 128)
		r, _ := errors.AsType[*Refusal](err)
		if (c.kind == "") != (err == nil) || r != nil && (r.Kind != c.kind || !strings.Contains(r.Reason, c.words)) {
			t.Errorf("%s: %v", what, err)
		}
		s.Discard(f)
	}
}
