package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tools are run by package and version: go caches the build, and go.mod stays free of their requirements.
const (
	golangci    = "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.6.0"
	govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.1.4"
)

// modules are the folders of go.work: the program's, and the load generator's, which keeps its requirements out of the
// program's.
var modules = []string{".", "handlers/load"}

// everyPackage returns the patterns of all packages: ./... alone stops at other modules.
var everyPackage = []string{"./...", "./handlers/load/..."}

// current fails if the committed code of the templates is out of date.
func current(ctx context.Context) error {
	before, err := generated()
	if err != nil {
		return err
	}
	if err := command(ctx, "go", "tool", "templ", "generate"); err != nil {
		return err
	}
	after, err := generated()
	if err != nil {
		return err
	}
	if !maps.EqualFunc(before, after, bytes.Equal) {
		return errors.New("the *_templ.go files were not current; they are now: commit them")
	}
	return nil
}

// generated returns the code of the templates, by file.
func generated() (map[string][]byte, error) {
	files, err := filepath.Glob("views/*_templ.go")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errWrongFolder
	}
	code := make(map[string][]byte, len(files))
	for _, file := range files {
		if code[file], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	return code, nil
}

// format fails if a file is not formatted as its tool does it.
func format(ctx context.Context) error {
	folders, err := output(ctx, "go", append([]string{"list", "-f", "{{.Dir}}"}, everyPackage...)...)
	if err != nil {
		return err
	}
	args := []string{"-l"}
	for dir := range strings.FieldsSeq(folders) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return err
		}
		args = append(args, files...)
	}
	found, err := output(ctx, "gofmt", args...)
	if err != nil {
		return err
	}
	if found != "" {
		return fmt.Errorf("not formatted by gofmt: %s", strings.Join(slices.Collect(strings.FieldsSeq(found)), " "))
	}
	return command(ctx, "go", "tool", "templ", "fmt", "-fail", "views")
}

func vet(ctx context.Context) error {
	return command(ctx, "go", append([]string{"vet"}, everyPackage...)...)
}

func lint(ctx context.Context) error {
	return command(ctx, "go", append([]string{"run", golangci, "run"}, everyPackage...)...)
}

// alone fails if a go.mod lacks requirements of its module: the workspace of go.work hides that, because one module's
// requirements serve the other too.
func alone(ctx context.Context) error {
	for _, module := range modules {
		list := prepare(ctx, []string{"GOWORK=off"}, "go", "-C", module, "list", "-deps", "-test", "./...")
		list.Stdout = nil
		if err := list.Run(); err != nil {
			return fmt.Errorf("%s/go.mod (go mod tidy mends it): %w", module, err)
		}
	}
	return nil
}

// vuln looks for known vulnerabilities in reachable code.
func (s *suite) vuln(ctx context.Context) error {
	args := []string{"run", govulncheck}
	if s.vulnDB != "" {
		args = append(args, "-db", "file://"+s.vulnDB)
	}
	return command(ctx, "go", append(args, everyPackage...)...)
}
