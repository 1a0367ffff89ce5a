package uploads

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

// ReceiveSmall is Receive for a picture of at most limit bytes of which only a small copy is kept: a PNG that fits in a
// square of side pixels, without metadata, with its transparent parts. Of an animation its first frame is kept. Smaller
// pictures are not enlarged. Anything but a picture is a *Refusal.
func (s *Store) ReceiveSmall(ctx context.Context, by, name string, r io.Reader, limit int64, side int) (*File, error) {
	f := &File{Name: CleanName(name), by: by, small: smallMaker(side), only: pictureTypes}
	bounded := &boundedReader{r: &contextReader{ctx: ctx, r: r}, limit: limit}
	if err := s.receiveOnlyCopy(ctx, f, bounded, "image/png"); err != nil {
		s.Discard(f)
		return nil, explain(err, f.Name, "receive")
	}
	return f, nil
}

// boundedReader refuses what has more than limit bytes.
type boundedReader struct {
	r           io.Reader
	limit, read int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.read += int64(n); b.read > b.limit {
		return 0, refuse(TooLarge, "It is larger than %s, the most that this picture can have.", sizeWords(b.limit))
	}
	return n, err
}

// smallMaker makes the small copy of a picture.
func smallMaker(side int) maker {
	return func(st still, _ int64) (picture, error) {
		p := measure(st)
		p.thumbSuffix = thumbSuffixes[1].suffix
		var buf bytes.Buffer
		err := png.Encode(&buf, within(st, side))
		p.thumb = buf.Bytes()
		return p, err
	}
}

// within draws a still into a square, upright. It scales in two steps, as middle does.
func within(st still, side int) *image.RGBA {
	const finer = 8
	first := shrinkInto(st, finer*side, finer*side)
	width, height := fit(first.Rect.Dx(), first.Rect.Dy(), side, side)
	if width == first.Rect.Dx() && height == first.Rect.Dy() {
		return first
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.BiLinear.Scale(small, small.Rect, first, first.Rect, draw.Src, nil)
	return small
}
