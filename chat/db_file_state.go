package chat

import "golang.org/x/sys/unix"

// stateOf returns the file system's state of a file; the zero value when it is unknown.
func stateOf(path string) (s fileState) {
	var stat unix.Stat_t
	if err := unix.Stat(path, &stat); err != nil {
		return fileState{}
	}
	return fileState{inode: stat.Ino, changed: unix.TimespecToNsec(stat.Ctim)}
}
