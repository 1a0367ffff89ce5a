//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
)

// scanner finds marks in the text frames of one connection: a token followed by a number. It keeps at most one control
// frame, or one token that was cut in two.
type scanner struct {
	frame int64 // bytes left of the running text frame's payload
	skip  int   // bytes of them known to hold no token
	carry [maxCarry]byte
	kept  int // length of carry
	bad   bool
}

// maxCarry is enough for the longest control frame, and for any token with its number.
const maxCarry = 160

// search is what a scanner looks for: a token with a number behind it.
type search struct {
	token []byte
	skip  int // minimum distance between tokens; 0: unknown
}

// events are the callbacks of a scanner.
type events interface {
	mark(n int64)
	control(op byte, payload []byte)
}

// scan handles bytes that were read. buf has maxCarry free bytes before them; end is where they end.
func (s *scanner) scan(buf []byte, end int, find *search, tell events) {
	from := maxCarry - s.kept
	copy(buf[from:maxCarry], s.carry[:s.kept])
	s.kept = 0
	b := buf[from:end]
	for len(b) > 0 && !s.bad {
		var n int
		if s.frame == 0 {
			n = s.header(b, tell)
		} else {
			n = s.payload(b, find, tell)
		}
		if n == 0 { // incomplete
			s.bad = len(b) > maxCarry
			s.kept = copy(s.carry[:], b)
			return
		}
		b = b[n:]
	}
}

// header parses a frame's header, or a whole control frame. It returns its length in bytes, 0 if it is incomplete.
func (s *scanner) header(b []byte, tell events) int {
	if len(b) < 2 {
		return 0
	}
	op, size, n := b[0]&0x0f, int64(b[1]&0x7f), 2
	switch size {
	case 126:
		if len(b) < 4 {
			return 0
		}
		size, n = int64(binary.BigEndian.Uint16(b[2:])), 4
	case 127:
		if len(b) < 10 {
			return 0
		}
		size, n = int64(binary.BigEndian.Uint64(b[2:])), 10
	}
	if size < 0 || op > 7 && size > 125 {
		s.bad = true
		return n
	}
	if op < 8 {
		s.frame, s.skip = size, 0
		return n
	}
	if len(b) < n+int(size) {
		return 0
	}
	tell.control(op, b[n:n+int(size)])
	return n + int(size)
}

// payload searches the available payload of a text frame, and returns how many bytes it has consumed.
func (s *scanner) payload(b []byte, find *search, tell events) int {
	whole := int64(len(b)) >= s.frame
	if whole {
		b = b[:s.frame]
	}
	used := min(s.skip, len(b))
	s.skip -= used
	for used < len(b) {
		i := bytes.Index(b[used:], find.token)
		if i < 0 {
			if whole {
				used = len(b)
			} else {
				used = max(used, len(b)-len(find.token)+1) // a token may begin there
			}
			break
		}
		number := used + i + len(find.token)
		n, width := digits(b[number:])
		if number+width == len(b) && !whole {
			used += i // the number may continue
			break
		}
		tell.mark(n)
		next := max(number+width, used+i+find.skip)
		used = min(next, len(b))
		s.skip = next - used
	}
	s.frame -= int64(used)
	return used
}

func digits(b []byte) (n int64, width int) {
	for width < len(b) && b[width] >= '0' && b[width] <= '9' {
		n = n*10 + int64(b[width]-'0')
		width++
	}
	return n, width
}

// textFrame appends a text frame as a server sends it.
func textFrame(b []byte, parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	b = frameHeader(b, 0x81, 0, size)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// clientFrame returns a frame as a client sends it: masked with zeros, which leaves the bytes unchanged.
func clientFrame(op byte, payload []byte) []byte {
	b := frameHeader(nil, 0x80|op, 0x80, len(payload))
	b = append(b, 0, 0, 0, 0)
	return append(b, payload...)
}

func frameHeader(b []byte, first, mask byte, size int) []byte {
	switch {
	case size < 126:
		return append(b, first, mask|byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, first, mask|126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(b, first, mask|127), uint64(size))
}
