// Package memory returns memory to the system after the start or a burst of connections.
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

// Settle returns the free heap to the system, and drops the pages of the program's own code and constants: the start
// ran through all of them once, package by package, and an idle server needs few. Pages needed again come from the
// system's page cache. Without /proc the code stays. It takes some milliseconds of processor time per 10 MB in use.
func Settle() {
	runtime.GC() // sync.Pools keep their values through one collection
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
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.start, m.end-m.start, syscall.MADV_DONTNEED) // on error they stay
	}
}

// mapping is a range of addresses.
type mapping struct{ start, end uintptr }

// unchanged finds the mappings of a file's code and constants in a process's smaps. It returns only those that are
// read-only and unmodified: breakpoints of a debugger would be lost.
func unchanged(maps io.Reader, file string) (found []mapping) {
	var m mapping
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 3 && fields[0] == "Anonymous:": // a property of the mapping above it
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

// address returns 0 for a malformed address: a mapping from or to there is skipped.
func address(hex string) uintptr {
	n, _ := strconv.ParseUint(hex, 16, 64)
	return uintptr(n)
}
