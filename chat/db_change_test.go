package chat

import (
	"context"
	"database/sql"
	"errors"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"chitchat/chat/sqlite"
)

// A change that runs again, since the shared transaction was rolled back, returns the result of its second run: to the
// caller and to committed.
func TestResultOfTheSecondRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		release := hold(t, c)
		runs, told := 0, []int(nil)
		got, failed := make(chan int, 1), make(chan error, 1)
		go func() {
			n, err := updateValue(context.Background(), c.writer, func(context.Context, *sqlite.Tx) (int, error) {
				runs++
				return runs, nil
			}, func(n int) { told = append(told, n) })
			must(t, err)
			got <- n
		}()
		synctest.Wait()
		go func() {
			failed <- c.writer.update(context.Background(), func(context.Context, *sqlite.Tx) error { return sql.ErrConnDone },
				nil)
		}()
		synctest.Wait()
		release()
		if err := <-failed; !errors.Is(err, sql.ErrConnDone) {
			t.Error(err)
		}
		if n := <-got; n != 2 || runs != 2 || !slices.Equal(told, []int{2}) {
			t.Errorf("after %d runs the caller got %d, and told was %v; want 2, 2 and 2", runs, n, told)
		}
	})
}

// A caller who stops waiting gets no result, and committed is called all the same.
func TestNoResultForWhoLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := mustOpen(t, Options{})
		release := hold(t, c)
		ctx, cancel := context.WithCancel(context.Background())
		told, left := make(chan []ID, 1), make(chan []ID, 1)
		go func() {
			ids, err := updateValue(ctx, c.writer, func(context.Context, *sqlite.Tx) ([]ID, error) { return []ID{7}, nil },
				func(ids []ID) { told <- ids })
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			left <- ids
		}()
		synctest.Wait()
		cancel()
		ids := <-left
		release()
		if got := <-told; !slices.Equal(got, []ID{7}) || ids != nil {
			t.Errorf("who left has %v, and told was %v; want nothing, and 7", ids, got)
		}
	})
}

// A caller who leaves while the change is in progress reads nothing that the writer writes: the race detector would
// report it.
func TestLeavingMeetsNoWrite(t *testing.T) {
	c := mustOpen(t, Options{})
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		begun, goOn, left := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			n, err := updateValue(ctx, c.writer, func(context.Context, *sqlite.Tx) (int, error) {
				close(begun)
				<-goOn
				return 7, nil
			}, nil)
			if err == nil && n != 7 || err != nil && n != 0 {
				t.Errorf("%d, %v; want either", n, err)
			}
			left <- err
		}()
		<-begun
		cancel()
		close(goOn) // neither waits for the other
		if err := <-left; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// No change sets a variable outside: it may run twice, and after its caller has gone.
func TestChangesKeepTheirResults(t *testing.T) {
	takers := []string{"update", "updateQuietly", "bestEffort", "act", "actIn", "actAsManager",
		"updateValue", "updateQuietlyValue", "actValue", "actInValue", "actAsManagerValue"}
	names, err := filepath.Glob("*.go")
	must(t, err)
	files, changes := gotoken.NewFileSet(), 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		must(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !slices.Contains(takers, calledName(call)) {
				return true
			}
			for _, arg := range call.Args {
				// committed functions take one parameter at most
				if apply, ok := arg.(*ast.FuncLit); ok && len(apply.Type.Params.List) > 1 {
					changes++
					for _, at := range outsideWrites(apply) {
						t.Errorf("%s: a change writes to a variable from outside", files.Position(at))
					}
				}
			}
			return true
		})
	}
	if changes < 40 {
		t.Errorf("%d changes were found: this test looks past them", changes)
	}
	const wrong = `package p; func f() { x, y := 0, T{}; update(func(a, b int) { x, z := 1,
		2; y.n = z; g(&y); x++ }); update(func(a, b int) { x = 1; z := 0; z++ }) }`
	file, err := parser.ParseFile(files, "wrong.go", wrong, 0)
	must(t, err)
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if apply, ok := n.(*ast.FuncLit); ok {
			found += len(outsideWrites(apply))
		}
		return true
	})
	if found != 3 {
		t.Errorf("%d writes were found, want 3: y.n, &y and the second x", found)
	}
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// outsideWrites returns the positions where a function assigns to a variable that is declared outside of it, or takes
// its address.
func outsideWrites(f *ast.FuncLit) (places []gotoken.Pos) {
	written := func(e ast.Expr) {
		for {
			switch x := e.(type) {
			case *ast.SelectorExpr:
				e = x.X
				continue
			case *ast.IndexExpr:
				e = x.X
				continue
			case *ast.StarExpr:
				e = x.X
				continue
			case *ast.Ident:
				if x.Obj != nil && x.Obj.Kind == ast.Var && (x.Obj.Pos() < f.Pos() || x.Obj.Pos() > f.End()) {
					places = append(places, x.Pos())
				}
			}
			return
		}
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				written(left)
			}
		case *ast.IncDecStmt:
			written(n.X)
		case *ast.UnaryExpr:
			if n.Op == gotoken.AND {
				written(n.X)
			}
		}
		return true
	})
	return places
}
