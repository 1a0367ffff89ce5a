package uploads

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// A camera writes into a picture where it was taken, when, and with which device down to its serial number. All who
// may see the picture could read that. So a picture is copied part by part, and only the parts go along that are known
// to say nothing but what it looks like: pixels, how to turn them, their colours. Whatever is unknown stays behind,
// and so does what lies behind the picture's end, where telephones put films and second pictures with their own place.

// stripper copies a picture to w without what it says beside its looks, in one or two readings and in little memory.
// One that ends early is copied as far as it goes. It fails with errBroken for what is not of its format at all.
type stripper func(w *bufio.Writer, src source) (content, error)

// content is what a stripper saw of a picture.
type content struct {
	orientation int  // 1 to 8, as TIFF counts them; 0 or upright: as it is stored
	pixels      bool // there are any
	cut         bool // it ends before it says so
	frames      int  // of those that move, as far as they are there; else 0
}

// cutOff makes of the end of a file that comes early a fact of c, and of no other error.
func (c *content) cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		c.cut = true
		return nil
	}
	return err
}

// strip writes src to w by a stripper.
func strip(by stripper, w io.Writer, src source) (content, error) {
	buf := bufio.NewWriterSize(struct{ io.Writer }{w}, copySize) // a bare Writer: the file would take memory for each part
	c, err := by(buf, src)
	if err != nil {
		return content{}, err
	}
	return c, buf.Flush()
}

// orientationOnly is a TIFF directory that says how to turn the picture, and no more.
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

// skip reads n bytes, or fails.
func skip(r *bufio.Reader, n int64) error {
	_, err := r.Discard(int(n))
	return err
}
