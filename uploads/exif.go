package uploads

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// A camera stores a picture as the sensor saw it, with a number for how to turn it. Sources: the marker segments of
// JPEG in ITU-T T.81, annex B; the Exif segment (APP1 that begins with "Exif\0\0") in CIPA DC-008; its header and
// directory in TIFF 6.0, section 2; and tag 274, Orientation, with its eight values, in TIFF 6.0, section 8.

const (
	markerSOI  = 0xD8 // start of image
	markerEOI  = 0xD9 // end of image
	markerSOF0 = 0xC0 // start of frame: its size and components
	markerSOF2 = 0xC2 // the same, of a progressive picture
	markerSOS  = 0xDA // start of scan: pixels follow, and no more metadata
	markerAPP1 = 0xE1
	markerTEM  = 0x01
	markerRST0 = 0xD0 // RST0 to RST7 and TEM have no length
	markerRST7 = 0xD7

	exifPrefix     = "Exif\x00\x00"
	tagOrientation = 0x0112
	typeShort      = 3
	entrySize      = 12
)

// upright is the orientation of a picture that is shown as stored.
const upright = 1

// jpegHeader is the metadata of a JPEG before its first pixel.
type jpegHeader struct {
	orientation int // 1 to 8, as in TIFF; upright if missing or invalid
	width       int // pixels, as stored; 0 without a frame that browsers support
	height      int
	progressive bool
	planes      float64 // samples per pixel: 3 in full colour, 1.5 with colours at half the resolution
}

// readJPEG reads the segments before the first scan, and nothing after. It keeps one segment in memory.
func readJPEG(r io.Reader) jpegHeader {
	h := jpegHeader{orientation: upright}
	br := bufio.NewReader(r)
	var soi [2]byte
	if _, err := io.ReadFull(br, soi[:]); err != nil || soi != [2]byte{0xFF, markerSOI} {
		return h
	}
	for exif := false; ; {
		marker, err := nextMarker(br)
		if err != nil || marker == markerSOS || marker == markerEOI {
			return h
		}
		if marker == markerTEM || marker >= markerRST0 && marker <= markerRST7 {
			continue
		}
		var length [2]byte
		if _, err := io.ReadFull(br, length[:]); err != nil {
			return h
		}
		n := int(binary.BigEndian.Uint16(length[:])) - len(length)
		if n < 0 {
			return h
		}
		if marker != markerAPP1 && (marker < markerSOF0 || marker > markerSOF2) {
			if _, err := br.Discard(n); err != nil {
				return h
			}
			continue
		}
		segment := make([]byte, n)
		if _, err := io.ReadFull(br, segment); err != nil {
			return h
		}
		if marker != markerAPP1 {
			h.progressive = marker == markerSOF2
			h.planes = framePlanes(segment)
			if len(segment) >= 6 && segment[0] == 8 { // bits per sample
				h.height, h.width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
			}
		} else if tiff, found := bytes.CutPrefix(segment, []byte(exifPrefix)); found && !exif {
			exif = true // only the first one counts
			h.orientation = tiffOrientation(tiff)
		}
	}
}

// framePlanes returns the samples per pixel of a frame, from the sampling factors of its components; 0 if they are
// invalid, which the decoder reports.
func framePlanes(frame []byte) float64 {
	const header, component = 6, 3 // bytes
	if len(frame) < header || len(frame) < header+component*int(frame[5]) {
		return 0
	}
	most, sum := 0, 0
	for i := range int(frame[5]) {
		factors := frame[header+component*i+1]
		samples := int(factors>>4) * int(factors&0x0F)
		most = max(most, samples)
		sum += samples
	}
	return float64(sum) / float64(max(most, 1))
}

// nextMarker reads one marker: one or more 0xFF, and the code. It skips any bytes before it, as decoders do.
func nextMarker(br *bufio.Reader) (byte, error) {
	for {
		b, err := br.ReadByte()
		for err == nil && b != 0xFF {
			b, err = br.ReadByte()
		}
		for err == nil && b == 0xFF {
			b, err = br.ReadByte()
		}
		if err != nil || b != 0 {
			return b, err
		}
	}
}

// tiffOrientation reads tag 274 of the first directory of b. Every offset comes from the sender: each is checked
// against the length before use.
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
