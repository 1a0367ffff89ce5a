package uploads

import "image/gif"

func decodeGIF(src source, allow func(still) error) (still, error) {
	c, err := gif.DecodeConfig(src.reader())
	if err != nil {
		return still{}, err
	}
	st := whole(c.Width, c.Height, 1)
	if err := allow(st); err != nil {
		return still{}, err
	}
	if st.pixels, err = gif.Decode(src.reader()); err != nil { // the first frame
		return still{}, err
	}
	st.at = st.pixels.Bounds()
	return st, nil
}
