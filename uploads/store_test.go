package uploads

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func mustRead(t testing.TB, s *Store, id string) string {
	t.Helper()
	f, err := s.Open(id)
	if err != nil {
		t.Fatalf("Open %q: %v", id, err)
	}
	defer func() { must(0, f.Close()) }()
	return string(must(io.ReadAll(f)))
}

func TestKeep(t *testing.T) {
	s, dir := openStore(t, Options{})
	picture := asPNG(photo(1000, 10))

	t.Run("a file and its thumbnail are found under the id", func(t *testing.T) {
		f := mustReceive(t, s, "a.png", picture)
		if len(listFiles(t, s)) != 2 {
			t.Errorf("received: %q", listFiles(t, s))
		}
		if err := s.Keep(f, "0abcxy"); err != nil {
			t.Fatal(err)
		}
		wantFiles(t, s, "files/xy/0abcxy", "files/xy/0abcxy.thumb.jpg")
		if mustRead(t, s, "0abcxy") != string(picture) {
			t.Error("the content is another")
		}
		if _, thumb := readThumb(t, s, "0abcxy"); thumb != "jpeg 800×8" {
			t.Errorf("the thumbnail is %q", thumb)
		}
	})
	t.Run("it outlives the store", func(t *testing.T) {
		again, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { must(0, again.Close()) }()
		if mustRead(t, again, "0abcxy") != string(picture) {
			t.Error("the content is another")
		}
	})
	t.Run("an id is kept once", func(t *testing.T) {
		f := mustReceive(t, s, "b.txt", []byte("other"))
		if err := s.Keep(f, "0abcxy"); !errors.Is(err, fs.ErrExist) {
			t.Errorf("error is %v", err)
		}
		if mustRead(t, s, "0abcxy") != string(picture) {
			t.Error("the content is another")
		}
		if err := s.Keep(f, "1abcxy"); err != nil {
			t.Errorf("under another id: %v", err)
		}
	})
	t.Run("a file is kept once", func(t *testing.T) {
		f := mustKeep(t, s, "b.txt", "2", []byte("two"))
		if err := s.Keep(f, "3"); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("Remove takes the thumbnail along, and may come twice", func(t *testing.T) {
		for range 2 {
			if err := s.Remove("0abcxy"); err != nil {
				t.Error(err)
			}
		}
		wantFiles(t, s, "files/02/2", "files/xy/1abcxy")
		if _, err := s.Open("0abcxy"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open: %v", err)
		}
		if _, _, err := s.OpenThumb("0abcxy"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("OpenThumb: %v", err)
		}
	})
	t.Run("what fails leaves nothing under the id", func(t *testing.T) {
		f := mustReceive(t, s, "a.png", picture)
		if err := s.root.Remove(f.temp); err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(f, "4abcxy"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error is %v", err)
		}
		s.Discard(f)
		wantFiles(t, s, "files/02/2", "files/xy/1abcxy")
	})
}

func TestDiscard(t *testing.T) {
	s, _ := openStore(t, Options{})
	f := mustReceive(t, s, "a.png", asPNG(photo(1000, 10)))
	s.Discard(f)
	s.Discard(f)
	s.Discard(nil)
	wantFiles(t, s)
	if err := s.Keep(f, "a"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("Keep after Discard: %v", err)
	}
	kept := mustKeep(t, s, "a.txt", "abc", []byte("hello"))
	s.Discard(kept)
	wantFiles(t, s, "files/bc/abc")
}

func TestTwoFilesOfOneNameAreTwoFiles(t *testing.T) {
	s, _ := openStore(t, Options{})
	mustKeep(t, s, "a.txt", "first", []byte("one"))
	mustKeep(t, s, "a.txt", "secon", []byte("two"))
	if mustRead(t, s, "first") != "one" || mustRead(t, s, "secon") != "two" {
		t.Error("the contents are mixed up")
	}
}

func TestWhatIsNoIDIsRefused(t *testing.T) {
	s, dir := openStore(t, Options{})
	mustKeep(t, s, "a.txt", "abc", []byte("hello"))
	mustWrite(t, "secret", dir, "secret")
	for _, id := range []string{
		"", ".", "..", "../secret", "../../secret", "../files/bc/abc", "/etc/passwd", "abc/../abc", "bc/abc", `..\secret`,
		"ABC", "abC", "abc.thumb.jpg", "abc ", " abc", "abc\x00", "a-b", "ab_c", "äb", "abc\n", "%2e%2e", "-1", "+1",
		strings.Repeat("a", 14), strings.Repeat("a", 5000),
	} {
		if _, err := s.Open(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open %q: %v", id, err)
		}
		if _, _, err := s.OpenThumb(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("OpenThumb %q: %v", id, err)
		}
		if err := s.Remove(id); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Remove %q: %v", id, err)
		}
		f := mustReceive(t, s, "a.txt", []byte("hello"))
		if err := s.Keep(f, id); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Keep %q: %v", id, err)
		}
		s.Discard(f)
	}
	wantFiles(t, s, "files/bc/abc", "secret")
	for _, id := range []string{"0", "z", "con", "1y2p0ij32e8e7"} {
		mustKeep(t, s, "a.txt", id, []byte(id))
		if got := mustRead(t, s, id); got != id {
			t.Errorf("under %q there is %q", id, got)
		}
	}
}

// A symbolic link in the folder is not followed.
func TestLinksOutOfTheFolderAreNotFollowed(t *testing.T) {
	s, dir := openStore(t, Options{})
	outside := t.TempDir()
	mustWrite(t, "secret", outside, "abc")
	for link, target := range map[string]string{"files/bc": outside,
		"files/bd": filepath.Join("..", "..", filepath.Base(outside))} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"abc", "abd"} {
		if f, err := s.Open(id); err == nil {
			t.Errorf("Open %q read %q", id, must(io.ReadAll(f)))
		}
		f := mustReceive(t, s, "a.txt", []byte("hello"))
		if err := s.Keep(f, id); err == nil {
			t.Errorf("Keep %q wrote through the link", id)
		}
		s.Discard(f)
	}
}

func TestOpenThrowsAwayWhatACrashLeft(t *testing.T) {
	s, dir := openStore(t, Options{})
	mustKeep(t, s, "a.txt", "abc", []byte("hello"))
	mustReceive(t, s, "b.png", asPNG(photo(1000, 10)))
	if err := os.MkdirAll(filepath.Join(dir, tmpDir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, "half a file", dir, tmpDir, "folder", "x")

	again, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantFiles(t, again, "files/bc/abc")
	mustReceive(t, again, "c.txt", []byte("works"))
	must(0, again.Close())
}

func TestOnlyTheOwnerMayReadTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "uploads")
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { must(0, s.Close()) }()
	mustKeep(t, s, "a.png", "abc", asPNG(photo(1000, 10)))
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && must(d.Info()).Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, must(d.Info()).Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOpenFailsWhereItCannotWrite(t *testing.T) {
	dir := t.TempDir()
	mustWrite(t, "", dir, "file")
	if s, err := Open(filepath.Join(dir, "file"), Options{}); err == nil {
		t.Errorf("opened a file: %v", s.Close())
	}
	mustWrite(t, "", dir, filesDir)
	if s, err := Open(dir, Options{}); err == nil {
		t.Errorf("opened a folder whose files is a file: %v", s.Close())
	}
}

// Concurrent use: for the race detector.
func TestManyAtOnce(t *testing.T) {
	s, _ := openStore(t, Options{})
	picture := asPNG(photo(900, 10))
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 10 {
				id := fmt.Sprintf("%dx%d", worker, i) // the workers share folders
				name, content := "a.txt", []byte("text "+id)
				if i%3 == 0 {
					name, content = "a.png", picture
				}
				f, err := s.Receive(t.Context(), "ann", name, bytes.NewReader(content))
				if err != nil {
					t.Error(err)
					return
				}
				if i%4 == 3 {
					s.Discard(f)
					continue
				}
				if err := s.Keep(f, id); err != nil {
					t.Error(err)
					return
				}
				file, err := s.Open(id)
				if err != nil {
					t.Error(err)
					return
				}
				if got := must(io.ReadAll(file)); !bytes.Equal(got, content) {
					t.Errorf("under %q there is another's content", id)
				}
				must(0, file.Close())
				if i%2 == 0 {
					if err := s.Remove(id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	var want []string
	for _, i := range []int{1, 5, 9} {
		for worker := range 8 {
			want = append(want, fmt.Sprintf("files/x%d/%dx%d", i, worker, i))
			if i == 9 {
				want = append(want, fmt.Sprintf("files/x%d/%dx%d.thumb.jpg", i, worker, i))
			}
		}
	}
	wantFiles(t, s, want...)
}
