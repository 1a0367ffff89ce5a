package uploads

import (
	"bufio"
	"context"
	"errors"
	"image"
	"io"
	"runtime/debug"
	"time"
)

const (
	// maxPixels bounds the memory of a picture: a PNG of 47 kB can unfold to 400 megapixels.
	maxPixels = 40_000_000
	// maxMemory is what the pixels may take in bytes while they are decoded. Progressive and interlaced pictures
	// take several times what they end up as: a photograph of 24 megapixels may be so. The most pixels at 16 bits
	// a colour are no photograph.
	maxMemory = 5 * maxPixels
	// maxDecodeTime bounds the work of one, which holds up other large ones. What is this slow was made to be.
	maxDecodeTime = 20 * time.Second
	// manyPixels is where a decoded picture is too much memory to leave to the collector's leisure.
	manyPixels = 4_000_000
)

// source is a picture's file. Every reading of it begins at the start and ends with the context.
type source struct {
	ctx  context.Context
	file io.ReaderAt
	size int64

	orientation int  // that the decoder does not find by itself; 0: none
	moves       bool // there is more than one picture in it
}

func (s source) reader() *bufio.Reader { return s.section(0, s.size) }

func (s source) section(begin, length int64) *bufio.Reader {
	return bufio.NewReader(&contextReader{ctx: s.ctx, r: io.NewSectionReader(s.file, begin, length)})
}

// still is one picture out of a file: the only one, or the first of those that move.
type still struct {
	width, height int   // of the whole picture, as stored; known from the header
	memory        int64 // bytes that decoding takes, about
	work          int64 // bytes that decoding writes, about; 0: as many as it takes
	orientation   int
	at            image.Rectangle // where in the whole the pixels belong: all of it, but in moving pictures
	pixels        image.Image     // nil until it is decoded
	moves         bool
}

// decoder reads one format. It calls allow with what the header says, before there is memory for a
// pixel, and ends with its error.
type decoder func(src source, allow func(still) error) (still, error)

// picture is what look found out about a file.
type picture struct {
	width, height int    // as shown
	thumb         []byte // nil when the picture is small enough to be shown itself
	thumbSuffix   string
}

func errBroken() *Refusal {
	return refuse(Broken, "The picture cannot be read: it is damaged, or a part is missing.")
}

// errUndecoded is beneath the Refusal of a picture whose header is good, and whose pixels could not be decoded.
var errUndecoded = errors.New("its pixels could not be decoded")

// maker makes of a decoded picture, of a file of size bytes, what is shown of it.
type maker func(st still, size int64) (picture, error)

// look reads a picture of by through to its end and makes its thumbnail. The header is read at once; the pixels when
// it is by's turn. With errUndecoded it returns how large the header says that the picture is.
func (s *Store) look(ctx context.Context, by string, want *format, src source, then maker) (picture, error) {
	limited, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	leave := func() {}
	defer func() { leave() }()
	var header still
	allow := func(st still) (err error) {
		if err = allowPixels(st); err != nil {
			return err
		}
		end, err := s.turns.enter(limited, by, max(st.memory, st.work))
		if err != nil {
			return err
		}
		header = st
		clock := time.AfterFunc(s.decodeTime, func() { cancel(refuse(Broken, "The picture takes too long to read.")) })
		leave = func() {
			clock.Stop()
			end()
		}
		return nil
	}
	src.ctx = limited
	p, err := s.read(want, src, allow, then)
	if p.width*p.height > manyPixels {
		debug.FreeOSMemory() // before the next one may begin
	}
	if cause := context.Cause(limited); cause != nil {
		return picture{}, cause // the decoders hide it in words of their own
	}
	if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
		s.log.Debug("a picture could not be read", "type", want.mime, "size", src.size, "error", err)
		broken := errBroken()
		if header.width > 0 {
			broken.cause = errUndecoded
		}
		return measure(src.found(header)), broken
	}
	return p, err
}

// read runs the decoder on what a stranger made: where it panics, it has refused it.
func (s *Store) read(want *format, src source, allow func(still) error, then maker) (p picture, err error) {
	defer func() {
		if v := recover(); v != nil {
			p, err = picture{}, errBroken()
			s.log.Error("a picture made the decoder panic", "type", want.mime, "error", v, "stack", string(debug.Stack()))
		}
	}()
	st, err := want.decode(src, allow)
	if err != nil {
		return picture{width: st.width, height: st.height}, err
	}
	if st.pixels.Bounds().Size() != st.at.Size() {
		return picture{}, errBroken() // made so
	}
	return then(src.found(st), src.size)
}

// found adds to a still what the decoder does not find by itself.
func (s source) found(st still) still {
	if s.orientation > 0 {
		st.orientation = s.orientation
	}
	st.moves = s.moves
	return st
}

// allowPixels refuses a picture by its header.
func allowPixels(st still) error {
	if st.width < 1 || st.height < 1 {
		return errBroken()
	}
	if pixels := int64(st.width) * int64(st.height); pixels > maxPixels {
		return refuse(TooLarge, "The picture is %d × %d, which is %d megapixels; %d is the most.",
			st.width, st.height, (pixels+999_999)/1_000_000, maxPixels/1_000_000)
	}
	if st.memory > maxMemory || st.work > maxWork {
		return refuse(TooLarge, "The picture, of %d × %d, takes too much work to read. Save it again with 8 bits a colour, "+
			"without progressive or interlaced display, or smaller.",
			st.width, st.height)
	}
	return nil
}

// whole is the still that fills the picture, of so many bytes a pixel while it is decoded.
func whole(width, height int, bytes float64) still {
	return still{
		width: width, height: height, orientation: upright, at: image.Rect(0, 0, width, height),
		memory: int64(float64(width) * float64(height) * bytes),
	}
}
