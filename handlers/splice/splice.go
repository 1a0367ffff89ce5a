// Package splice joins compressed answers from pieces that were compressed independently, each of them once: shared
// parts are not compressed again for each answer. A gzip answer is one member of several deflate blocks; a brotli
// answer is one stream of several meta-blocks. Every piece begins at a byte, and refers to nothing before itself.
//
// That also keeps a secret in one piece from being guessed from the length of an answer when an attacker chooses the
// text of another piece (BREACH): pieces never share a window or a code.
package splice

import (
	"encoding/binary"
	"hash/crc32"
	"sync"
	"sync/atomic"
)

// Encoding is a content coding of HTTP.
type Encoding string

// The content encodings. Identity is none.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Brotli   Encoding = "br"
)

// Effort is how much work compressing a piece is worth.
type Effort int

// The efforts.
const (
	Stored Effort = iota // uncompressed: for a few bytes that are new in each answer
	Quick                // for an answer that nobody else gets
	Often                // Quick, until the third use in the same encoding; then Best
	Best                 // at once, for answers that very many get
)

// often is the number of uses from which Best is worth its cost: five times that of Quick, to save a twentieth. Most
// lists of messages are not requested three times before they change.
const often = 3

// Piece is a part of answers. It is immutable, except that it caches its encodings. Safe for concurrent use.
type Piece struct {
	effort Effort
	parts  [][]byte
	size   int

	sum          once[checksum]
	gzip, brotli packing
}

// packing is a piece in one encoding.
type packing struct {
	once[[]byte]
	uses atomic.Int64 // counted up to often
}

// once makes a value on first use. Concurrent callers wait for it. After a panic the next caller makes it again:
// sync.Once would count it as made.
type once[T any] struct {
	mu    sync.Mutex
	value atomic.Pointer[T]
}

func (o *once[T]) get(of func() T) T {
	if v := o.value.Load(); v != nil {
		return *v
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	v := o.value.Load()
	if v == nil {
		made := of()
		v = &made
		o.value.Store(v)
	}
	return *v
}

// New returns a piece of these bytes, which must not be changed afterwards. They are compressed on first use of an
// encoding, and once more if the effort is Often.
func New(effort Effort, parts ...[]byte) *Piece {
	p := &Piece{effort: effort, parts: parts}
	for _, part := range parts {
		p.size += len(part)
	}
	return p
}

func (p *Piece) checksum() checksum {
	return p.sum.get(func() checksum { return checksumOf(p.size, p.parts) })
}

// packed returns the piece in gzip or brotli, without the format's header and trailer.
func (p *Piece) packed(e Encoding) []byte {
	to, compress := &p.gzip, deflated
	if e == Brotli {
		to, compress = &p.brotli, brotlied
	}
	first := p.effort
	if first == Often {
		first = Quick
	}
	b := to.get(func() []byte { return p.pack(first, compress) })
	if p.effort == Often && to.uses.Load() < often && to.uses.Add(1) == often { // only this call compresses it again
		b = p.pack(Best, compress)
		to.value.Store(&b)
	}
	return b
}

var packs atomic.Int64

// Packs returns how often a piece was compressed since the program started, for tests of caching.
func Packs() int64 { return packs.Load() }

// Len returns the piece's uncompressed size.
func (p *Piece) Len() int { return p.size }

func (p *Piece) pack(effort Effort, compress func(Effort, []byte) []byte) []byte {
	if effort != Stored {
		packs.Add(1)
	}
	plain := p.parts[0]
	if len(p.parts) > 1 {
		b := plains.Get().(*[]byte)
		defer plains.Put(b)
		*b = p.AppendPlain((*b)[:0])
		plain = *b
	}
	return compress(effort, plain)
}

// plains are buffers for uncompressed pieces: *[]byte.
var plains = sync.Pool{New: func() any { return new([]byte) }}

// AppendPlain appends the piece's bytes.
func (p *Piece) AppendPlain(b []byte) []byte {
	for _, part := range p.parts {
		b = append(b, part...)
	}
	return b
}

// Append appends an answer that consists of pieces.
func Append(b []byte, e Encoding, pieces ...*Piece) []byte {
	switch e {
	case Gzip:
		b = append(b, gzipHead...)
		crc, size := uint32(0), 0
		for _, p := range pieces {
			if p.size > 0 {
				b = append(b, p.packed(Gzip)...)
				crc = p.checksum().after(crc)
				size += p.size
			}
		}
		b = append(b, 0x03, 0x00) // an empty last block
		b = binary.LittleEndian.AppendUint32(b, crc)
		return binary.LittleEndian.AppendUint32(b, uint32(size)) // modulo 2^32, as the format requires
	case Brotli:
		b = append(b, brotliHead...)
		for _, p := range pieces {
			if p.size > 0 {
				b = append(b, p.packed(Brotli)...)
			}
		}
		return append(b, brotliEnd)
	case Identity:
	}
	for _, p := range pieces {
		b = p.AppendPlain(b)
	}
	return b
}

// checksum is the CRC-32 of some bytes, and the factor by which they shift the checksum of preceding bytes.
type checksum struct{ crc, shift uint32 }

func checksumOf(size int, parts [][]byte) checksum {
	c := checksum{shift: power(size)}
	for _, part := range parts {
		c.crc = crc32.Update(c.crc, crc32.IEEETable, part)
	}
	return c
}

// after returns the CRC-32 of both, with these bytes after the others.
func (c checksum) after(crc uint32) uint32 { return times(c.shift, crc) ^ c.crc }

// one is the polynomial 1. A CRC-32 is the remainder of a polynomial over GF(2) whose highest coefficient is the lowest
// bit. Appending n bytes multiplies the preceding ones by x^8n.
const one = uint32(1) << 31

// times multiplies two polynomials modulo that of the CRC.
func times(a, b uint32) (product uint32) {
	for ; a != 0; a <<= 1 {
		product ^= b & -(a >> 31)
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return product
}

// power returns x^8n.
func power(n int) uint32 {
	result, base := one, one>>8
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			result = times(result, base)
		}
		base = times(base, base)
	}
	return result
}
