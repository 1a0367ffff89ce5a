package uploads

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"syscall"
)

// The folder of a store:
//
//	tmp/                         files being received; worthless to the next process
//	files/yz/abcwxyz             a kept file, under its id
//	files/yz/abcwxyz.thumb.jpg   its thumbnail, if it has one: .jpg or .png
//
// Files are sharded by the end of the id: ids begin with the time, so all of a year would share one shard.
const (
	tmpDir   = "tmp"
	filesDir = "files"
	maxID    = 13 // characters: the largest 63-bit number in base 36
)

// thumbSuffixes are the suffixes of thumbnails, with their MIME types.
var thumbSuffixes = []struct{ suffix, mime string }{
	{".thumb.jpg", "image/jpeg"},
	{".thumb.png", "image/png"},
}

// validID reports whether id has the form of chat's IDs: a number in base 36.
func validID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// place returns the path of the file of a valid id.
func place(id string) string {
	shard := "0" + id
	return path.Join(filesDir, shard[len(shard)-2:], id)
}

// createTemp creates a new file for this process only.
func (s *Store) createTemp() (*os.File, string, error) {
	name := path.Join(tmpDir, rand.Text())
	f, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return f, name, err
}

// syncDir makes the entries of one of the store's folders durable.
func (s *Store) syncDir(name string) error {
	d, err := s.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(syncOpen(d), d.Close())
}

// syncOpen makes the entries of an open folder durable. It ignores file systems that cannot sync folders, as some
// network ones.
func syncOpen(d *os.File) error {
	err := d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// makeShard creates a shard durably, unless it exists. It holds the lock until the folder is on disk: a concurrent Keep
// that finds it there may rely on it.
func (s *Store) makeShard(dir string) error {
	s.shards.Lock()
	defer s.shards.Unlock()
	err := s.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.syncDir(filesDir)
}
