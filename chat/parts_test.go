package chat

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// partOf returns the part of the package that a file belongs to: the first word of its name.
func partOf(file string) string {
	part, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".go"), "_")
	return part
}

// declared maps names to the parts that declare them.
type declared map[string]map[string]bool

func (d declared) add(name, part string) {
	if d[name] == nil {
		d[name] = make(map[string]bool)
	}
	d[name][part] = true
}

// of returns the part that declares a name; "" when there is none, or more than one.
func (d declared) of(name string) string {
	if len(d[name]) == 1 {
		for part := range d[name] {
			return part
		}
	}
	return ""
}

// parse parses the package without its tests, by file.
func parse(t *testing.T) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]*ast.File)
	set := gotoken.NewFileSet()
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		if files[path], err = parser.ParseFile(set, path, nil, parser.SkipObjectResolution); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// common lists methods that types of other packages have too.
var common = []string{"After", "Before", "Block", "Delete", "Get", "Reset", "Set", "String"}

// declarations returns where the package's names and its methods are declared.
func declarations(files map[string]*ast.File) (names, methods declared) {
	names, methods = make(declared), make(declared)
	for path, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && slices.Contains(common, d.Name.Name) {
					break
				}
				if d.Recv != nil {
					methods.add(d.Name.Name, partOf(path))
				} else {
					names.add(d.Name.Name, partOf(path))
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						names.add(spec.Name.Name, partOf(path))
					case *ast.ValueSpec:
						for _, name := range spec.Names {
							names.add(name.Name, partOf(path))
						}
					}
				}
			}
		}
	}
	return names, methods
}

// uses returns what each part uses of which other parts. It goes by the names in the source, not by their types: a name
// that two parts declare counts for neither, and fields do not count.
func uses(files map[string]*ast.File) map[[2]string][]string {
	names, methods := declarations(files)
	used := make(map[[2]string]map[string]bool)
	for path, f := range files {
		from := partOf(path)
		note := func(name, to string) {
			if to == "" || to == from {
				return
			}
			arrow := [2]string{from, to}
			if used[arrow] == nil {
				used[arrow] = make(map[string]bool)
			}
			used[arrow][name] = true
		}
		fields, packages, locals := make(map[*ast.Ident]bool), make(map[string]bool), make(map[string]bool)
		for _, spec := range f.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			packages[name[strings.LastIndexByte(name, '/')+1:]] = true
		}
		ast.Inspect(f, func(n ast.Node) bool { // names that are shadowed here
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if id, ok := left.(*ast.Ident); ok && n.Tok == gotoken.DEFINE {
						locals[id.Name] = true
					}
				}
			case *ast.Field:
				for _, id := range n.Names {
					locals[id.Name] = true
				}
			case *ast.DeclStmt:
				for _, spec := range n.Decl.(*ast.GenDecl).Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok {
						for _, id := range spec.Names {
							locals[id.Name] = true
						}
					}
				}
			}
			return true
		})
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok {
					fields[id] = true
				}
			case *ast.Field:
				for _, id := range n.Names {
					fields[id] = true
				}
			case *ast.FuncDecl:
				fields[n.Name] = true
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
					if id, ok := sel.X.(*ast.Ident); ok && packages[id.Name] {
						break
					}
					note(sel.Sel.Name, methods.of(sel.Sel.Name))
				}
			case *ast.SelectorExpr:
				fields[n.Sel] = true
			case *ast.Ident:
				if !fields[n] && !locals[n.Name] {
					note(n.Name, names.of(n.Name))
				}
			}
			return true
		})
	}
	list := make(map[[2]string][]string)
	for arrow, names := range used {
		list[arrow] = slices.Sorted(maps.Keys(names))
	}
	return list
}

// layers lists the parts from the lowest to the highest; parts on the same line may use each other.
//
// Higher parts may use lower ones. It shows where a new feature belongs: nothing below knows what users do to accounts,
// channels and messages, so those can be read and changed alone.
var layers = [][]string{
	{"errors", "id"},
	{"list", "text"},
	{"name", "user", "channel", "access", "audit", "message", "thread", "draft", "live", "db", "workspace",
		"emoji"},
	{"account", "search", "switch"},
	{"admin", "moderation"},
	{"chat"},
}

// mustNotUse lists what parts of one layer must not use.
var mustNotUse = map[string][]string{
	"access":     {"audit", "name", "workspace"},
	"audit":      {"live", "message", "name", "workspace"},
	"channel":    {"workspace"},
	"db":         {"audit", "name", "user", "workspace"},
	"emoji":      {"channel", "name", "workspace"},
	"live":       {"audit", "name"},
	"message":    {"workspace"},
	"moderation": {"admin", "workspace"},
	"name":       {"access", "audit", "db", "live", "message", "user", "workspace"},
	"user":       {"audit", "workspace"},
	"workspace":  {"channel", "message"},
	"admin":      {"moderation"},
}

// exceptions lists uses of higher parts, and why each is necessary.
var exceptions = map[string]string{
	"db -> account: sessionRow":     "the cache holds what it holds",
	"db -> user: Actor":             "changes are made in somebody's name",
	"live -> account: Authenticate": "a page that opens has a session, which may have ended",
	"live -> account: rolesOf":      "and so have pages that are open",
	"name -> access: banInForce":    "who is banned keeps their name, and what is in force is said once",
}

// TestParts checks the order of the parts: which part declares each name in the source, and which parts use it.
func TestParts(t *testing.T) {
	rank := make(map[string]int)
	for i, layer := range layers {
		for _, part := range layer {
			rank[part] = i
		}
	}
	files := parse(t)
	for path := range files {
		if _, known := rank[partOf(path)]; !known {
			t.Errorf("%s is of no part that is known: %v", path, layers)
		}
	}
	needed := make(map[string]bool)
	for arrow, names := range uses(files) {
		from, to := arrow[0], arrow[1]
		if to == "chat" || rank[from] >= rank[to] && !slices.Contains(mustNotUse[from], to) {
			continue
		}
		for _, name := range names {
			arrow := from + " -> " + to + ": " + name
			if needed[arrow] = true; exceptions[arrow] == "" {
				t.Errorf("%s runs up", arrow)
			}
		}
	}
	for arrow := range exceptions {
		if !needed[arrow] {
			t.Errorf("%s is no exception any more", arrow)
		}
	}
}
