// Package memory gives back what only the start needed, or a crowd that came at once.
package memory

import (
	"bufio"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// Settle gives the heap that nothing refers to back to the system, and lets go of the program's own code and constants:
// the start ran through all of it once, package by package, and an idle server runs through little. What is needed
// again is found in the system's cache of files, where it was found at first. Where there is no /proc, the code stays.
// It takes some milliseconds of a processor for each 10 MB that are in use.
func Settle() {
	runtime.GC() // pools keep what they hold through one collection
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
	for _, m := range unchanged(maps, program) {
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.start, m.end-m.start, syscall.MADV_DONTNEED) // refused: it stays
	}
}

// mapping is a range of addresses.
type mapping struct{ start, end uintptr }

// unchanged finds the mappings of a file's code and constants in what the system says of a process. Only those that
// cannot be written to, and that are still as they are in the file: what a debugger has put there would be lost.
func unchanged(maps io.Reader, file string) (found []mapping) {
	var m mapping
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 3 && fields[0] == "Anonymous:": // one line of what is said of the mapping above it
			if fields[1] == "0" && 0 < m.start && m.start < m.end {
				found = append(found, m)
			}
			m = mapping{}
		// addresses, rights, offset, device, inode, path
		case len(fields) > 5 && (fields[1] == "r-xp" || fields[1] == "r--p") && strings.Join(fields[5:], " ") == file:
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
