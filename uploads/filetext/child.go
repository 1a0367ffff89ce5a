package filetext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// asChild is the first argument of a child; the kind of the document and the bounds follow. The document is its
// standard input.
const asChild = "take-text-out"

// bounds are what a child has: seconds to compute, and bytes of memory. Tests lower them.
type bounds struct{ seconds, memory uint64 }

var childBounds = bounds{maxCPU, maxMemory}

// How a child ends, besides 0.
const (
	statusBroken    = 3
	statusUnlimited = 4 // it cannot be bounded here, and has not begun
)

// niceness of a child: whoever waits for a page comes first.
const niceness = 10

// prepared is set by Main: without it a child would do what the program does, such as run its tests.
var prepared atomic.Bool

var errUnprepared = errors.New("filetext: Main was not called")

// Main is called by the program before anything else. In a child of Text it takes the text out, and does not return.
func Main() {
	prepared.Store(true)
	if len(os.Args) != 5 || os.Args[1] != asChild {
		return
	}
	os.Exit(child(os.Args[2], os.Args[3], os.Args[4]))
}

// child writes the text of the document to the standard output, and returns the status.
func child(document, seconds, memory string) int {
	if err := limit(seconds, memory); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return statusUnlimited
	}
	info, err := os.Stdin.Stat()
	if err == nil {
		var text string
		if text, err = read(document, os.Stdin, info.Size()); err == nil {
			_, err = os.Stdout.WriteString(text)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return statusBroken
	}
	return 0
}

// limit bounds this process: its memory, its time, and what it writes.
func limit(seconds, memory string) error {
	cpu, err := strconv.ParseUint(seconds, 10, 32)
	if err != nil {
		return err
	}
	data, err := strconv.ParseUint(memory, 10, 32)
	if err != nil {
		return err
	}
	limits := map[int]uint64{
		syscall.RLIMIT_DATA: data, syscall.RLIMIT_CPU: cpu, syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0,
	}
	if raceDetector {
		delete(limits, syscall.RLIMIT_DATA)
	}
	for resource, most := range limits {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("limiting the process: %w", err)
		}
	}
	runtime.LockOSThread() // on Linux threads have priorities of their own
	return syscall.Setpriority(syscall.PRIO_PROCESS, 0, niceness)
}

// inChild is read in a child process.
func inChild(ctx context.Context, document string, f *os.File) (string, error) {
	if !prepared.Load() {
		return "", errUnprepared
	}
	program, err := itself()
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	text, said := output{most: MaxText}, output{most: 512}
	cmd := exec.CommandContext(limited, program, asChild, document, //nolint:gosec // the program itself
		strconv.FormatUint(childBounds.seconds, 10), strconv.FormatUint(childBounds.memory, 10))
	cmd.Env = []string{"GOMAXPROCS=1", fmt.Sprintf("GOMEMLIMIT=%d", maxHeap), "GOTRACEBACK=none"}
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = "/", f, &text, &said
	if err := cmd.Start(); err != nil {
		return "", err
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if _, ended := errors.AsType[*exec.ExitError](err); ended && cmd.ProcessState.ExitCode() != statusUnlimited {
		return "", fmt.Errorf("%w: %w: %s", ErrBroken, err, said.firstLine())
	}
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, said.firstLine())
	}
	return strings.ToValidUTF8(text.kept.String(), ""), nil
}

// itself returns the program that runs, on Linux also if it has been replaced since it started.
func itself() (string, error) {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe", nil
	}
	return os.Executable()
}

// output keeps the beginning of what a child writes, and drops the rest.
type output struct {
	kept bytes.Buffer // not embedded: its ReadFrom would take everything
	most int
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	_, _ = o.kept.Write(p[:min(len(p), o.most-o.kept.Len())])
	return len(p), nil
}

// firstLine returns it without what may follow, such as a stack.
func (o *output) firstLine() string {
	line, _, _ := strings.Cut(o.kept.String(), "\n")
	return strings.ToValidUTF8(line, "")
}
