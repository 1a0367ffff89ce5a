package uploads

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"sync"
)

// File is a received file. It stays in tmp until Keep or Discard.
type File struct {
	Name   string // as CleanName made it
	Type   string // the MIME type to serve: from our own list, never the sender's
	Size   int64  // bytes
	Width  int    // pixels as shown, after any EXIF rotation; 0 if not a picture
	Height int
	Thumb  bool // it has a thumbnail; a picture without one is small enough to be shown itself
	Moves  bool // an animation

	only        Types  // what is taken
	free        bool   // its name promises no type
	by          string // the user whose turn decoding takes
	small       maker  // makes the copy that alone is kept, as ReceiveSquare and ReceiveSmall do; else nil
	maxPixels   int64  // a larger picture is refused; 0: as any picture
	temp        string // "" once kept or discarded
	raw         string // of a picture: the file as sent
	thumbTemp   string // "" without a thumbnail
	thumbSuffix string
}

// copySize is the buffer size through which files stream, and the size of writes.
const copySize = 32 << 10

var copyBuffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, copySize) }}

// Receive is ReceiveOnly for every type.
func (s *Store) Receive(ctx context.Context, by, name string, r io.Reader) (*File, error) {
	return s.ReceiveOnly(ctx, by, name, nil, r)
}

// ReceiveOnly receives one file from r. by identifies the user, in any form. While writing it enforces the size limit;
// then it determines the type by the content, decodes pictures, makes the thumbnail, and syncs all of it to disk.
//
// Where only some types are taken, the content must be what the name promises. Where all are, a file that seems to be a
// picture and is none, or one that is of two kinds at once, is a file without a known type: it is only downloaded.
//
// A refused file is a *Refusal, returned as soon as it is known: the caller must drain r. If r fails or ctx ends, it
// returns that error. On any error nothing stays on disk.
func (s *Store) ReceiveOnly(ctx context.Context, by, name string, only Types, r io.Reader) (*File, error) {
	f := &File{Name: CleanName(name), by: by, only: only}
	if err := s.receive(ctx, f, &contextReader{ctx: ctx, r: r}); err != nil {
		s.Discard(f)
		return nil, explain(err, f.Name, "receive")
	}
	s.forget(&f.raw)
	return f, nil
}

func (s *Store) receive(ctx context.Context, f *File, in io.Reader) (err error) {
	want, err := f.only.promised(f.Name)
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
	switch f.free = want == nil || want == formatOther; {
	case want == nil:
		want = detect(f.Name, head)
	case f.free:
		if want = detect(f.Name, head); want != formatText {
			want = formatOther
		}
	default:
		if err := promisedOnly(want, head, f.only); err != nil {
			return err
		}
	}

	temp, name, err := s.createTemp()
	if err != nil {
		return err
	}
	f.temp = name
	defer func() { err = errors.Join(err, temp.Close()) }()

	want = want.heard(head)
	f.Type = want.mime
	if want == formatText {
		return s.receiveText(f, temp, head, in)
	}
	if f.Size, err = s.copy(s.reserved(temp), head, in); err != nil {
		return err
	}
	if want == formatOther {
		return temp.Sync()
	}
	if err := hidesNoZIP(want, temp, f.Size); err != nil {
		return f.plain(err, temp)
	}
	if want.decode == nil {
		return temp.Sync()
	}
	size := f.Size
	if err = s.receivePicture(ctx, f, want, temp); err == nil {
		return nil
	}
	if err = f.plain(err, temp); err == nil { // as it was sent: what is no picture must not lose a byte
		s.forget(&f.temp)
		f.temp, f.raw, f.Size = f.raw, "", size
	}
	return err
}

// receiveText writes a text, and checks all of it: what has other bytes further on is a file without a known type.
func (s *Store) receiveText(f *File, temp *os.File, head []byte, in io.Reader) (err error) {
	check := newTextCheck(head)
	check.tolerant = f.free
	if f.Size, err = s.copy(io.MultiWriter(check, s.reserved(temp)), head, in); err != nil {
		return err
	}
	if f.Type, err = check.finish(); err != nil {
		return f.plain(err, temp)
	}
	return temp.Sync()
}

// plain makes f, which is whole in temp, a file without a known type, unless its name promised one. It returns a cause
// that has nothing to do with the type.
func (f *File) plain(cause error, temp *os.File) error {
	r, ok := errors.AsType[*Refusal](cause)
	if !f.free || !ok || !slices.Contains([]Kind{WrongType, Broken, TooLarge}, r.Kind) {
		return cause
	}
	f.Type = formatOther.mime
	return temp.Sync()
}

// copy writes head and the rest of in to dst, up to the size limit. Small reads are collected into large writes.
func (s *Store) copy(dst io.Writer, head []byte, in io.Reader) (int64, error) {
	buf := copyBuffers.Get().(*bufio.Writer)
	defer func() {
		buf.Reset(nil)
		copyBuffers.Put(buf)
	}()
	buf.Reset(struct{ io.Writer }{dst}) // hides File.ReadFrom, which would allocate its own buffer
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

// receivePicture writes the picture of raw without its metadata to a new file, which becomes the one to keep. It also
// measures the picture and writes its thumbnail.
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
	err = s.draw(ctx, f, want, temp, c)
	if r, ok := errors.AsType[*Refusal](err); ok && r.Kind == TooLarge {
		return f.plain(err, temp) // without its metadata all the same: photographs tell where they were taken
	}
	return errors.Join(err, temp.Sync())
}

// strip copies only the picture itself from raw to temp. The result is checked again: parts that were harmless in raw
// are now adjacent.
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
	if f.small != nil {
		then = f.small
	}
	p, err := s.look(ctx, f.by, want, source{file: temp, size: f.Size, orientation: c.orientation, moves: c.frames > 1,
		maxPixels: f.maxPixels}, then)
	if f.small == nil && c.pixels && errors.Is(err, errUndecoded) {
		// Browsers show much of a damaged or malformed picture. A large one is not shown in pages but offered as a file.
		if p.thumb, err = nil, nil; f.Size > ownBytes || p.width*p.height > ownPixels {
			return nil
		}
	} else if err == nil && (!c.pixels || c.cut && f.small != nil) {
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

// contextReader fails once ctx has ended. It does not interrupt a blocked Read: the connection's deadline does.
type contextReader struct {
	ctx  context.Context
	r    io.Reader
	idle int
}

// maxIdle bounds the consecutive reads that return neither bytes nor an error.
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
