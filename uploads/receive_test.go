package uploads

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// repeat reads n bytes: head, and then text repeatedly.
func repeat(head, text string, n int64) io.Reader {
	return io.LimitReader(io.MultiReader(strings.NewReader(head), &loop{text: strings.Repeat(text, 1+4000/len(text))}), n)
}

type loop struct {
	text string
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func TestReceiveCountsAgainstTheLimit(t *testing.T) {
	const limit = 100_000
	s, _ := openStore(t, Options{MaxSize: limit})
	t.Run("a file of exactly the limit is taken", func(t *testing.T) {
		f, err := s.Receive(t.Context(), "ann", "a.txt", repeat("", "words\n", limit))
		if err != nil || f.Size != limit {
			t.Fatalf("got %+v, %v", f, err)
		}
		s.Discard(f)
	})
	t.Run("a byte more is refused", func(t *testing.T) {
		mustRefuse(t, s, "a.txt", repeat("", "words\n", limit+1), TooLarge, "larger than")
	})
	t.Run("an endless one is refused at the limit, and the rest is not read", func(t *testing.T) {
		c := &counter{r: repeat("%PDF-1.7\n", "words\n", 1<<40)}
		mustRefuse(t, s, "a.pdf", c, TooLarge, "98 kB")
		if c.n > limit+1 {
			t.Errorf("%d bytes were read", c.n)
		}
	})
	t.Run("an empty one is refused", func(t *testing.T) {
		mustRefuse(t, s, "a.txt", strings.NewReader(""), Empty, "empty")
	})
	t.Run("a limit below the bytes that are sniffed holds", func(t *testing.T) {
		small, _ := openStore(t, Options{MaxSize: 10})
		mustRefuse(t, small, "a.txt", strings.NewReader("eleven byte"), TooLarge, "larger than 10 bytes")
		small.Discard(mustReceive(t, small, "a.txt", []byte("ten bytes.")))
	})
}

func TestReceiveStreams(t *testing.T) {
	s, _ := openStore(t, Options{})
	jpeg := asJPEG(flat(64, 64, color.White))
	padding := withSegment(jpeg[:2], markerAPP2,
		append([]byte("ICC_PROFILE\x00"), bytes.Repeat([]byte("x"), 65_000)...))[2:]
	head, tail := jpeg[:2], jpeg[2:]
	for name, content := range map[string]io.Reader{
		"a.txt": repeat("", "Words and words.\n", 25<<20),
		"a.pdf": repeat("%PDF-1.7\n", "\x00\x01binary\xff", 25<<20),
		"a.jpg": io.MultiReader(bytes.NewReader(head), repeat("", string(padding), 400*int64(len(padding))),
			bytes.NewReader(tail)),
	} {
		t.Run(name, func(t *testing.T) {
			var f *File
			var err error
			n := allocated(func() { f, err = s.Receive(t.Context(), "ann", name, content) })
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("a file of %d bytes took %d bytes of memory, all in all", f.Size, n)
			if f.Size < 25_000_000 || n > 8<<20 {
				t.Errorf("a file of %d bytes took %d bytes of memory; 8 MB is the most", f.Size, n)
			}
			s.Discard(f)
			wantFiles(t, s)
		})
	}
}

func TestACutUploadLeavesNothing(t *testing.T) {
	s, _ := openStore(t, Options{})
	cut := errors.New("the connection was cut")
	content := []byte(strings.Repeat("words\n", 50_000))
	for _, n := range []int{0, 1, 100, sniffSize, sniffSize + 1, copySize, 200_000, len(content)} {
		// A multipart reader's error for a truncated body must not count as its end.
		for _, cause := range []error{cut, io.ErrUnexpectedEOF} {
			f, err := s.Receive(t.Context(), "ann", "a.txt",
				io.MultiReader(bytes.NewReader(content[:n]), iotest.ErrReader(cause)))
			if f != nil || !errors.Is(err, cause) {
				t.Errorf("cut after %d bytes: got %v, %v", n, f, err)
			}
			if _, ok := errors.AsType[*Refusal](err); ok {
				t.Errorf("cut after %d bytes: %v is a refusal", n, err)
			}
			wantFiles(t, s)
		}
	}
	t.Run("nor does one whose context ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := &counter{r: readerFunc(func(p []byte) (int, error) {
			n := copy(p, "words")
			return n, nil
		})}
		stop := readerFunc(func(p []byte) (int, error) {
			if c.n > 100_000 {
				cancel()
			}
			return c.Read(p)
		})
		f, err := s.Receive(ctx, "ann", "a.txt", stop)
		if f != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, %v", f, err)
		}
		wantFiles(t, s)
	})
	t.Run("nor one that brings nothing for ever", func(t *testing.T) {
		idle := readerFunc(func([]byte) (int, error) { return 0, nil })
		if f, err := s.Receive(t.Context(), "ann", "a.txt", idle); f != nil || !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("got %v, %v", f, err)
		}
		wantFiles(t, s)
	})
	t.Run("one that comes in small pieces is whole", func(t *testing.T) {
		f, err := s.Receive(t.Context(), "ann", "a.txt",
			iotest.DataErrReader(iotest.OneByteReader(bytes.NewReader(content[:20_000]))))
		if err != nil || f.Size != 20_000 || f.Type != typeUTF8 {
			t.Errorf("got %+v, %v", f, err)
		}
		s.Discard(f)
		wantFiles(t, s)
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestAFullDiskIsARefusal(t *testing.T) {
	s, _ := openStore(t, Options{})
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		full := writerFunc(func([]byte) (int, error) {
			return 0, &fs.PathError{Op: "write", Path: "tmp/x", Err: cause}
		})
		_, err := s.copy(full, []byte("hello"), strings.NewReader(""))
		err = explain(err, "a.txt", "receive")
		refusal, ok := errors.AsType[*Refusal](err)
		if !ok || refusal.Kind != NoSpace || refusal.Name != "a.txt" || !errors.Is(err, cause) {
			t.Errorf("%v: got %v", cause, err)
		}
	}
	t.Run("another fault of the disk is none", func(t *testing.T) {
		err := explain(&fs.PathError{Op: "write", Path: "tmp/x", Err: syscall.EIO}, "a.txt", "receive")
		if _, ok := errors.AsType[*Refusal](err); ok || !errors.Is(err, syscall.EIO) {
			t.Errorf("got %v", err)
		}
	})
}

func TestReceiveFailsWhenItsFolderIsGone(t *testing.T) {
	s, _ := openStore(t, Options{})
	if err := s.root.RemoveAll(tmpDir); err != nil {
		t.Fatal(err)
	}
	f, err := s.Receive(t.Context(), "ann", "a.txt", strings.NewReader("hello"))
	if f != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, %v", f, err)
	}
}

// A name is for display: whatever it is, the file's path depends on its id only.
func TestNamesAreNeverPaths(t *testing.T) {
	s, dir := openStore(t, Options{})
	outside := filepath.Join(filepath.Dir(dir), "evil.txt")
	for _, name := range []string{"../../evil.txt", outside, `..\evil.txt`, "files/../../evil.txt", "/evil.txt"} {
		f := mustKeep(t, s, name, "abc", []byte("hello"))
		if f.Name != "evil.txt" {
			t.Errorf("%q is kept as %q", name, f.Name)
		}
		wantFiles(t, s, "files/bc/abc")
		if err := s.Remove("abc"); err != nil {
			t.Fatal(err)
		}
	}
	found, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*evil*"))
	if err != nil || len(found) > 0 {
		t.Errorf("outside of the folder there is %q, %v", found, err)
	}
}
