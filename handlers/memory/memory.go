// Package memory gives back what only the start needed.
package memory

import (
	"bufio"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// Settle gives the heap of the start back to the system, and lets go of the program's own code: the start ran through
// all of it once, package by package, and an idle server runs through little. What is needed again is found in the
// system's cache of files, where it was found at first. Where there is no /proc, the code stays.
func Settle() {
	debug.FreeOSMemory()
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = maps.Close() }()
	program, err := os.Executable()
	if err != nil {
		return
	}
	for _, m := range code(maps, program) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.start, m.end-m.start, syscall.MADV_DONTNEED) // refused: it stays
	}
}

// mapping is a range of addresses.
type mapping struct{ start, end uintptr }

// code finds the mappings of a file's code in what the system says of a process. Only those that can be run and not
// written to, and that are still as they are in the file: what a debugger has put there would be lost.
func code(maps io.Reader, file string) (found []mapping) {
	var m mapping
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 3 && fields[0] == "Anonymous:": // one line of what is said of the mapping above it
			if fields[1] == "0" && 0 < m.start && m.start < m.end {
				found = append(found, m)
			}
			m = mapping{}
		case len(fields) > 5 && fields[1] == "r-xp" && strings.Join(fields[5:], " ") == file: // addresses, rights, offset, device, inode, path
			from, to, _ := strings.Cut(fields[0], "-")
			m = mapping{address(from), address(to)}
		}
	}
	return found
}

// address is 0 for what is none: a mapping from or to there is left alone.
func address(hex string) uintptr {
	n, _ := strconv.ParseUint(hex, 16, 64)
	return uintptr(n)
}
