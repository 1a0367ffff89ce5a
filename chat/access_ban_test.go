package chat

import (
	"go/ast"
	"regexp"
	"testing"
)

// Whether a ban is in force is said in one place: where one query forgot that bans run out, or are lifted, somebody
// would be kept out for ever, or let in.
func TestBanInForceIsSaidOnce(t *testing.T) {
	ends := regexp.MustCompile(`\buntil >|lifted_at = 0 AND\b`)
	var said []string
	for path, f := range parse(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && ends.MatchString(text.Value) {
				said = append(said, path+": "+text.Value)
			}
			return true
		})
	}
	if len(said) != 1 {
		t.Errorf("%q", said)
	}
}
