package uploads

import (
	"bufio"
	"encoding/binary"
	"io"
)

// A camera stores its picture as the sensor saw it, and says in one number how to turn it. Where the
// formats are written down: the marker segments of JPEG in ITU-T T.81, annex B; the Exif segment
// (APP1 that begins with "Exif\0\0") in CIPA DC-008; the header and the directory in it in TIFF 6.0,
// section 2, and tag 274, Orientation, with its eight values, in TIFF 6.0, section 8.

const (
	markerSOI  = 0xD8 // start of image
	markerEOI  = 0xD9 // end of image
	markerSOS  = 0xDA // start of scan: pixels follow, and no more about the picture
	markerAPP1 = 0xE1
	markerTEM  = 0x01
	markerRST0 = 0xD0 // RST0 to RST7 and TEM bear no length
	markerRST7 = 0xD7

	exifPrefix     = "Exif\x00\x00"
	tagOrientation = 0x0112
	typeShort      = 3
	entrySize      = 12
)

// upright is the orientation of a picture that is shown as it is stored.
const upright = 1

// orientation finds how the JPEG in r is to be turned: 1 to 8 as TIFF counts them, and upright when it
// does not say, or says it wrongly. It reads no further than the first scan, and holds one segment.
func orientation(r io.Reader) int {
	br := bufio.NewReader(r)
	var soi [2]byte
	if _, err := io.ReadFull(br, soi[:]); err != nil || soi != [2]byte{0xFF, markerSOI} {
		return upright
	}
	for {
		marker, err := nextMarker(br)
		if err != nil || marker == markerSOS || marker == markerEOI {
			return upright
		}
		if marker == markerTEM || marker >= markerRST0 && marker <= markerRST7 {
			continue
		}
		var length [2]byte
		if _, err := io.ReadFull(br, length[:]); err != nil {
			return upright
		}
		n := int(binary.BigEndian.Uint16(length[:])) - len(length)
		if n < 0 {
			return upright
		}
		if marker == markerAPP1 && n > len(exifPrefix) {
			if prefix, err := br.Peek(len(exifPrefix)); err == nil && string(prefix) == exifPrefix {
				segment := make([]byte, n)
				if _, err := io.ReadFull(br, segment); err != nil {
					return upright
				}
				return tiffOrientation(segment[len(exifPrefix):])
			}
		}
		if _, err := br.Discard(n); err != nil {
			return upright
		}
	}
}

// nextMarker reads one marker: 0xFF, as many more as the writer liked, and the code.
func nextMarker(br *bufio.Reader) (byte, error) {
	b, err := br.ReadByte()
	if err != nil {
		return 0, err
	}
	if b != 0xFF {
		return 0, io.ErrUnexpectedEOF
	}
	for b == 0xFF && err == nil {
		b, err = br.ReadByte()
	}
	return b, err
}

// tiffOrientation reads tag 274 of the first directory of b. Every offset in it is the sender's: none
// is followed before it is held against the length.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(b[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(b[4:]))
	if order.Uint16(b[2:]) != 42 || at+2 > int64(len(b)) {
		return upright
	}
	count := int(order.Uint16(b[at:]))
	for entries := b[at+2:]; count > 0 && len(entries) >= entrySize; count-- {
		if order.Uint16(entries) == tagOrientation {
			o := int(order.Uint16(entries[8:]))
			if order.Uint16(entries[2:]) != typeShort || order.Uint32(entries[4:]) != 1 || o < 1 || o > 8 {
				return upright
			}
			return o
		}
		entries = entries[entrySize:]
	}
	return upright
}
