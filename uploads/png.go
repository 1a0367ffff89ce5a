package uploads

import (
	"image/color"
	"image/png"
)

func decodePNG(src source, allow func(still) error) (still, error) {
	c, err := png.DecodeConfig(src.reader())
	if err != nil {
		return still{}, err
	}
	st := whole(c.Width, c.Height, pngBytes(c.ColorModel))
	var header [pngInterlace + 1]byte
	if _, err := src.file.ReadAt(header[:], 0); err != nil {
		return still{}, err
	}
	if header[pngInterlace] != 0 {
		// Seven passes, each a picture of its own until it is drawn into the whole.
		st.memory *= 2
	}
	if err := allow(st); err != nil {
		return still{}, err
	}
	st.pixels, err = png.Decode(src.reader())
	return st, err
}

// pngInterlace is the offset of the interlace method in a PNG's header: PNG specification, 11.2.1.
const pngInterlace = 28

// pngBytes returns the bytes per pixel in memory.
func pngBytes(m color.Model) float64 {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.RGBAModel, color.NRGBAModel:
		return 4
	case color.Gray16Model:
		return 2
	}
	return 1
}
