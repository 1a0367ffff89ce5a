package uploads

import (
	"fmt"
	"syscall"
)

// Free returns how many bytes of the store's disk are free for it. Its error is errors.ErrUnsupported on a file
// system that does not say.
func (s *Store) Free() (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.root.Name(), &disk); err != nil {
		return 0, fmt.Errorf("uploads: free: %w", err)
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil //nolint:unconvert // the types differ by system; no disk has 2^63 bytes
}
