package uploads

import (
	"errors"
	"io"
)

// reserveStep is how many bytes are written between checks of the free space: each concurrent upload can take as much
// of the reserve.
const reserveStep = 1 << 20

// reserved writes while more than the reserve is free on the disk; the reserve is left to messages.
type reserved struct {
	w      io.Writer
	s      *Store
	before int // bytes until the next check
}

func (s *Store) reserved(w io.Writer) io.Writer {
	if s.reserve <= 0 {
		return w
	}
	return &reserved{w: w, s: s}
}

func (r *reserved) Write(p []byte) (int, error) {
	if r.before -= len(p); r.before <= 0 {
		r.before = reserveStep
		free, err := r.s.free()
		if err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return 0, err
		}
		if err == nil && free < r.s.reserve {
			return 0, errNoSpace()
		}
	}
	return r.w.Write(p)
}
