package chat

import "golang.org/x/sys/unix"

// stateOf returns what the file system knows of a file; nothing when it cannot be told.
func stateOf(path string) (s fileState) {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil {
		return fileState{}
	}
	return fileState{inode: stat.Ino, changed: unix.TimespecToNsec(stat.Ctim)}
}
