// Package uploads stores the files that users send. It receives them as streams, checks that they are what they claim
// to be, measures pictures, makes their thumbnails, and writes them so that acknowledged files survive a power cut.
//
// It knows nothing of messages and users: a file is found by the id that the caller gives it. The sender's name is for
// display, and never part of a path.
package uploads

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"sync"
	"time"
)

// DefaultMaxSize is the size limit of a file if Options has none.
const DefaultMaxSize = 100 << 20

// Options configure a Store.
type Options struct {
	MaxSize int64        // bytes of one file; 0: DefaultMaxSize
	Reserve int64        // bytes of the disk to leave free: below it files are refused; 0: none
	Log     *slog.Logger // nil: nothing is logged
}

// Store is a folder of uploaded files. Only one process may use the folder. Its methods are safe for concurrent use; a
// File is not.
type Store struct {
	root       *os.Root // every path goes through it: no name can escape the folder
	maxSize    int64
	decodeTime time.Duration
	reserve    int64
	free       func() (int64, error) // free bytes on the disk
	turns      *turns
	log        *slog.Logger
	shards     sync.Mutex // held while a shard is created
}

// Open creates the folder if it is missing, and removes files that an earlier process did not finish receiving.
func Open(dir string, o Options) (*Store, error) {
	if o.MaxSize <= 0 {
		o.MaxSize = DefaultMaxSize
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("uploads: open: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("uploads: open: %w", err)
	}
	s := &Store{root: root, maxSize: o.MaxSize, decodeTime: maxDecodeTime, turns: newTurns(), log: o.Log}
	s.reserve, s.free = o.Reserve, s.Free
	if err := s.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("uploads: open: %w", err), root.Close())
	}
	return s, nil
}

func (s *Store) prepare() error {
	if err := s.root.RemoveAll(tmpDir); err != nil {
		return err
	}
	if err := s.root.Mkdir(tmpDir, 0o700); err != nil {
		return err
	}
	if err := s.root.MkdirAll(filesDir, 0o700); err != nil {
		return err
	}
	if err := errors.Join(s.syncDir(filesDir), s.syncDir(".")); err != nil {
		return err
	}
	// The store's own name too, where its parent folder may be read.
	around, err := os.Open(filepath.Dir(s.root.Name()))
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(syncOpen(around), around.Close())
}

// Close releases the folder. Open files stay readable.
func (s *Store) Close() error { return s.root.Close() }

// Keep moves a received file and its thumbnail to their final place under id. When it returns nil they survive a power
// cut; on error nothing is left under id. An id can be kept once: no file replaces another.
func (s *Store) Keep(f *File, id string) error {
	if err := s.keep(f, id); err != nil {
		return explain(err, f.Name, "keep")
	}
	f.temp, f.thumbTemp = "", ""
	return nil
}

func (s *Store) keep(f *File, id string) (err error) {
	if !validID(id) {
		return fmt.Errorf("%q is no id: %w", id, fs.ErrInvalid)
	}
	if f.temp == "" {
		return fmt.Errorf("the file is kept or discarded already: %w", fs.ErrInvalid)
	}
	final := place(id)
	if _, err := s.root.Lstat(final); err == nil {
		return &fs.PathError{Op: "keep", Path: final, Err: fs.ErrExist}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.makeShard(path.Dir(final)); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Remove(id))
		}
	}()
	// The thumbnail first, so that an existing file is complete.
	if f.thumbTemp != "" {
		if err := s.root.Rename(f.thumbTemp, final+f.thumbSuffix); err != nil {
			return err
		}
	}
	if err := s.root.Rename(f.temp, final); err != nil {
		return err
	}
	return s.syncDir(path.Dir(final))
}

// Discard removes a received file. After Keep, when repeated, and for nil it does nothing.
func (s *Store) Discard(f *File) {
	if f == nil {
		return
	}
	s.forget(&f.raw)
	s.forget(&f.temp)
	s.forget(&f.thumbTemp)
}

// forget removes a file in tmp and clears its name; "" is none.
func (s *Store) forget(name *string) {
	if *name == "" {
		return
	}
	if err := s.root.Remove(*name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		// It only takes space until the next start.
		s.log.Warn("a file that was not kept could not be removed", "error", err)
	}
	*name = ""
}

// Open opens the file kept under id. Its error is fs.ErrNotExist if there is none, or if id is invalid.
func (s *Store) Open(id string) (*os.File, error) {
	if !validID(id) {
		return nil, &fs.PathError{Op: "open", Path: id, Err: fs.ErrNotExist}
	}
	return s.root.Open(place(id))
}

// OpenThumb opens the thumbnail of the file kept under id, and returns its MIME type. Its error is fs.ErrNotExist
// without a thumbnail.
func (s *Store) OpenThumb(id string) (*os.File, string, error) {
	if !validID(id) {
		return nil, "", &fs.PathError{Op: "open", Path: id, Err: fs.ErrNotExist}
	}
	var err error
	for _, t := range thumbSuffixes {
		var f *os.File
		if f, err = s.root.Open(place(id) + t.suffix); err == nil {
			return f, t.mime, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return nil, "", err
}

// Remove deletes the file kept under id, and its thumbnail. A missing file is no error. Open files stay readable.
func (s *Store) Remove(id string) error {
	if !validID(id) {
		return fmt.Errorf("uploads: remove: %q is no id: %w", id, fs.ErrInvalid)
	}
	// The file first: a crash in between leaves the thumbnail alone, and the sweep finds it by the same id.
	names := []string{place(id)}
	for _, t := range thumbSuffixes {
		names = append(names, place(id)+t.suffix)
	}
	for _, name := range names {
		if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("uploads: remove: %w", err)
		}
	}
	return nil
}
