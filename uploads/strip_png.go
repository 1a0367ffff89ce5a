package uploads

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
)

const pngMark = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that define the picture's looks: PNG specification, third edition, 11.2, 11.3.1 and 11.3.2
// (transparency and colours), 11.3.4.2 and 11.3.4.3 (background, pixel dimensions), 11.3.6 (animation).
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "cHRM": true, "gAMA": true, "iCCP": true, "sBIT": true, "sRGB": true, "cICP": true, "mDCV": true,
	"cLLI": true,
	"bKGD": true, "pHYs": true, "acTL": true, "fcTL": true, "fdAT": true,
}

// maxExif bounds the Exif data read for the orientation, which is at its beginning.
const maxExif = 1 << 16

func stripPNG(w *bufio.Writer, src source) (c content, err error) {
	r := src.reader()
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:]) != pngMark {
		return c, errBroken()
	}
	_, _ = w.Write(head[:]) // the writer keeps the error until Flush
	for name := ""; name != "IEND"; {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return c, c.cutOff(err)
		}
		size := int64(binary.BigEndian.Uint32(head[:]))
		name = string(head[4:])
		switch {
		case name == "eXIf" && c.orientation == 0:
			exif := make([]byte, min(size, maxExif))
			if _, err = io.ReadFull(r, exif); err == nil {
				if c.orientation = tiffOrientation(exif); c.orientation != upright {
					_, _ = w.Write(pngPart("eXIf", orientationOnly(c.orientation)))
				}
				err = skip(r, size+4-int64(len(exif)))
			}
		case !pngKept[name]:
			err = skip(r, size+4)
		default:
			if name == "acTL" && !c.pixels && size == 8 {
				if count, err := r.Peek(4); err == nil {
					c.frames = int(binary.BigEndian.Uint32(count))
				}
			}
			c.pixels = c.pixels || name == "IDAT" && size > 0
			_, _ = w.Write(head[:])
			err = copyN(w, r, size+4)
		}
		if err != nil {
			return c, c.cutOff(err)
		}
	}
	return c, nil
}

// pngPart is a complete chunk.
func pngPart(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = bytes.Join([][]byte{b, []byte(name), data}, nil)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}
