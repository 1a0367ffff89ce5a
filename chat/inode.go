//go:build !windows

package chat

import (
	"os"
	"syscall"
)

// inodeOf returns the number that the file system gave to a file; 0 when it cannot be told.
func inodeOf(path string) uint64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Ino
	}
	return 0
}
