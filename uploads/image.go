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
	// maxMemory bounds the bytes of pixels during decoding. Progressive and interlaced pictures need several times their
	// final size, which allows a photograph of 24 megapixels. Pictures with the most pixels at 16 bits per colour are no
	// photographs.
	maxMemory = 5 * maxPixels
	// maxDecodeTime bounds the decoding of one picture, which delays other large ones. Only pictures made to harm are so
	// slow.
	maxDecodeTime = 20 * time.Second
	// manyPixels is the size from which the memory of a decoded picture is freed at once, not by the next collection.
	manyPixels = 4_000_000
)

// source is a picture's file. Every reader begins at the start and fails when the context ends.
type source struct {
	ctx  context.Context
	file io.ReaderAt
	size int64

	orientation int   // for decoders that do not read it; 0: none
	moves       bool  // it has more than one frame
	maxPixels   int64 // 0: as for any picture
}

func (s source) reader() *bufio.Reader { return s.section(0, s.size) }

func (s source) section(begin, length int64) *bufio.Reader {
	return bufio.NewReader(&contextReader{ctx: s.ctx, r: io.NewSectionReader(s.file, begin, length)})
}

// still is one picture of a file: the only one, or the first frame of an animation.
type still struct {
	width, height int   // of the whole picture, as stored; known from the header
	memory        int64 // approximate bytes that decoding uses
	work          int64 // approximate bytes that decoding writes; 0: as many as memory
	orientation   int
	at            image.Rectangle // the pixels' place in the whole: all of it, except in animations
	pixels        image.Image     // nil until decoded
	moves         bool
}

// decoder decodes one format. It calls allow with the header's values before it allocates pixels, and returns allow's
// error.
type decoder func(src source, allow func(still) error) (still, error)

// picture is what look returns about a file.
type picture struct {
	width, height int    // as shown
	thumb         []byte // nil if the picture is small enough to be shown itself
	thumbSuffix   string
}

func errBroken() *Refusal {
	return refuse(Broken, "The picture cannot be read: it is damaged, or a part is missing.")
}

// errUndecoded is the cause of a Refusal when the header is valid but the pixels could not be decoded.
var errUndecoded = errors.New("its pixels could not be decoded")

// maker makes the measures and thumbnail of a decoded picture, from a file of size bytes.
type maker func(st still, size int64) (picture, error)

// look reads the whole picture of the user by and makes its thumbnail. It reads the header at once, and the pixels when
// it is the user's turn. With errUndecoded it returns the size from the header.
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
		if most := src.maxPixels; most > 0 && int64(st.width)*int64(st.height) > most {
			return refuse(TooLarge, "The picture has more than %d megapixels.", most/1_000_000)
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
		debug.FreeOSMemory() // before the next picture may begin
	}
	if cause := context.Cause(limited); cause != nil {
		return picture{}, cause // decoders replace it by errors of their own
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

// read runs the decoder on untrusted bytes: a panic counts as a refusal.
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
		return picture{}, errBroken() // made to harm
	}
	return then(src.found(st), src.size)
}

// found adds to a still what the decoder does not read.
func (s source) found(st still) still {
	if s.orientation > 0 {
		st.orientation = s.orientation
	}
	st.moves = s.moves
	return st
}

// allowPixels refuses a picture because of its header.
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

// whole returns a still that fills the picture, with so many bytes per pixel during decoding.
func whole(width, height int, bytes float64) still {
	return still{
		width: width, height: height, orientation: upright, at: image.Rect(0, 0, width, height),
		memory: int64(float64(width) * float64(height) * bytes),
	}
}
