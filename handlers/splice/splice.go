// Package splice makes compressed answers of pieces that were compressed apart, each of them once: what many answers
// share is not compressed again for each. A gzip answer is one member of several deflate blocks, a brotli answer one
// stream of several meta-blocks; every piece begins at a byte, and refers to nothing before itself.
//
// That also keeps a secret of one piece from being guessed by the length of an answer in which somebody else chose the
// text of another piece (BREACH): what stands in different pieces never shares a window or a code.
package splice

import (
	"encoding/binary"
	"hash/crc32"
	"sync"
	"sync/atomic"
)

// Encoding is a content coding of HTTP.
type Encoding string

// The encodings. Identity is none.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Brotli   Encoding = "br"
)

// Effort is how much work a piece is worth.
type Effort int

// The efforts.
const (
	Stored Effort = iota // as it is: for some bytes that are new in each answer
	Quick                // for an answer that nobody else gets
	Often                // Quick, until the piece is asked for the third time in the same encoding; from then on Best
	Best                 // at once, for what very many get
)

// often is how many times a piece is asked for until it is worth Best, which costs as much as five times Quick and
// saves a twentieth. Most lists of messages are not seen three times before somebody says something.
const often = 3

// Piece is a part of answers. It never changes, but for the encodings that it keeps once they were asked for. Safe for
// concurrent use.
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

// once makes a value when it is first asked for. Those who ask meanwhile wait for it. When making it panicked, it is
// made anew for the next who asks: sync.Once would count it as made.
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

// New makes a piece of these bytes, which are not to be changed after it. They are compressed when an encoding is asked
// for the first time, and not again, but for once more when the effort is Often.
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

// packed is the piece in gzip or brotli, without what stands around it.
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
	if p.effort == Often && to.uses.Load() < often && to.uses.Add(1) == often { // nobody else waits for it
		b = p.pack(Best, compress)
		to.value.Store(&b)
	}
	return b
}

var packs atomic.Int64

// Packs counts how often a piece was compressed since the program started, for tests that hold what is done once.
func Packs() int64 { return packs.Load() }

// Len is the size of the piece, not compressed.
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

// plains are buffers for what is compressed: *[]byte.
var plains = sync.Pool{New: func() any { return new([]byte) }}

// AppendPlain appends the bytes of the piece.
func (p *Piece) AppendPlain(b []byte) []byte {
	for _, part := range p.parts {
		b = append(b, part...)
	}
	return b
}

// Append appends an answer that consists of these pieces.
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
		b = append(b, 0x03, 0x00) // the last block, which is empty
		b = binary.LittleEndian.AppendUint32(b, crc)
		return binary.LittleEndian.AppendUint32(b, uint32(size)) // the format wants it modulo 2^32
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

// checksum is the CRC-32 of some bytes, and what putting them after others does to the checksum of those.
type checksum struct{ crc, shift uint32 }

func checksumOf(size int, parts [][]byte) checksum {
	c := checksum{shift: power(size)}
	for _, part := range parts {
		c.crc = crc32.Update(c.crc, crc32.IEEETable, part)
	}
	return c
}

// after is the CRC-32 of the bytes put after others.
func (c checksum) after(crc uint32) uint32 { return times(c.shift, crc) ^ c.crc }

// A CRC-32 is the remainder of a polynomial over GF(2), whose highest coefficient is the lowest bit. To put n bytes
// after others is to multiply those by x^8n.
const one = uint32(1) << 31

// times multiplies two polynomials modulo that of the CRC.
func times(a, b uint32) (product uint32) {
	for ; a != 0; a <<= 1 {
		product ^= b & -(a >> 31)
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return product
}

// power is x^8n.
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
