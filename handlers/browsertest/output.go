package browsertest

import (
	"bytes"
	"sync"
)

// Output is what a program has written so far; tests may read it meanwhile. Safe for concurrent use.
type Output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// String returns all of it.
func (o *Output) String() string { return string(o.from(0)) }

func (o *Output) len() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Len()
}

func (o *Output) from(n int) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.buf.Bytes()[n:])
}

func (o *Output) tail() []byte {
	all := o.from(0)
	return all[max(0, len(all)-4000):]
}
