package uploads

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"strings"

	"golang.org/x/image/draw"
)

// Square is what ReceiveSquare makes of a picture.
type Square struct {
	Side      int   // pixels
	MaxPixels int64 // a larger picture is refused by its header, and not decoded; 0: as any picture
}

// ReceiveSquare is Receive for a picture of which only the middle is kept: a JPEG of Side × Side pixels, without
// metadata. Anything but a picture is a *Refusal.
func (s *Store) ReceiveSquare(ctx context.Context, by, name string, r io.Reader, square Square) (*File, error) {
	f := &File{Name: CleanName(name), by: by, small: squareMaker(square.Side), only: pictureTypes,
		maxPixels: square.MaxPixels}
	err := s.receiveOnlyCopy(ctx, f, &contextReader{ctx: ctx, r: r}, "image/jpeg")
	if err != nil {
		s.Discard(f)
		return nil, explain(err, f.Name, "receive")
	}
	return f, nil
}

// receiveOnlyCopy receives a picture, and keeps only the copy of it that f.small makes, of that type.
func (s *Store) receiveOnlyCopy(ctx context.Context, f *File, in io.Reader, mime string) error {
	ext := strings.ToLower(strings.TrimPrefix(nameExtension(f.Name), "."))
	if want := formatOfExtension(ext); want != nil && want.decode == nil {
		return refuse(WrongType, "It is no picture. PNG, JPEG, GIF and WebP are.")
	}
	if err := s.receive(ctx, f, in); err != nil {
		return err
	}
	s.forget(&f.raw)
	s.forget(&f.temp)
	f.temp, f.thumbTemp, f.thumbSuffix, f.Thumb = f.thumbTemp, "", "", false
	info, err := s.root.Stat(f.temp)
	if err != nil {
		return err
	}
	f.Type, f.Size = mime, info.Size()
	return nil
}

// squareMaker makes the square of a picture. Transparent pixels become white.
func squareMaker(side int) maker {
	return func(st still, _ int64) (picture, error) {
		p := picture{width: side, height: side, thumbSuffix: thumbSuffixes[0].suffix}
		var buf bytes.Buffer
		err := jpeg.Encode(&buf, turn(middle(st, side), st.orientation), &jpeg.Options{Quality: thumbQuality})
		p.thumb = buf.Bytes()
		return p, err
	}
}

// middle returns the largest square in the middle of a still, scaled. It scales in two steps: the first is fast and
// skips pixels, the second uses every pixel of the first.
func middle(st still, side int) *image.RGBA {
	const finer = 8
	most := min(st.width, st.height)
	between := min(most, finer*side)
	left, top := (st.width-most)/2, (st.height-most)/2
	at := image.Rect(
		(st.at.Min.X-left)*between/most, (st.at.Min.Y-top)*between/most,
		((st.at.Max.X-left)*between+most-1)/most, ((st.at.Max.Y-top)*between+most-1)/most)
	first := image.NewRGBA(image.Rect(0, 0, between, between))
	draw.ApproxBiLinear.Scale(first, at, st.pixels, st.pixels.Bounds(), draw.Src, nil)
	square := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(square, square.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(square, square.Rect, first, first.Rect, draw.Over, nil)
	return square
}
