package uploads

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

const (
	flagExif = 1 << 3
	flagXMP  = 1 << 2
)

// webpPart is the header of one chunk of a file or of a frame.
type webpPart struct {
	name string
	size int64
}

// webpKept are the chunks of a file that define its looks; framePart are those of a frame.
var (
	webpKept = map[string]bool{"VP8 ": true, "VP8L": true, "VP8X": true, "ALPH": true, "ANIM": true, "ANMF": true,
		"ICCP": true}
	framePart = map[string]bool{"VP8 ": true, "VP8L": true, "ALPH": true}
)

// stripWebP reads twice: the header holds the size and the orientation flag, which are known only at the end.
func stripWebP(w *bufio.Writer, src source) (c content, err error) {
	size, err := measureWebP(src, &c)
	if err != nil {
		return c, err
	}
	turned := c.orientation > upright
	if turned {
		size += chunkHeader + int64(len(orientationOnly(c.orientation)))
	}
	_, _ = w.WriteString("RIFF") // the writer keeps the error until Flush
	_, _ = w.Write(binary.LittleEndian.AppendUint32(nil, uint32(size)))
	_, _ = w.WriteString("WEBP")
	err = eachChunk(src, func(p webpPart, r *bufio.Reader) error {
		switch {
		case !webpKept[p.name]:
			return skip(r, p.size)
		case p.name == "VP8X":
			var header [vp8xSize]byte
			if _, err := io.ReadFull(r, header[:min(p.size, vp8xSize)]); err != nil {
				return err
			}
			if header[0] &^= flagExif | flagXMP; turned {
				header[0] |= flagExif
			}
			writeChunk(w, webpPart{p.name, vp8xSize})
			_, _ = w.Write(header[:])
			return skip(r, max(0, p.size-vp8xSize))
		}
		writeChunk(w, p)
		c.pixels = c.pixels || p.size > 0 && framePart[p.name] && p.name != "ALPH"
		if p.name == "ANMF" {
			err = copyWebPFrame(w, r, p.size, &c)
		} else {
			err = copyN(w, r, p.size)
		}
		if err == nil && p.size%2 == 1 {
			err = w.WriteByte(0)
		}
		return err
	})
	if err = c.cutOff(err); err == nil && turned && !c.cut {
		exif := orientationOnly(c.orientation)
		writeChunk(w, webpPart{"EXIF", int64(len(exif))})
		_, _ = w.Write(exif)
	}
	return c, err
}

// measureWebP returns the resulting size for the RIFF header, without an orientation.
func measureWebP(src source, c *content) (int64, error) {
	size := int64(len("WEBP"))
	err := eachChunk(src, func(p webpPart, r *bufio.Reader) error {
		if p.name == "EXIF" && c.orientation == 0 {
			exif := make([]byte, min(p.size, maxExif))
			if _, err := io.ReadFull(r, exif); err != nil {
				return err
			}
			c.orientation = tiffOrientation(bytes.TrimPrefix(exif, []byte(exifPrefix)))
			return skip(r, p.size-int64(len(exif)))
		}
		switch {
		case p.name == "VP8X":
			size += chunkHeader + vp8xSize
		case webpKept[p.name]:
			size += chunkHeader + p.size + p.size%2
		}
		return skip(r, p.size)
	})
	return size, c.cutOff(err)
}

// eachChunk calls do with every chunk of the file. do must read exactly the chunk's size.
func eachChunk(src source, do func(webpPart, *bufio.Reader) error) error {
	r := src.reader()
	var head [riffHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" {
		return errBroken()
	}
	// Bytes after the end of the RIFF are not part of the picture.
	left := int64(binary.LittleEndian.Uint32(head[4:])) - int64(len("WEBP"))
	for left >= chunkHeader {
		if _, err := io.ReadFull(r, head[:chunkHeader]); err != nil {
			return io.ErrUnexpectedEOF
		}
		p := webpPart{string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))}
		if left -= chunkHeader + p.size; left < 0 {
			p.size += left // no chunk exceeds its container
		}
		if err := do(p, r); err != nil {
			return err
		}
		if p.size%2 == 1 && left > 0 {
			left--
			if _, err := r.ReadByte(); err != nil {
				return io.ErrUnexpectedEOF
			}
		}
	}
	return nil
}

// copyWebPFrame copies a frame of an animation. Its sizes stay unchanged: unknown chunks are overwritten with zeros.
func copyWebPFrame(w *bufio.Writer, r *bufio.Reader, size int64, c *content) error {
	c.frames++
	header := min(size, anmfHeader)
	if err := copyN(w, r, header); err != nil {
		return err
	}
	for size -= header; size >= chunkHeader; {
		var head [chunkHeader]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		p := webpPart{string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))}
		size -= chunkHeader
		n := min(p.size+p.size%2, size)
		size -= n
		_, _ = w.Write(head[:])
		c.pixels = c.pixels || n > 0 && framePart[p.name]
		if framePart[p.name] {
			if err := copyN(w, r, n); err != nil {
				return err
			}
		} else if err := zeros(w, r, n); err != nil {
			return err
		}
	}
	return zeros(w, r, size)
}

// zeros writes n zeros in place of the bytes of r.
func zeros(w *bufio.Writer, r *bufio.Reader, n int64) error {
	for ; n > 0; n-- {
		if _, err := r.ReadByte(); err != nil {
			return err
		}
		if err := w.WriteByte(0); err != nil {
			return err
		}
	}
	return nil
}

func writeChunk(w *bufio.Writer, p webpPart) {
	_, _ = w.WriteString(p.name)
	_, _ = w.Write(binary.LittleEndian.AppendUint32(nil, uint32(p.size)))
}
