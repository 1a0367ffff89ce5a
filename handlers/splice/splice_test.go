package splice

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
)

// read decodes an answer as a browser does; bytes after its end are an error.
func read(t testing.TB, e Encoding, answer []byte) []byte {
	t.Helper()
	in := bytes.NewReader(answer)
	var from io.Reader = in
	switch e {
	case Gzip:
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		z.Multistream(false) // browsers read one member
		from = z
	case Brotli:
		from = brotli.NewReader(in)
	}
	got, err := io.ReadAll(from)
	if err != nil {
		t.Fatalf("%q: %v after %d bytes", e, err, len(got))
	}
	if in.Len() > 0 {
		t.Fatalf("%q: %d bytes after the end", e, in.Len())
	}
	return got
}

var encodings = []Encoding{Identity, Gzip, Brotli}

// samples are plain texts of every kind: empty, tiny, repetitive, random, and longer than any block.
func samples(random *rand.Rand) [][]byte {
	noise := make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	rows := ""
	for i := range 300 {
		rows += fmt.Sprintf(`<article id="m-%d" class="message"><a href="/u/x">Ada</a><p>What was said %d</p></article>`, i,
			random.Uint32())
	}
	return [][]byte{
		nil, []byte("x"), []byte("\x00\x00"), []byte("the of and in a to"), noise, noise[:1], noise[:100], []byte(rows),
		[]byte(rows[:777]),
		[]byte(strings.Repeat("a", 66_000)),
	}
}

func TestAppend(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	list := samples(random)
	for _, effort := range []Effort{Stored, Quick, Often, Best} {
		for range 5 {
			var pieces []*Piece
			var want []byte
			for range random.IntN(7) {
				plain := list[random.IntN(len(list))]
				cut := random.IntN(len(plain) + 1)
				pieces = append(pieces, New(effort, plain[:cut], plain[cut:]))
				want = append(want, plain...)
			}
			for _, e := range encodings {
				answer := Append([]byte("before"), e, pieces...)
				if got := read(t, e, answer[len("before"):]); !bytes.Equal(got, want) {
					t.Fatalf("%q, effort %d: %d bytes came back of %d, or others", e, effort, len(got), len(want))
				}
			}
		}
	}
}

// Any piece can follow any other.
func TestAppendAnyAfterAny(t *testing.T) {
	var pieces []*Piece
	var want []byte
	for _, plain := range samples(rand.New(rand.NewPCG(3, 4)))[:9] {
		for _, effort := range []Effort{Stored, Quick, Often, Best} {
			pieces = append(pieces, New(effort, plain))
		}
	}
	var order []*Piece
	for _, a := range pieces {
		for _, b := range pieces {
			if a.Len()+b.Len() < 60_000 {
				order = append(order, a, b)
				want = b.AppendPlain(a.AppendPlain(want))
			}
		}
	}
	for _, e := range encodings {
		if !bytes.Equal(read(t, e, Append(nil, e, order...)), want) {
			t.Errorf("%q: what came back is not what was sent", e)
		}
	}
}

// A piece longer than one meta-block is split into several.
func TestAppendLong(t *testing.T) {
	plain := bytes.Repeat([]byte("message "), maxMetaBlock/8+1)
	for _, e := range encodings {
		if !bytes.Equal(read(t, e, Append(nil, e, New(Quick, plain), New(Stored, plain))),
			append(bytes.Clone(plain), plain...)) {
			t.Errorf("%q: what came back is not what was sent", e)
		}
	}
}

func TestChecksum(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		a, b := make([]byte, random.IntN(300)), make([]byte, random.IntN(300))
		for i := range a {
			a[i] = byte(random.Uint32())
		}
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		got := checksumOf(len(b), [][]byte{b}).after(crc32.ChecksumIEEE(a))
		if want := crc32.ChecksumIEEE(append(a, b...)); got != want {
			t.Fatalf("%x of %d and %d bytes, want %x", got, len(a), len(b), want)
		}
	}
}

// A piece is compressed once, however many goroutines request it concurrently; with Often it is compressed again on the
// third request.
func TestCompressesOnce(t *testing.T) {
	for effort, want := range map[Effort]int64{Quick: 1, Often: 2, Best: 1} {
		p := New(effort, bytes.Repeat([]byte("What people say in a day. "), 1000))
		before := Packs()
		first := make([][]byte, 16)
		var wg sync.WaitGroup
		for i := range first {
			wg.Go(func() { first[i] = Append(nil, encodings[1+i%2], p) })
		}
		wg.Wait()
		if n := Packs() - before; n != 2*want {
			t.Errorf("effort %d: compressed %d times, want %d for each encoding", effort, n, want)
		}
		for _, e := range encodings[1:] {
			if a, b := p.packed(e), p.packed(e); &a[0] != &b[0] {
				t.Errorf("%q, effort %d: compressed once more", e, effort)
			}
		}
		for i, answer := range first {
			if got := read(t, encodings[1+i%2], answer); len(got) != p.Len() {
				t.Errorf("effort %d: %d bytes, want %d", effort, len(got), p.Len())
			}
		}
	}
}

// Few requests cost little work; many requests get small answers.
func TestOften(t *testing.T) {
	rows := samples(rand.New(rand.NewPCG(1, 2)))[7]
	for _, e := range encodings[1:] {
		p := New(Often, rows)
		for use := 1; use <= 2*often; use++ {
			effort := Quick
			if use >= often {
				effort = Best
			}
			if !bytes.Equal(Append(nil, e, p), Append(nil, e, New(effort, rows))) {
				t.Errorf("%q: use %d is not as with effort %d", e, use, effort)
			}
		}
	}
}

// A piece whose compression panicked is not missing from later answers.
func TestPieceAfterAPanic(t *testing.T) {
	p := New(Quick, []byte("said"))
	panics := func(of func()) {
		t.Helper()
		defer func() {
			if got := recover(); got != "of" {
				t.Errorf("recovered %v", got)
			}
		}()
		of()
	}
	for range 2 {
		panics(func() { p.gzip.get(func() []byte { panic("of") }) })
		panics(func() { p.brotli.get(func() []byte { panic("of") }) })
		panics(func() { p.sum.get(func() checksum { panic("of") }) })
	}
	for _, e := range encodings {
		if got := read(t, e, Append(nil, e, p)); string(got) != "said" {
			t.Errorf("%q: %q", e, got)
		}
	}
}

func FuzzAppend(f *testing.F) {
	f.Add([]byte("the head"), []byte("<p>said</p>"), []byte("the end"))
	f.Add([]byte(""), []byte("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), []byte("\x00"))
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		want := bytes.Join([][]byte{a, b, c, a, c, b, c}, nil)
		for _, e := range encodings {
			first, second, third := New(Best, a), New(Quick, b), New(Often, c)
			got := read(t, e, Append(nil, e, first, second, third, New(Stored, a), third, second, third))
			if !bytes.Equal(got, want) {
				t.Fatalf("%q: %q, want %q", e, got, want)
			}
		}
	})
}

func BenchmarkPack(b *testing.B) {
	rows := samples(rand.New(rand.NewPCG(1, 2)))[7]
	for _, e := range encodings[1:] {
		for _, effort := range []Effort{Quick, Best} {
			b.Run(fmt.Sprintf("encoding=%s/effort=%d", e, effort), func(b *testing.B) {
				b.SetBytes(int64(len(rows)))
				var n int
				for b.Loop() {
					n = len(New(effort, rows).packed(e))
				}
				b.ReportMetric(float64(n), "bytes")
			})
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	list := samples(rand.New(rand.NewPCG(1, 2)))
	for _, e := range encodings {
		b.Run("encoding="+string(e), func(b *testing.B) {
			head, rows := New(Best, list[8]), New(Best, list[7])
			var answer []byte
			for b.Loop() {
				answer = Append(answer[:0], e, head, rows, New(Stored, list[3]), head)
			}
			b.SetBytes(int64(len(answer)))
		})
	}
}
