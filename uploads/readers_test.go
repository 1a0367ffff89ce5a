package uploads

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"io"
	"testing"
)

// Our own readers, of a WebP's first frame and a ZIP's end, accept any bytes.
func FuzzReaders(f *testing.F) {
	f.Add(movingWebP(12, 8, color.NRGBA{R: 255, A: 255}))
	f.Add(movingWebP(12, 8, color.NRGBA{R: 255, A: 255})[:60])
	f.Add(asGIF(flat(3, 2, color.White))[13:])
	f.Add(someZIP())
	f.Add(join(someZIP(), someZIP()[:40]))
	f.Fuzz(func(t *testing.T, content []byte) {
		canvas := image.Pt(12, 8)
		src := source{ctx: context.Background(), file: bytes.NewReader(content), size: int64(len(content))}
		if r, at, err := firstFrame(src, canvas); err == nil {
			if !at.In(image.Rectangle{Max: canvas}) || at.Empty() {
				t.Errorf("the frame is at %v", at)
			}
			if n, err := io.Copy(io.Discard, r); err != nil || n > int64(len(content))+riffHeader {
				t.Errorf("the frame has %d bytes of %d, %v", n, len(content), err)
			}
		}
		for _, want := range []*format{formatPDF, formatText} {
			if _, err := hidesZIP(want, bytes.NewReader(content), int64(len(content))); err != nil {
				t.Errorf("the end could not be read: %v", err)
			}
		}
	})
}
