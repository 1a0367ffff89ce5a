package chat

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"
)

// Time is Options.Now, or mono for the pace of the process. IDs have a clock of their own, and a migration runs before
// there is a chat.
func TestClocksAreReadByName(t *testing.T) {
	var read []string
	for path, f := range parse(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok &&
				slices.Contains([]string{"time.Now", "time.Since", "time.Until"}, types.ExprString(call.Fun)) {
				read = append(read, path)
			}
			return true
		})
	}
	slices.Sort(read)
	if want := []string{"db_cache.go", "db_migration_sessions.go", "id.go"}; !slices.Equal(read, want) {
		t.Errorf("%v, want %v", read, want)
	}
}
