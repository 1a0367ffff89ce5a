package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house lists which of our packages each package may import: dependencies have one direction.
var house = map[string][]string{
	"chitchat": {"chat", "chat/guard", "handlers", "handlers/command", "handlers/config",
		"handlers/listen", "handlers/memory", "uploads", "uploads/filetext"},
	"chitchat/assets": {},
	"chitchat/chat": {"chat/feed", "chat/guard", "chat/linkpreview", "chat/markdown", "chat/search",
		"chat/sqlite"},
	"chitchat/chat/costtest":    {},
	"chitchat/chat/feed":        {},
	"chitchat/chat/guard":       {},
	"chitchat/chat/hostiletest": {},
	"chitchat/chat/linkpreview": {},
	"chitchat/chat/markdown":    {},
	"chitchat/chat/search":      {},
	"chitchat/chat/sqlite":      {},
	"chitchat/handlers": {"assets", "chat", "chat/guard", "chat/linkpreview", "handlers/socket", "handlers/splice",
		"uploads", "uploads/filetext", "views"},
	"chitchat/handlers/command": {"chat"},
	"chitchat/handlers/config":  {"chat", "handlers/command", "handlers/listen"},
	"chitchat/handlers/listen":  {},
	"chitchat/handlers/memory":  {},
	"chitchat/handlers/socket":  {"chat/guard"},
	"chitchat/handlers/splice":  {},
	"chitchat/uploads":          {},
	"chitchat/uploads/filetext": {},
	"chitchat/views":            {"assets", "chat"},
}

// Packages import only what is below them: the database layer knows no messages, what sends rows knows no database, and
// the rules know no HTTP and no HTML.
func TestHouse(t *testing.T) {
	tools := []string{"chitchat/handlers/browsertest", "chitchat/handlers/faulttest", "chitchat/handlers/leaktest",
		"chitchat/handlers/load", "chitchat/handlers/suite"}
	used := make(map[string][]string)
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && file != ".") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		pkg := path.Join("chitchat", path.Dir(filepath.ToSlash(file)))
		if slices.Contains(tools, pkg) {
			return nil
		}
		allowed, known := house[pkg]
		if !known {
			t.Errorf("%s is not in the house", pkg)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "chitchat/")
			if !ours {
				continue
			}
			if used[pkg] = append(used[pkg], name); !slices.Contains(allowed, name) {
				t.Errorf("%s imports %s, which %s must not", file, name, pkg)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg, allowed := range house {
		for _, name := range allowed {
			if !slices.Contains(used[pkg], name) {
				t.Errorf("%s imports %s no more", pkg, name)
			}
		}
	}
}
