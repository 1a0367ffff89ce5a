package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// logFields are the fields of the log, with their meanings: one word for one thing in all lines, because operators
// filter by them.
var logFields = map[string]string{
	"channel":  "a channel's ID",
	"duration": "how long a request took",
	"error":    "what went wrong",
	"expires":  "when a certificate does",
	"file":     "an attachment's or a picture's ID",
	"files":    "a number of them",
	"method":   "of the request",
	"percent":  "how much of something is done",
	"request":  "a request's ID: a page of error shows it",
	"route":    "the pattern that the request matched",
	"seq":      "a message's number in its channel",
	"size":     "of a file, in bytes",
	"stack":    "of a panic",
	"thread":   "a thread's ID",
	"status":   "of the answer",
	"type":     "of a file, as HTTP calls it",
	"user":     "a user's ID",
	"while":    "what was being done",
}

// logCall is a call that writes fields: how many arguments precede them, and whether only the first is a field.
type logCall struct {
	before int
	single bool
}

// logCalls are the functions and methods of log/slog that write fields, by name.
var logCalls = map[string]logCall{
	"Debug": {before: 1}, "Info": {before: 1}, "Warn": {before: 1}, "Error": {before: 1}, "With": {},
	"String": {single: true}, "Any": {single: true}, "Int": {single: true}, "Int64": {single: true},
	"Duration": {single: true}, "Time": {single: true}, "Bool": {single: true},
}

// logger matches the expressions that name a logger.
var logger = regexp.MustCompile(`^(?i:log|slog)$`)

// TestLogFields tests that log lines have no other fields, and that each field is used.
func TestLogFields(t *testing.T) {
	used := make(map[string]bool)
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && file != ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			for _, field := range fieldsOf(n) {
				name, err := strconv.Unquote(field.Value)
				if used[name] = true; err != nil || logFields[name] == "" {
					t.Errorf("%s: %q is no field of the log", set.Position(field.Pos()), name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range logFields {
		if !used[name] {
			t.Errorf("no line has %q any more", name)
		}
	}
}

// fieldsOf returns the fields that a call writes, or none if it is no such call.
func fieldsOf(n ast.Node) (fields []*ast.BasicLit) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	form, ok := logCalls[sel.Sel.Name]
	if !ok || len(call.Args) < form.before {
		return nil
	}
	switch x := sel.X.(type) {
	case *ast.Ident:
		ok = logger.MatchString(x.Name)
	case *ast.SelectorExpr:
		ok = logger.MatchString(x.Sel.Name)
	default:
		ok = false
	}
	if !ok {
		return nil
	}
	for i := form.before; i < len(call.Args); i += 2 {
		if lit, ok := call.Args[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			fields = append(fields, lit)
		}
		if form.single {
			break
		}
	}
	return fields
}
