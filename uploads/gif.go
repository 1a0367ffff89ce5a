package uploads

import (
	"bufio"
	"image/gif"
	"io"
)

func decodeGIF(src source, allow func(still) error) (still, error) {
	c, err := gif.DecodeConfig(src.reader())
	if err != nil {
		return still{}, err
	}
	st := whole(c.Width, c.Height, 1)
	if err := allow(st); err != nil {
		return still{}, err
	}
	// gif.Decode stops behind the first frame; of the others only the frame around them is read.
	r := src.reader()
	if st.pixels, err = gif.Decode(r); err != nil {
		return still{}, err
	}
	st.at = st.pixels.Bounds()
	return st, skipFrames(r)
}

// skipFrames walks the rest of a GIF, so that one that is cut is found. That the end mark is missing
// behind a whole block is forgiven, as browsers do; so is what comes after the last block. The blocks
// are described in the GIF89a specification, sections 20 to 27.
func skipFrames(r *bufio.Reader) error {
	for {
		b, err := r.ReadByte()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch b {
		case 0x21: // extension: a label, then sub-blocks
			_, err = r.Discard(1)
		case 0x2C: // image: place, size and flags, perhaps colours, the code size, then sub-blocks
			var header [9]byte
			if _, err = io.ReadFull(r, header[:]); err != nil {
				return err
			}
			skip := 1
			if flags := header[8]; flags&0x80 != 0 {
				skip += 3 << (flags&7 + 1)
			}
			_, err = r.Discard(skip)
		default:
			return nil
		}
		for n := byte(1); err == nil && n > 0; {
			if n, err = r.ReadByte(); err == nil {
				_, err = r.Discard(int(n))
			}
		}
		if err != nil {
			return err
		}
	}
}
