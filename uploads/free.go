package uploads

import (
	"fmt"
	"syscall"
)

// Free returns how many bytes are free on the store's disk. Its error is errors.ErrUnsupported if the file system does
// not report it.
func (s *Store) Free() (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.root.Name(), &disk); err != nil {
		return 0, fmt.Errorf("uploads: free: %w", err)
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil //nolint:unconvert // the types differ by system; no disk has 2^63 bytes
}
