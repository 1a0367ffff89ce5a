//go:build linux

// Command load measures Chit-Chat against the limits of the machine. It builds the program, starts it as a process of
// its own with an empty data folder (SQLite on a real disk, synchronous=FULL, the default flags except the rate
// limits), and loads it as browsers do: users sign in by the form, open the channel's page and its socket, send their
// position, and post with the composer's form. Every result is a ratio to a bare loop, measured in the same run with
// the same bytes.
//
//	go run ./handlers/load                          everything, some minutes
//	go run ./handlers/load fanout modest            these scenarios
//	go run ./handlers/load -list                    what there is
//
// Flags, before the scenarios:
//
//	-runs 3          how often; the table has the medians
//	-time 3s         how long each run measures, after -warm
//	-program FILE    the program, already built; else it is built as `task build` does
//	-flags "..."     more flags for the program
//	-size 120        characters of a message; a row has some 600 bytes more
//	-dir FOLDER      where databases go: on a real disk
//	-only bare       the bare loop alone, or chit-chat alone: for fanout, modest and shapes
//	-json FILE       every figure of every run; - for the standard output
//	-markdown        the table as Markdown
//
// To compare two builds: go build each, and run `load -program A fanout` and `load -program B fanout` in turn.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// childEnv marks a process that the generator started.
const childEnv = "CHITCHAT_LOAD_CHILD"

// bench is one invocation of the generator.
type bench struct {
	runs, size, row int
	readers, shards int
	time, warm      time.Duration
	silence         time.Duration // how long a pause counts as quiet
	dir             string
	binary, self    string
	flags           []string
	only            string
	log             io.Writer

	servers int
	rows    map[int]rowPattern // by body size
	result  result
}

// scenario is one measurement. It adds its figures and ratios to the bench's result.
type scenario struct {
	name, what string
	run        func(*bench) error
}

var scenarios = []scenario{
	{"fanout", "1,000 sockets in one channel, as fast as it goes", (*bench).fanout},
	{"modest", "1,000 sockets at 10 messages/s, and 100 channels of 100 at 1 message/s each", (*bench).modest},
	{"shapes", "10,000 sockets in 1, 10 and 1,000 channels: what a delivery costs", (*bench).shapes},
	{"idle", "the memory of 5,000 and 10,000 open pages", (*bench).idle},
	{"idle-tls", "the memory of 5,000 open pages over TLS", (*bench).idleTLS},
	{"posting", "messages from 256 people and from one, against SQLite alone", (*bench).posting},
	{"pages", "opening a channel and its history, against Fiber and a constant", (*bench).pages},
	{"million", "a channel of a million messages against one of a thousand", (*bench).million},
	{"slow", "a tenth of the readers stalled", (*bench).slow},
	{"storm", "a restart under 1,000 open pages", (*bench).storm},
	{"start", "how fast and how small the program starts", (*bench).begin},
}

func main() {
	if err := start(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func start(args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == "bare" {
		fs := flag.NewFlagSet("bare", flag.ContinueOnError)
		shards := fs.Int("shards", 2, "threads that write")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		return serveBare(*shards)
	}
	if len(args) == 2 && args[0] == "constant" {
		return serveConstant(args[1])
	}
	b := &bench{log: stderr, rows: make(map[int]rowPattern)}
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.IntVar(&b.runs, "runs", 3, "how often each scenario runs; the table has the medians")
	fs.IntVar(&b.size, "size", 120, "`characters` of a message")
	fs.IntVar(&b.row, "row", 0, "`bytes` of a row that the bare loop sends, instead of the program's: with -only bare")
	fs.IntVar(&b.readers, "readers", max(1, runtime.NumCPU()/2), "threads that read sockets")
	fs.IntVar(&b.shards, "shards", max(1, runtime.NumCPU()/2), "threads of the bare loop")
	fs.DurationVar(&b.time, "time", 3*time.Second, "how long a run measures")
	fs.DurationVar(&b.warm, "warm", 700*time.Millisecond, "how long a run goes on before it measures")
	fs.StringVar(&b.dir, "dir", "", "`folder` for databases, on a real disk; a new one by default")
	fs.StringVar(&b.binary, "program", "", "the program, built already")
	fs.StringVar(&b.only, "only", "", "`subject`: bare or chit-chat alone")
	flags := fs.String("flags", "", "more flags for the program")
	list := fs.Bool("list", false, "list the scenarios")
	markdown := fs.Bool("markdown", false, "write the table as Markdown")
	file := fs.String("json", "", "`file` for every figure; - for the standard output")
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if *list {
		for _, s := range scenarios {
			_, _ = fmt.Fprintf(stdout, "%-10s %s\n", s.name, s.what)
		}
		return nil
	}
	// by then the program has freed the memory of the connecting subscribers
	b.flags, b.silence = strings.Fields(*flags), 4*time.Second
	chosen, err := choose(fs.Args())
	if err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir) //nolint:errcheck // it is in a temporary folder
	for _, s := range chosen {
		if err := s.run(b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if *file != "" {
		if err := b.save(*file, stdout); err != nil {
			return err
		}
	}
	return b.result.table(stdout, *markdown)
}

func (b *bench) save(file string, stdout io.Writer) error {
	if file == "-" {
		return b.result.writeJSON(stdout)
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return errors.Join(b.result.writeJSON(f), f.Close())
}

func choose(names []string) ([]scenario, error) {
	if len(names) == 0 {
		return scenarios, nil
	}
	var list []scenario
	for _, name := range names {
		n := len(list)
		for _, s := range scenarios {
			if s.name == name {
				list = append(list, s)
			}
		}
		if len(list) == n {
			return nil, fmt.Errorf("there is no scenario %q: see -list", name)
		}
	}
	return list, nil
}

// prepare creates a folder for this invocation, and builds the program unless one is given.
func (b *bench) prepare() (err error) {
	if err := raiseFiles(); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp(b.dir, "chitchat-load-"); err != nil {
		return err
	}
	disk, err := onDisk(b.dir)
	if err != nil {
		return err
	}
	if !disk {
		b.say("%s is in memory: what waits for the disk costs nothing there. Use -dir.", b.dir)
	}
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.binary == "" {
		// as task build does
		if b.binary, err = build(b.dir, []string{"CGO_ENABLED=0"}, "-trimpath", "-ldflags=-s -w"); err != nil {
			return err
		}
	} else if b.binary, err = filepath.Abs(b.binary); err != nil {
		return err
	}
	b.result.At, b.result.Machine = time.Now().
		UTC(), fmt.Sprintf("%s, %d CPUs, %s", kernel(), runtime.NumCPU(), runtime.Version())
	return nil
}

func (b *bench) say(format string, args ...any) { _, _ = fmt.Fprintf(b.log, format+"\n", args...) }

// report records and prints one run's figures.
func (b *bench) report(key string, f figures) {
	b.result.add(key, f)
	var line strings.Builder
	for _, name := range sortedNames(f) {
		fmt.Fprintf(&line, "  %s %s", name, number(f[name]))
	}
	b.say("%-28s%s", key, line.String())
}
