package uploads

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Cameras write into a picture where and when it was taken, and with which device down to its serial number. Every
// viewer of the picture could read that. So a picture is copied part by part, and only parts known to define its looks
// are kept: pixels, orientation, colours. Unknown parts are dropped, and so is everything after the picture's end,
// where phones put videos and second pictures with locations of their own.

// stripper copies a picture to w without its metadata, in one or two passes and little memory. A truncated picture is
// copied as far as it goes. It fails with errBroken for other formats.
type stripper func(w *bufio.Writer, src source) (content, error)

// content is what a stripper found in a picture.
type content struct {
	orientation int  // 1 to 8, as in TIFF; 0 or upright: as stored
	pixels      bool // there are any
	cut         bool // it is truncated
	frames      int  // of an animation, as far as present; else 0
}

// cutOff turns an early end of the file into c.cut, and returns other errors.
func (c *content) cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		c.cut = true
		return nil
	}
	return err
}

// strip writes src to w with a stripper.
func strip(by stripper, w io.Writer, src source) (content, error) {
	buf := bufio.NewWriterSize(struct{ io.Writer }{w}, copySize) // hides File.ReadFrom, which would allocate for each part
	c, err := by(buf, src)
	if err != nil {
		return content{}, err
	}
	return c, buf.Flush()
}

// orientationOnly returns a TIFF directory with only the orientation.
func orientationOnly(orientation int) []byte {
	b := append([]byte("MM\x00*"), 0, 0, 0, 8, 0, 1)
	b = binary.BigEndian.AppendUint16(b, tagOrientation)
	b = binary.BigEndian.AppendUint16(b, typeShort)
	b = binary.BigEndian.AppendUint32(b, 1)
	b = binary.BigEndian.AppendUint16(b, uint16(orientation))
	return append(b, 0, 0, 0, 0, 0, 0)
}

// copyN copies n bytes, or fails.
func copyN(w io.Writer, r io.Reader, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := io.CopyN(w, r, n)
	return err
}

// skip discards n bytes, or fails.
func skip(r *bufio.Reader, n int64) error {
	_, err := r.Discard(int(n))
	return err
}
