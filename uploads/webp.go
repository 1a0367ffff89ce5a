package uploads

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"io"

	"golang.org/x/image/webp"
)

var errWebP = errors.New("not a whole WebP")

// The relevant parts of a WebP file: RFC 9649, section 2.
const (
	riffHeader   = 12 // "RIFF", size, "WEBP"
	chunkHeader  = 8  // a name, a size
	vp8xSize     = 10
	anmfHeader   = 16 // of a frame: position, size, duration, flags; then its chunks
	flagAnimated = 1 << 1
	flagAlpha    = 1 << 4
)

// A lossless picture may have 2,600 codes of its own, each with tables, for few pixels: one of 204 × 204 in 806 kB took
// half a second and 209 MB. So the work is estimated from its bytes rather than its pixels, up to the cost of that many
// codes.
const (
	codeWork     = 256
	mostCodeWork = 200 << 20
)

func decodeWebP(src source, allow func(still) error) (still, error) {
	var header [riffHeader + chunkHeader + vp8xSize]byte
	if n, err := src.file.ReadAt(header[:], 0); n < riffHeader+chunkHeader {
		return still{}, errors.Join(errWebP, err)
	}
	c, err := webp.DecodeConfig(src.reader())
	if err != nil {
		return still{}, err
	}
	moving := string(header[riffHeader:riffHeader+4]) == "VP8X" && header[riffHeader+chunkHeader]&flagAnimated != 0
	st := whole(c.Width, c.Height, webpBytes(string(header[riffHeader:riffHeader+4]), c.ColorModel, moving))
	if moving || c.ColorModel != color.YCbCrModel { // a part of it may be lossless
		st.work = max(st.work, min(codeWork*src.size, mostCodeWork))
	}
	if err := allow(st); err != nil {
		return still{}, err
	}
	in := io.Reader(src.reader())
	if moving {
		if in, st.at, err = firstFrame(src, image.Pt(c.Width, c.Height)); err != nil {
			return still{}, err
		}
	}
	st.pixels, err = webp.Decode(in)
	return st, err
}

// webpBytes returns the maximum bytes per pixel in memory, by the first chunk of the file. The alpha channel of a lossy
// picture is decoded as a picture of its own.
func webpBytes(chunk string, m color.Model, moving bool) float64 {
	const lossy, lossless, transparency = 1.5, 4, 1 + 4
	switch {
	case chunk == "VP8 ":
		return lossy
	case chunk == "VP8X" && (moving || m == color.NYCbCrAModel):
		return lossy + transparency
	}
	return lossless
}

// firstFrame returns the first frame of an animated WebP as a file of its own, because the library does not decode
// animations, and the frame's place in the picture.
func firstFrame(src source, canvas image.Point) (io.Reader, image.Rectangle, error) {
	var head [chunkHeader + anmfHeader + 4]byte
	for at := int64(riffHeader); ; {
		if err := src.ctx.Err(); err != nil {
			return nil, image.Rectangle{}, err
		}
		if _, err := src.file.ReadAt(head[:], at); err != nil {
			return nil, image.Rectangle{}, errWebP
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		if string(head[:4]) != "ANMF" {
			at += chunkHeader + size + size&1
			continue
		}
		frame := head[chunkHeader:]
		width, height := uint24(frame[6:])+1, uint24(frame[9:])+1
		place := image.Rect(0, 0, width, height).Add(image.Pt(2*uint24(frame), 2*uint24(frame[3:])))
		begin, length := at+chunkHeader+anmfHeader, size-anmfHeader
		if !place.In(image.Rectangle{Max: canvas}) {
			return nil, image.Rectangle{}, errBroken() // browsers refuse it too
		}
		if length < 4 || begin+length > src.size {
			return nil, image.Rectangle{}, errWebP
		}
		alone := make([]byte, 0, riffHeader+chunkHeader+vp8xSize)
		alone = append(alone, "RIFF\x00\x00\x00\x00WEBPVP8X"...)
		binary.LittleEndian.PutUint32(alone[4:], uint32(4+chunkHeader+vp8xSize+length))
		alone = binary.LittleEndian.AppendUint32(alone, vp8xSize)
		flags := byte(0)
		if string(frame[anmfHeader:]) == "ALPH" {
			flags = flagAlpha
		}
		alone = append(alone, flags, 0, 0, 0)
		alone = append(alone, frame[6:12]...) // the frame's size, in VP8X's own form
		return io.MultiReader(bytes.NewReader(alone), src.section(begin, length)), place, nil
	}
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
