package splice

import (
	"math/bits"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/andybalholm/brotli/matchfinder"
)

// Meta-blocks can stand after any others when they do not lean on what is left of those: the last four distances, the
// last two bytes, and how far the stream has come, which says where the static dictionary begins. brotli.Encoder does
// not: it begins each meta-block without known distances, has one code for all literals, and copies only what its match
// finder found in the piece itself. (The same package's Writer leans on all three.)

// brotliHead begins a stream with the largest window, and goes on to the next byte: four bits for the window, then an
// empty meta-block of metadata.
var brotliHead = []byte{0xf | skip<<4&0xff, skip >> 4}

const (
	skip      = 0b000110 // a meta-block of metadata that has none: not the last, no length, and on to the next byte
	skipBits  = 6
	headBits  = 4    // what the Encoder begins a stream with
	brotliEnd = 0x03 // the last meta-block, which is empty

	maxDistance  = 1 << 20 // far less than the window
	maxMetaBlock = 1 << 20
)

// finders are matchfinder.MatchFinder, by effort; Often is one of these two.
var finders = map[Effort]*sync.Pool{
	Quick: {New: func() any { return &matchfinder.ZFast{MaxDistance: maxDistance} }},
	Best: {New: func() any {
		return &matchfinder.M4{MaxDistance: maxDistance, HashLen: 5, TableBits: 15, ChainLength: 16, DistanceBitCost: 57}
	}},
}

// rough is what a meta-block is made of, kept for the next one: it is larger than the meta-block.
type rough struct {
	matches []matchfinder.Match
	stream  []byte
}

var roughs = sync.Pool{New: func() any { return new(rough) }}

// brotlied returns meta-blocks that end at a byte, none of which is the last of a stream.
func brotlied(effort Effort, plain []byte) (b []byte) {
	for len(plain) > 0 {
		n := min(len(plain), maxMetaBlock)
		if effort == Stored {
			n = min(n, maxStored)
			b = appendStored(b, plain[:n])
		} else {
			b = appendMetaBlock(b, effort, plain[:n])
		}
		plain = plain[n:]
	}
	return b
}

// appendStored appends up to 65,536 bytes as they are.
func appendStored(b, plain []byte) []byte {
	head := uint32(len(plain)-1)<<3 | 1<<19 // not the last, four nibbles for the length, not compressed
	return append(append(b, byte(head), byte(head>>8), byte(head>>16)), plain...)
}

func appendMetaBlock(b []byte, effort Effort, plain []byte) []byte {
	pool := finders[effort]
	finder := pool.Get().(matchfinder.MatchFinder)
	defer pool.Put(finder)
	finder.Reset()
	r := roughs.Get().(*rough)
	defer roughs.Put(r)
	var encoder brotli.Encoder
	r.matches = finder.FindMatches(r.matches[:0], plain)
	r.stream = encoder.Encode(r.stream[:0], plain, r.matches, true)
	stream := r.stream

	// Take the window from its beginning, and put skip in the place of the last, empty meta-block: the two highest bits.
	last := len(stream) - 1
	for stream[last] == 0 {
		last--
	}
	end := 8*last + bits.Len8(stream[last]) - 2 - headBits
	from := len(b)
	for i := range last + 1 {
		v := stream[i] >> headBits
		if i < last {
			v |= stream[i+1] << (8 - headBits)
		}
		b = append(b, v)
	}
	b = append(b[:min(len(b), from+(end+7)/8)], 0, 0)
	at := from + end/8
	tail := uint16(b[at])&(1<<(end%8)-1) | skip<<(end%8)
	b[at], b[at+1] = byte(tail), byte(tail>>8)
	return b[:from+(end+skipBits+7)/8]
}
