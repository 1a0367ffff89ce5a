package uploads

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

const (
	markerAPP0  = 0xE0
	markerAPP2  = 0xE2
	markerAPP14 = 0xEE
	markerEXP   = 0xDF // the last of the tables and frames, which begin with SOF0
)

func stripJPEG(w *bufio.Writer, src source) (content, error) {
	c := content{orientation: readJPEG(src.reader()).orientation}
	r := src.reader()
	var soi [2]byte
	if _, err := io.ReadFull(r, soi[:]); err != nil || soi != [2]byte{0xFF, markerSOI} {
		return c, errBroken()
	}
	_, _ = w.Write(soi[:]) // the writer keeps the error until Flush
	if c.orientation != upright {
		writeSegment(w, markerAPP1, append([]byte(exifPrefix), orientationOnly(c.orientation)...))
	}
	segment := make([]byte, 1<<16)
	marker, err := nextMarker(r)
	for err == nil {
		switch {
		case marker == markerEOI:
			_, _ = w.Write([]byte{0xFF, markerEOI})
			return c, nil
		case marker == markerTEM, marker == markerSOI, marker >= markerRST0 && marker <= markerRST7:
			// standalone, and of no use outside of a scan
		default:
			var body []byte
			if body, err = readSegment(r, segment); err != nil {
				return c, c.cutOff(err)
			}
			if body = keptSegment(marker, body); body != nil {
				writeSegment(w, marker, body)
			}
			if marker == markerSOS {
				marker, err = copyScan(w, r, &c)
				continue
			}
		}
		marker, err = nextMarker(r)
	}
	if c.pixels {
		_, _ = w.Write([]byte{0xFF, markerEOI}) // often only the end marker is missing
	}
	return c, c.cutOff(err)
}

// readSegment reads what follows a marker into buf, without its length.
func readSegment(r io.Reader, buf []byte) ([]byte, error) {
	if _, err := io.ReadFull(r, buf[:2]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(buf)) - 2
	if n < 0 {
		return nil, io.ErrUnexpectedEOF // decoders stop here too
	}
	_, err := io.ReadFull(r, buf[:n])
	return buf[:n], err
}

func writeSegment(w *bufio.Writer, marker byte, body []byte) {
	n := len(body) + 2
	_, _ = w.Write([]byte{0xFF, marker, byte(n >> 8), byte(n)})
	_, _ = w.Write(body)
}

// keptSegment returns the part of a segment to keep; nil for none.
func keptSegment(marker byte, body []byte) []byte {
	switch {
	case marker >= markerSOF0 && marker <= markerEXP:
		return body
	case marker == markerAPP0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
		body[12], body[13] = 0, 0 // its thumbnail, which may show what was cropped
		return body[:14]
	case marker == markerAPP2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")):
		return body
	case marker == markerAPP14 && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
		return body[:12] // the colour space of the components
	}
	return nil
}

// copyScan copies pixels up to the next marker, and returns the marker. Among pixels 0xFF is followed by zero or by a
// restart number: T.81, B.1.1.5 and E.1.4.
func copyScan(w *bufio.Writer, r *bufio.Reader, c *content) (byte, error) {
	for {
		piece, err := r.ReadSlice(0xFF)
		c.pixels = c.pixels || len(piece) > 1 || len(piece) == 1 && piece[0] != 0xFF
		if errors.Is(err, bufio.ErrBufferFull) {
			_, _ = w.Write(piece)
			continue
		}
		if err != nil {
			_, _ = w.Write(piece)
			return 0, err
		}
		_, _ = w.Write(piece[:len(piece)-1])
		next, err := r.ReadByte()
		for err == nil && next == 0xFF {
			next, err = r.ReadByte()
		}
		if err != nil {
			return 0, err
		}
		if next != 0 && (next < markerRST0 || next > markerRST7) {
			return next, nil
		}
		_, _ = w.Write([]byte{0xFF, next})
	}
}
