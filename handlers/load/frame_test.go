//go:build linux

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// heard is what a scanner has found.
type heard struct {
	marks    []int64
	controls []string
}

func (h *heard) mark(n int64) { h.marks = append(h.marks, n) }

func (h *heard) control(op byte, payload []byte) {
	h.controls = append(h.controls, fmt.Sprintf("%d %s", op, payload))
}

func row(n int) []byte {
	return fmt.Appendf(nil, `<article id="m-1-%d" data-seq="%d" data-rev="%d">%s</article>`, n, n, n,
		bytes.Repeat([]byte("x"), 200))
}

// However a stream is cut, the same marks are found in it, with and without a known distance.
func TestScannerFindsMarksInAnyPieces(t *testing.T) {
	stream := textFrame(nil, []byte("nothing in here"))
	var want []int64
	for n := 8; n < 13; n++ {
		stream = textFrame(stream, wrapStart, row(n), wrapEnd)
		want = append(want, int64(n))
	}
	var many [][]byte
	for n := 95; n < 400; n++ { // a frame with an extended length
		many, want = append(many, row(n)), append(want, int64(n))
	}
	stream = append(stream, 0x89, 2, 'h', 'i') // a ping
	stream = textFrame(stream, many...)
	stream = textFrame(stream, row(400)[:40]) // ends within a row, after its number
	want = append(want, 400)
	stream = append(stream, 0x88, 2, 3, 0xf4) // close, 1012

	for _, skip := range []int{0, 230} {
		for seed := range uint64(200) {
			random := rand.New(rand.NewPCG(seed, uint64(skip)))
			var s scanner
			var got heard
			find := &search{token: seqToken, skip: skip}
			buf := make([]byte, maxCarry+len(stream))
			for rest := stream; len(rest) > 0; {
				n := 1 + random.IntN(min(len(rest), 1<<random.IntN(16)))
				copy(buf[maxCarry:], rest[:n])
				s.scan(buf, maxCarry+n, find, &got)
				rest = rest[n:]
			}
			if s.bad || !slices.Equal(got.marks, want) {
				t.Fatalf("seed %d, skip %d: bad %v, %d marks, want %d", seed, skip, s.bad, len(got.marks), len(want))
			}
			if !slices.Equal(got.controls, []string{"9 hi", "8 \x03\xf4"}) {
				t.Fatalf("controls %q", got.controls)
			}
		}
	}
}

// A frame that no server may send fails the run instead of being skipped.
func TestScannerRefusesLongControlFrames(t *testing.T) {
	var s scanner
	buf := make([]byte, maxCarry+4)
	copy(buf[maxCarry:], []byte{0x89, 126, 1, 0})
	s.scan(buf, maxCarry+4, &search{token: seqToken}, &heard{})
	if !s.bad {
		t.Error("a ping of 256 bytes was taken")
	}
}

func FuzzScanner(f *testing.F) {
	f.Add(textFrame(nil, row(1)), 3)
	f.Add([]byte{0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, 1)
	f.Fuzz(func(_ *testing.T, stream []byte, piece int) {
		piece = max(1, min(piece, 1000))
		var s scanner
		buf := make([]byte, maxCarry+piece)
		for part := range slices.Chunk(stream, piece) {
			copy(buf[maxCarry:], part)
			s.scan(buf, maxCarry+len(part), &search{token: seqToken, skip: 100}, &heard{})
		}
	})
}

func TestRowPattern(t *testing.T) {
	p, err := newRowPattern([]byte(`<article data-seq="12" data-rev="12"><p>the body</p></article>`), "the body")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.with(nil, 345,
		"another")); got != `<article data-seq="345" data-rev="12"><p>another</p></article>` {
		t.Errorf("got %s", got)
	}
	if _, err := newRowPattern([]byte(`<article data-seq="12">`), "the body"); err == nil {
		t.Error("a row without its body was taken")
	}
}
