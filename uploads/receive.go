package uploads

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"
)

// File is a received file. It lies in tmp until Keep or Discard ends that.
type File struct {
	Name   string // as CleanName made it
	Type   string // the MIME type to serve it as: one of our own list, never the sender's word
	Size   int64  // bytes
	Width  int    // pixels, as shown (after any EXIF turn); 0 when it is not a picture
	Height int
	Thumb  bool // it has a thumbnail; a picture without one is small enough to be shown itself
	Moves  bool // a picture of several, that are shown one after the other

	by          string // whose turn it takes when it is decoded
	square      int    // of ReceiveSquare: the sides of what is made of the picture; else 0
	temp        string // "" once kept or discarded
	raw         string // of a picture: as it was sent
	thumbTemp   string // "" without a thumbnail
	thumbSuffix string
}

// copySize is the memory that a file of any size streams through, and the size of a write.
const copySize = 32 << 10

var copyBuffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, copySize) }}

// Receive takes in one file from r, of the person by, whatever tells people apart: it counts against the limit while it
// writes, holds the content against the name, reads pictures through, makes the thumbnail, and puts all of it on the
// disk.
//
// A file that is not taken is a *Refusal, given as soon as it is known: r may have more to read, which
// is the caller's to drain. When r fails or ctx ends, that error comes back. In every case but success
// nothing stays on the disk.
func (s *Store) Receive(ctx context.Context, by, name string, r io.Reader) (*File, error) {
	f := &File{Name: CleanName(name), by: by}
	if err := s.receive(ctx, f, &contextReader{ctx: ctx, r: r}); err != nil {
		s.Discard(f)
		return nil, explain(err, f.Name, "receive")
	}
	s.forget(&f.raw)
	return f, nil
}

func (s *Store) receive(ctx context.Context, f *File, in io.Reader) (err error) {
	want, err := formatOfName(f.Name)
	if err != nil {
		return err
	}
	head, err := io.ReadAll(io.LimitReader(in, sniffSize))
	if err != nil {
		return err
	}
	if len(head) == 0 {
		return refuse(Empty, "It is empty.")
	}
	if err := sniff(want, head); err != nil {
		return err
	}

	temp, name, err := s.createTemp()
	if err != nil {
		return err
	}
	f.temp = name
	defer func() { err = errors.Join(err, temp.Close()) }()

	f.Type = want.mime
	if want == formatText {
		check := newTextCheck(head)
		if f.Size, err = s.copy(io.MultiWriter(check, s.reserved(temp)), head, in); err != nil {
			return err
		}
		if f.Type, err = check.finish(); err != nil {
			return err
		}
	} else {
		if f.Size, err = s.copy(s.reserved(temp), head, in); err != nil {
			return err
		}
		if err := hidesNoZIP(want, temp, f.Size); err != nil {
			return err
		}
	}
	if want.decode != nil {
		return s.receivePicture(ctx, f, want, temp)
	}
	return temp.Sync()
}

// copy writes head and the rest of in to dst, until it is over the limit. However small the pieces are
// that a connection brings, they are written in large ones.
func (s *Store) copy(dst io.Writer, head []byte, in io.Reader) (int64, error) {
	buf := copyBuffers.Get().(*bufio.Writer)
	defer func() {
		buf.Reset(nil)
		copyBuffers.Put(buf)
	}()
	buf.Reset(struct{ io.Writer }{dst}) // a bare Writer: the file would otherwise be let read by itself
	n, err := buf.ReadFrom(io.LimitReader(io.MultiReader(bytes.NewReader(head), in), s.maxSize+1))
	if err == nil {
		err = buf.Flush()
	}
	if err != nil {
		return 0, err
	}
	if n > s.maxSize {
		return 0, refuse(TooLarge, "It is larger than %s, the most that one file can have.", sizeWords(s.maxSize))
	}
	return n, nil
}

// receivePicture puts the picture of raw, without what it tells of its maker, in a file of its own, which is the one
// to keep; measures it, and writes its thumbnail.
func (s *Store) receivePicture(ctx context.Context, f *File, want *format, raw *os.File) (err error) {
	temp, name, err := s.createTemp()
	if err != nil {
		return err
	}
	f.raw, f.temp = f.temp, name
	defer func() { err = errors.Join(err, temp.Close()) }()
	c, err := s.strip(ctx, f, want, raw, temp)
	if err != nil {
		return err
	}
	if err := s.draw(ctx, f, want, temp, c); err != nil {
		return err
	}
	return temp.Sync()
}

// strip copies raw to temp with nothing but the picture itself. What was found harmless in raw is looked at again:
// parts of it have come together.
func (s *Store) strip(ctx context.Context, f *File, want *format, raw, temp *os.File) (content, error) {
	c, err := strip(want.strip, s.reserved(temp), source{ctx: ctx, file: raw, size: f.Size})
	if err != nil {
		return c, err
	}
	if f.Size, err = temp.Seek(0, io.SeekEnd); err != nil {
		return c, err
	}
	head := make([]byte, min(f.Size, sniffSize))
	if _, err := temp.ReadAt(head, 0); err != nil {
		return c, err
	}
	if err := sniff(want, head); err != nil {
		return c, err
	}
	return c, hidesNoZIP(want, temp, f.Size)
}

// draw measures the picture in temp and writes its thumbnail.
func (s *Store) draw(ctx context.Context, f *File, want *format, temp *os.File, c content) (err error) {
	then := makePicture
	if f.square > 0 {
		then = squareMaker(f.square)
	}
	p, err := s.look(ctx, f.by, want, source{file: temp, size: f.Size, orientation: c.orientation, moves: c.frames > 1},
		then)
	if f.square == 0 && c.pixels && errors.Is(err, errUndecoded) {
		// Browsers show much of what is damaged, or was written wrongly. Where it is large they are not made to: it
		// is a file then, to be opened by who wants to.
		if p.thumb, err = nil, nil; f.Size > ownBytes || p.width*p.height > ownPixels {
			return nil
		}
	} else if err == nil && (!c.pixels || c.cut && f.square > 0) {
		err = errBroken()
	}
	if err != nil {
		return err
	}
	f.Width, f.Height, f.Moves = p.width, p.height, c.frames > 1
	if p.thumb == nil {
		return nil
	}
	file, name, err := s.createTemp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	f.Thumb, f.thumbTemp, f.thumbSuffix = true, name, p.thumbSuffix
	if _, err := file.Write(p.thumb); err != nil {
		return err
	}
	return file.Sync()
}

// contextReader reads until ctx ends. A Read that waits is not woken: that is the connection's to do.
type contextReader struct {
	ctx  context.Context
	r    io.Reader
	idle int
}

// maxIdle is how often in a row a reader may bring nothing, and no error either.
const maxIdle = 100

func (c *contextReader) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if n > 0 || err != nil {
		c.idle = 0
	} else if c.idle++; c.idle > maxIdle {
		return 0, io.ErrNoProgress
	}
	return n, err
}
