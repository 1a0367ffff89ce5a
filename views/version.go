package views

import (
	"embed"
	"fmt"
	"hash/crc32"
	"io/fs"

	"chitchat/assets"
)

// sources decide what pages and partials look like.
//
//go:embed *.templ row.go message.go key.go
var sources embed.FS

// Version tells one form of pages and partials from another: it changes with the assets and with the components. A page
// carries the one that it was made with, and says it on its socket, so that a page of one program does not go on with
// the partials of the next: see assets/js/connection.js.
var Version = version(sources, assets.URL("app.css"), assets.URL("app.js"), assets.URL("early.js"))

// version is a digest of files and of the addresses of assets, which hold digests of their own. Every start makes it:
// the quickest does, for nobody gains by two that are the same.
func version(files fs.FS, addresses ...string) string {
	sum := crc32.NewIEEE()
	add := func(b []byte) {
		_, _ = fmt.Fprintf(sum, "%d ", len(b)) // a hash takes everything
		_, _ = sum.Write(b)
	}
	for _, address := range addresses {
		add([]byte(address))
	}
	names, err := fs.Glob(files, "*") // in their order
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
