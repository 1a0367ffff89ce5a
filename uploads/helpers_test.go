package uploads

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// openStore opens a store in a folder of its own, and returns the folder too.
func openStore(t testing.TB, o Options) (*Store, string) {
	t.Helper()
	dir := t.TempDir()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := Open(dir, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	s.decodeTime = time.Hour // the race detector, on a busy machine, takes some twenty times as long
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s, dir
}

// mustReceive receives content that must be accepted.
func mustReceive(t testing.TB, s *Store, name string, content []byte) *File {
	t.Helper()
	f, err := s.Receive(context.Background(), "ann", name, bytes.NewReader(content))
	if err != nil {
		t.Fatalf("Receive %q: %v", name, err)
	}
	return f
}

// mustKeep receives content and keeps it under id.
func mustKeep(t testing.TB, s *Store, name, id string, content []byte) *File {
	t.Helper()
	f := mustReceive(t, s, name, content)
	if err := s.Keep(f, id); err != nil {
		t.Fatalf("Keep %q: %v", id, err)
	}
	return f
}

// someTypes restricts a workspace to texts, documents and pictures.
var someTypes = Types{"txt", "pdf", "png", "jpg", "jpeg", "gif", "webp"}

// mustRefuse receives content that must be refused for a reason with these words where only someTypes are taken, and
// checks that nothing of it is left.
func mustRefuse(t testing.TB, s *Store, name string, r io.Reader, kind Kind, says string) {
	t.Helper()
	f, err := s.ReceiveOnly(context.Background(), "ann", name, someTypes, r)
	if f != nil {
		t.Errorf("Receive %q gave a file: %+v", name, f)
	}
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("Receive %q: error is %v, want a Refusal", name, err)
	}
	if refusal.Kind != kind {
		t.Errorf("Receive %q: kind is %s (%s), want %s", name, refusal.Kind, refusal.Reason, kind)
	}
	if refusal.Name != CleanName(name) {
		t.Errorf("Receive %q: the refusal's name is %q", name, refusal.Name)
	}
	if !strings.HasSuffix(refusal.Reason, ".") || !strings.Contains(refusal.Reason, says) {
		t.Errorf("Receive %q: the reason is %q, want a sentence with %q", name, refusal.Reason, says)
	}
	wantFiles(t, s)
}

// wantFiles checks that the store's folder has exactly these files, as paths with slashes.
func wantFiles(t testing.TB, s *Store, want ...string) {
	t.Helper()
	got := listFiles(t, s)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func listFiles(t testing.TB, s *Store) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(s.root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func mustWrite(t testing.TB, content string, path ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(path...), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The tests draw their pictures: none is stored as a file.

// photo returns a picture that compresses badly, as photographs do.
func photo(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
		if i%4 == 3 {
			m.Pix[i] = 0xFF
		}
	}
	return m
}

// flat returns a picture of one colour.
func flat(w, h int, c color.Color) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = n.R, n.G, n.B, n.A
	}
	return m
}

func asPNG(m image.Image) []byte {
	var b bytes.Buffer
	must(0, png.Encode(&b, m))
	return b.Bytes()
}

func asJPEG(m image.Image) []byte {
	var b bytes.Buffer
	must(0, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

func asGIF(m image.Image) []byte {
	var b bytes.Buffer
	must(0, gif.Encode(&b, m, nil))
	return b.Bytes()
}

func pngChunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// afterIHDR inserts a chunk after the header of a PNG.
func afterIHDR(content, chunk []byte) []byte {
	const end = 8 + 8 + 13 + 4
	return bytes.Join([][]byte{content[:end], chunk, content[end:]}, nil)
}

// asWebP returns a WebP of one colour; Go has no encoder, and one colour needs no pixel data. Bits as in RFC 9649,
// section 3: the size, then five prefix codes of one symbol each.
func asWebP(w, h int, c color.NRGBA) []byte {
	return riff(webpChunk("VP8L", losslessBits(w, h, c)))
}

func losslessBits(w, h int, c color.NRGBA) []byte {
	var bits bitWriter
	bits.add(0x2F, 8)
	bits.add(w-1, 14)
	bits.add(h-1, 14)
	bits.add(1, 1) // alpha is used
	bits.add(0, 3) // version
	bits.add(0, 3) // no transform, no colour cache, one group of codes
	for _, symbol := range []byte{c.G, c.R, c.B, c.A} {
		bits.add(0b101, 3) // a simple code of one symbol, which takes 8 bits
		bits.add(int(symbol), 8)
	}
	bits.add(0b0001, 4) // distances: never used
	return bits.bytes
}

type bitWriter struct {
	bytes []byte
	n     int
}

func (b *bitWriter) add(v, bits int) {
	for i := range bits {
		if b.n%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		b.bytes[b.n/8] |= byte(v>>i&1) << (b.n % 8)
		b.n++
	}
}

func webpChunk(name string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	b = append(b, data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// movingWebP returns an animation with one frame of half the size, in the lower right quarter of the picture.
func movingWebP(w, h int, c color.NRGBA) []byte {
	u24 := func(v int) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16)} }
	header := bytes.Join([][]byte{{flagAnimated | flagAlpha, 0, 0, 0}, u24(w - 1), u24(h - 1)}, nil)
	frame := bytes.Join([][]byte{
		u24(w / 4), u24(h / 4), u24(w/2 - 1), u24(h/2 - 1), u24(100), {0},
		webpChunk("VP8L", losslessBits(w/2, h/2, c)),
	}, nil)
	return riff(webpChunk("VP8X", header), webpChunk("ANIM", make([]byte, 6)), webpChunk("ANMF", frame),
		webpChunk("ANMF", frame))
}

// withOrientation inserts an Exif segment into a JPEG.
func withOrientation(content []byte, order binary.AppendByteOrder, value uint16) []byte {
	segment := append([]byte(exifPrefix), tiff(order, 1, value)...)
	return withSegment(content, markerAPP1, segment)
}

// tiff returns a directory of two entries, of which the second is the orientation.
func tiff(order binary.AppendByteOrder, count uint32, value uint16) []byte {
	b := []byte("II")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	b = append(b, make([]byte, entrySize)...)
	b = order.AppendUint16(b, tagOrientation)
	b = order.AppendUint16(b, typeShort)
	b = order.AppendUint32(b, count)
	b = order.AppendUint16(b, value)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// withSegment inserts a marker segment after the first marker of a JPEG.
func withSegment(content []byte, marker byte, payload []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(payload)+2))
	return bytes.Join([][]byte{content[:2], segment, payload, content[2:]}, nil)
}
