package views

import (
	"embed"
	"fmt"
	"hash/crc32"
	"io/fs"

	"chitchat/assets"
)

// sources determine what pages and partials look like: the components, and the files that write markup in Go.
//
//go:embed *.templ row.go row_pattern.go message.go reaction.go replies.go key.go
var sources embed.FS

// Version identifies a form of pages and partials: it changes with the assets and the components. A page holds the
// version it was made with, and sends it on its socket, so that a page of one program does not apply the partials of
// another: see assets/js/connection.js.
var Version = version(sources, assets.URL("app.css"), assets.URL("app.js"), assets.URL("early.js"))

// version returns a digest of files and of the URLs of assets, which contain digests of their own. Every start computes
// it, so the fastest hash is used: no attacker gains from a collision.
func version(files fs.FS, addresses ...string) string {
	sum := crc32.NewIEEE()
	add := func(b []byte) {
		_, _ = fmt.Fprintf(sum, "%d ", len(b)) // a hash never fails
		_, _ = sum.Write(b)
	}
	for _, address := range addresses {
		add([]byte(address))
	}
	names, err := fs.Glob(files, "*") // sorted
	for _, name := range names {
		content, failure := fs.ReadFile(files, name)
		if failure != nil {
			err = failure
		}
		add([]byte(name))
		add(content)
	}
	if err != nil {
		panic(fmt.Sprintf("views: %v", err)) // embedded: cannot be missing
	}
	return digest(uint64(sum.Sum32()))
}
