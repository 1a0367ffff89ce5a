package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// sources parses our Go files, without those that templ makes.
func sources(t *testing.T, visit func(file string, fset *token.FileSet, f *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && file != ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_templ.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil {
			visit(filepath.ToSlash(file), fset, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The comment of a function or a type begins with its name: one that was left behind by a rename, or stands on the
// wrong one, is worse than none. Tests are described in sentences, which begin with no other function's name.
func TestCommentsBeginWithTheName(t *testing.T) {
	sources(t, func(file string, fset *token.FileSet, f *ast.File) {
		inTest := strings.HasSuffix(file, "_test.go")
		for _, d := range f.Decls {
			var doc *ast.CommentGroup
			var name string
			switch d := d.(type) {
			case *ast.FuncDecl:
				doc, name = d.Doc, d.Name.Name
			case *ast.GenDecl:
				if d.Tok == token.TYPE && !d.Lparen.IsValid() {
					doc, name = d.Doc, d.Specs[0].(*ast.TypeSpec).Name.Name
				}
			}
			text := strings.TrimSpace(doc.Text())
			if text == "" { // none, or a directive
				continue
			}
			first := strings.FieldsFunc(text,
				func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })[0]
			camel := strings.ContainsFunc(first[1:], unicode.IsUpper) && strings.ToUpper(first) != first
			if first != name && (!inTest || camel) {
				t.Errorf("%s: the comment of %s begins with %q", fset.Position(d.Pos()), name, first)
			}
		}
	})
}

// templFunc matches the comment and the name of a component.
var templFunc = regexp.MustCompile(`(?m)(?:^|\n\n)// (\w+)[^\n]*\n(?://[^\n]*\n)*templ (\w+)\(`)

// The comment of a component begins with its name too.
func TestCommentsOfComponents(t *testing.T) {
	files, err := filepath.Glob("views/*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no components", err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range templFunc.FindAllSubmatch(source, -1) {
			if found++; string(m[1]) != string(m[2]) {
				t.Errorf("%s: the comment of %s begins with %q", file, m[2], m[1])
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d components have a comment", found)
	}
}

// Every lock of the live path has its rank: see chat/LIVE.md.
func TestLocksHaveTheirRank(t *testing.T) {
	page, err := os.ReadFile("chat/LIVE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## Locks")
	ranked := make(map[string]bool)
	for i, cell := range strings.Split(table, "`") {
		if i%2 == 1 && strings.Contains(cell, ".") {
			ranked[cell] = false
		}
	}
	sources(t, func(file string, fset *token.FileSet, f *ast.File) {
		folder := filepath.ToSlash(filepath.Dir(file))
		prefix, live := map[string]string{"chat": "", "chat/feed": "feed.", "chat/sqlite": "sqlite.",
			"handlers/socket": "socket."}[folder]
		if !live || strings.HasSuffix(file, "_test.go") {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			structure, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range structure.Fields.List {
				kind, ok := field.Type.(*ast.SelectorExpr)
				if !ok || kind.Sel.Name != "Mutex" && kind.Sel.Name != "RWMutex" {
					continue
				}
				for _, name := range field.Names {
					lock := prefix + spec.Name.Name + "." + name.Name
					if _, ok := ranked[lock]; !ok {
						t.Errorf("%s: %s has no rank", fset.Position(name.Pos()), lock)
					}
					ranked[lock] = true
				}
			}
			return true
		})
	})
	for lock, there := range ranked {
		if !there {
			t.Errorf("%s has a rank, and is not there", lock)
		}
	}
}
