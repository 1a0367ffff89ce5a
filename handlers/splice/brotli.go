package splice

import (
	"math/bits"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/andybalholm/brotli/matchfinder"
)

// Meta-blocks can follow any others if they do not depend on the state that those leave: the last four distances, the
// last two bytes, and the position in the stream, which determines where the static dictionary begins. brotli.Encoder
// does not depend on it: it starts each meta-block without known distances, uses one code for all literals, and copies
// only matches within the piece. (The same package's Writer depends on all three.)

// brotliHead begins a stream with the largest window, padded to a byte: four bits for the window, then an empty
// metadata block.
var brotliHead = []byte{0xf | skip<<4&0xff, skip >> 4}

const (
	skip      = 0b000110 // an empty metadata block: not the last, no length, padded to a byte
	skipBits  = 6
	headBits  = 4    // bits with which the Encoder begins a stream
	brotliEnd = 0x03 // an empty last meta-block

	maxDistance  = 1 << 20 // far less than the window
	maxMetaBlock = 1 << 20
)

// finders are matchfinder.MatchFinders by effort, Quick or Best.
var finders = map[Effort]*sync.Pool{
	Quick: {New: func() any { return &matchfinder.ZFast{MaxDistance: maxDistance} }},
	Best: {New: func() any {
		return &matchfinder.M4{MaxDistance: maxDistance, HashLen: 5, TableBits: 15, ChainLength: 16, DistanceBitCost: 57}
	}},
}

// rough is the input of a meta-block, reused because it is larger than the meta-block.
type rough struct {
	matches []matchfinder.Match
	stream  []byte
}

var roughs = sync.Pool{New: func() any { return new(rough) }}

// brotlied returns meta-blocks that end at a byte, none of them the last of a stream.
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

// appendStored appends up to 65,536 bytes uncompressed.
func appendStored(b, plain []byte) []byte {
	head := uint32(len(plain)-1)<<3 | 1<<19 // not the last, four nibbles of length, uncompressed
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

	// Cut the window's bits off the beginning, and replace the last, empty meta-block by skip: the two highest bits.
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
