package uploads

import (
	"bufio"
	"errors"
	"io"
)

// The blocks of a GIF: GIF89a specification, sections 17 to 27.
const (
	gifExtension   = 0x21
	gifImage       = 0x2C
	gifTrailer     = 0x3B
	gifControl     = 0xF9
	gifApplication = 0xFF
)

func stripGIF(w *bufio.Writer, src source) (c content, err error) {
	r := src.reader()
	var screen [13]byte
	if _, err := io.ReadFull(r, screen[:]); err != nil || string(screen[:3]) != "GIF" {
		return c, errBroken()
	}
	_, _ = w.Write(screen[:]) // the writer keeps the error until Flush
	for err = copyColours(w, r, screen[10]); err == nil; {
		var block byte
		if block, err = r.ReadByte(); errors.Is(err, io.EOF) && c.pixels {
			block, err = gifTrailer, nil // accepted after a complete block, as browsers do
		}
		if err != nil {
			break
		}
		switch block {
		case gifExtension:
			err = copyExtension(w, r)
		case gifImage:
			err = copyFrame(w, r, &c)
		default: // the trailer, or an invalid block
			return c, w.WriteByte(gifTrailer)
		}
	}
	return c, c.cutOff(err)
}

// copyColours copies the colour table that flags announce.
func copyColours(w io.Writer, r io.Reader, flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	return copyN(w, r, 3<<(flags&7+1))
}

func copyFrame(w *bufio.Writer, r *bufio.Reader, c *content) error {
	var header [9]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return err
	}
	_ = w.WriteByte(gifImage)
	_, _ = w.Write(header[:])
	if err := copyColours(w, r, header[8]); err != nil {
		return err
	}
	if err := copyN(w, r, 1); err != nil { // the LZW minimum code size
		return err
	}
	c.frames++
	if n, err := r.Peek(1); err == nil && n[0] > 0 {
		c.pixels = true
	}
	return subBlocks(r, func(b []byte) {
		_ = w.WriteByte(byte(len(b)))
		_, _ = w.Write(b)
	})
}

// copyExtension copies the extensions for a frame's duration, the number of loops, and the colours. It drops others,
// such as comments, in which many programs write their name and more.
func copyExtension(w *bufio.Writer, r *bufio.Reader) error {
	label, err := r.ReadByte()
	if err != nil {
		return err
	}
	begun, application := false, ""
	err = subBlocks(r, func(b []byte) {
		keep := len(b) == 0
		switch {
		case label == gifControl && !begun:
			keep = len(b) == 4
		case label == gifApplication && application == "":
			application = string(b)
			keep = application == "NETSCAPE2.0" || application == "ANIMEXTS1.0" || application == "ICCRGBG1012"
		case application == "ICCRGBG1012":
			keep = true
		case application == "NETSCAPE2.0", application == "ANIMEXTS1.0":
			keep = keep || len(b) == 3 && b[0] == 1
		}
		if !keep || len(b) == 0 && !begun {
			return
		}
		if !begun {
			begun = true
			_, _ = w.Write([]byte{gifExtension, label})
		}
		_ = w.WriteByte(byte(len(b)))
		_, _ = w.Write(b)
	})
	return err
}

// subBlocks calls each with every sub-block, including the empty one at the end.
func subBlocks(r *bufio.Reader, each func([]byte)) error {
	var buf [255]byte
	for {
		n, err := r.ReadByte()
		if err != nil {
			return err
		}
		if _, err := io.ReadFull(r, buf[:n]); err != nil {
			return io.ErrUnexpectedEOF
		}
		each(buf[:n])
		if n == 0 {
			return nil
		}
	}
}
