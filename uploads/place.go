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
//	tmp/                         what is being received; of no worth to the next process
//	files/yz/abcwxyz             a kept file, under its id
//	files/yz/abcwxyz.thumb.jpg   its thumbnail, if it has one: .jpg or .png
//
// A file is sharded by the end of its id: ids begin with the time, and all of a year would land together.
const (
	tmpDir   = "tmp"
	filesDir = "files"
	maxID    = 13 // characters: the largest 63-bit number in base 36
)

// thumbSuffixes are the names that a thumbnail can end in, and what each is served as.
var thumbSuffixes = []struct{ suffix, mime string }{
	{".thumb.jpg", "image/jpeg"},
	{".thumb.png", "image/png"},
}

// validID reports whether id could be one of chat's: a number in base 36.
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

// place is where the file of a valid id lies.
func place(id string) string {
	shard := "0" + id
	return path.Join(filesDir, shard[len(shard)-2:], id)
}

// createTemp makes a new file that only this process knows of.
func (s *Store) createTemp() (*os.File, string, error) {
	name := path.Join(tmpDir, rand.Text())
	f, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return f, name, err
}

// syncDir makes the names in a folder of the store durable.
func (s *Store) syncDir(name string) error {
	d, err := s.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(syncOpen(d), d.Close())
}

// syncOpen makes the names in an open folder durable. A file system that cannot do this for folders,
// as some network ones, is taken as it is.
func syncOpen(d *os.File) error {
	err := d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}

// makeShard makes a folder of files, durably, unless it is there. It holds the lock until the folder
// is on the disk: another Keep that finds it there may rely on it.
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
