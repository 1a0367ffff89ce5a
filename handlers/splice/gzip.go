package splice

import (
	"bytes"
	"encoding/binary"
	"sync"

	"github.com/klauspost/compress/flate"
)

// gzipHead is a header without a name or a time, for deflate.
var gzipHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}

// maxStored is the maximum length of a stored block.
const maxStored = 0xffff

// deflaters are *flate.Writers by effort, Quick or Best.
var deflaters = map[Effort]*sync.Pool{
	Quick: deflatersOf(1),
	Best:  deflatersOf(7),
}

func deflatersOf(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, err := flate.NewWriter(nil, level)
		if err != nil {
			panic(err) // the levels are constants
		}
		return w
	}}
}

// deflated returns deflate blocks that end at a byte, none of them the last of a stream.
func deflated(effort Effort, plain []byte) []byte {
	if effort == Stored {
		b := make([]byte, 0, len(plain)+5*(1+len(plain)/maxStored))
		for len(plain) > 0 {
			n := min(len(plain), maxStored)
			b = append(b, 0x00)
			b = binary.LittleEndian.AppendUint16(b, uint16(n))
			b = binary.LittleEndian.AppendUint16(b, ^uint16(n))
			b, plain = append(b, plain[:n]...), plain[n:]
		}
		return b
	}
	pool := deflaters[effort]
	w := pool.Get().(*flate.Writer)
	defer pool.Put(w)
	var b bytes.Buffer
	b.Grow(len(plain)/8 + 64)
	w.Reset(&b)
	_, _ = w.Write(plain) // a buffer never fails
	_ = w.Flush()
	return bytes.Clone(b.Bytes())
}
