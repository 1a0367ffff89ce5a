package guard

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPanicsStayWhereTheyAre(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	if err := Run(log, "trying", func() {}); err != nil || out.Len() > 0 {
		t.Error("without a panic:", err, out.String())
	}
	err := Run(log, "trying", func() { panic("boom") })
	if err == nil || !strings.Contains(err.Error(), "trying") || !strings.Contains(err.Error(), "boom") {
		t.Error("the caller is told", err)
	}
	for _, want := range []string{"trying", "boom", "TestPanicsStayWhereTheyAre"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	lines := make(heard, 3)
	log = slog.New(slog.NewTextHandler(lines, nil))
	group := Group{Log: log}
	group.Go("working", func() { panic("in a group") })
	group.Wait()
	Go(log, "alone", func() { panic("alone") })
	AfterFunc(log, "later", time.Nanosecond, func() { panic("later") })
	for range 3 {
		if line := <-lines; !strings.Contains(line, "level=ERROR") {
			t.Error(line)
		}
	}
}

// heard receives what was logged, line by line.
type heard chan string

func (h heard) Write(p []byte) (int, error) {
	h <- string(p)
	return len(p), nil
}

// unguarded lists the places that start something without this package, and why they may.
var unguarded = map[string]string{
	"chat/guard/guard.go": "it is this package",
	"main.go":             "context.AfterFunc calls the function that NotifyContext gave",
	"uploads/image.go":    "the timer only cancels a context; files know nothing of the chat",
	"assets/assets.go":    "it compresses what is part of the program, once, and imports nothing of it",
}

// programs lists folders that are not part of the server.
var programs = []string{"handlers/browsertest", "handlers/faulttest", "handlers/load", "handlers/suite",
	"handlers/leaktest", "assets/node_modules"}

// TestGoroutinesAreGuarded checks the source: a panic in a goroutine or timer that was started otherwise would end the
// program.
func TestGoroutinesAreGuarded(t *testing.T) {
	root := filepath.Join("..", "..")
	files, found := 0, make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			for _, program := range programs {
				if name == program {
					return filepath.SkipDir
				}
			}
			if strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil && starts(n) {
				found[name] = true
				if unguarded[name] == "" {
					t.Errorf("%s:%d starts something that nothing guards: use chat/guard", name, set.Position(n.Pos()).Line)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 150 {
		t.Errorf("only %d files were found", files)
	}
	for name := range unguarded {
		if !found[name] {
			t.Errorf("%s starts nothing: it needs no exception", name)
		}
	}
}

// starts reports whether a piece of source starts a goroutine or a timer without this package: a go statement, the Go
// of a WaitGroup, which has one argument, or any other AfterFunc.
func starts(n ast.Node) bool {
	if _, is := n.(*ast.GoStmt); is {
		return true
	}
	call, is := n.(*ast.CallExpr)
	if !is {
		return false
	}
	method, is := call.Fun.(*ast.SelectorExpr)
	if !is {
		return false
	}
	of, _ := method.X.(*ast.Ident)
	switch method.Sel.Name {
	case "Go":
		return len(call.Args) == 1
	case "AfterFunc":
		return of == nil || of.Name != "guard"
	}
	return false
}
