// Package assets holds what browsers load besides pages: style sheets, behaviours, the icon.
//
// The files are embedded, joined into a few bundles, and served from memory under names that hold a hash of the files,
// and of what makes bundles of them. What is served under a name never changes, so that it may be cached for ever.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/andybalholm/brotli"
)

//go:embed css/*.css js/*.js icon.svg
//go:embed node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/dist/ext/hx-ws.min.js
var files embed.FS

// maker is what makes bundles of the files.
//
//go:embed squeeze.go
var maker []byte

// prefix is where the handlers serve what Lookup finds.
const prefix = "/assets/"

// parts names the files of each bundle, in order. A pattern ending in * takes a folder's files by name, but for those
// that have a bundle of their own.
var parts = map[string][]string{
	"app.css": {"css/layers.css", "css/*.css"},
	"app.js": {
		"node_modules/htmx.org/dist/htmx.min.js",
		"node_modules/htmx.org/dist/ext/hx-ws.min.js",
		"js/conversation.js", // the others build on it
		"js/*.js",
	},
	"early.js":   {"js/socket.js"},   // by itself and first: before the page is there, and all else
	"passkey.js": {"js/passkey.js"},  // of the few pages that ask for one
	"zone.js":    {"js/zone.js"},     // of those that ask about days
	"admin.css":  {"css/admin.css"},  // of the pages for those who run the place
	"device.css": {"css/device.css"}, // of devices, and of links, codes and keys for them
	"icon.svg":   {"icon.svg"},
}

// asset is one bundle in the encodings that a browser may ask for.
type asset struct {
	url         string
	contentType string
	plain       func() []byte // this and the others are made for the first who asks: they would be most of every start
	gzip        func() []byte
	once        sync.Once
	brotli      atomic.Pointer[[]byte] // nil until it has been made: see encode
}

var byName, byURL = build()

// URL is the address of a bundle by its plain name: "app.css" gives "/assets/app.<hash>.css".
// It panics on a name that is not there, which is a programming error.
func URL(name string) string {
	a, ok := byName[name]
	if !ok {
		panic("assets: no " + name)
	}
	return a.url
}

// Lookup finds what a path under /assets/ names (with that prefix or without), in the best encoding that
// acceptEncoding, the request's header, allows. The body is shared: it must not be changed.
// An empty encoding means that the body is as it is.
func Lookup(path, acceptEncoding string) (body []byte, contentType, encoding string, ok bool) {
	a, ok := byURL[prefix+strings.TrimPrefix(path, prefix)]
	if !ok {
		return nil, "", "", false
	}
	if accepts(acceptEncoding, "br") {
		a.once.Do(func() { go a.encode() })
		if br := a.brotli.Load(); br != nil {
			return *br, a.contentType, "br", true
		}
	}
	if accepts(acceptEncoding, "gzip") {
		return a.gzip(), a.contentType, "gzip", true
	}
	return a.plain(), a.contentType, "", true
}

// accepts reports whether an Accept-Encoding header names the coding and does not rule it out by q=0.
func accepts(header, coding string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			return !found || strings.Trim(q, "0.") != ""
		}
	}
	return false
}

func build() (byName, byURL map[string]*asset) {
	byName, byURL = map[string]*asset{}, map[string]*asset{}
	for name, patterns := range parts {
		ext := path.Ext(name)
		plain := sync.OnceValue(func() []byte { return bundle(patterns) })
		a := &asset{
			url: hashed(strings.TrimSuffix(name, ext), ext,
				slices.Concat(maker, []byte(packer), bytes.Join(sources(patterns), []byte("\n")))),
			contentType: contentTypes[ext],
			plain:       plain,
			gzip:        sync.OnceValue(func() []byte { return gzipped(plain()) }),
		}
		byName[name], byURL[a.url] = a, a
	}
	return byName, byURL
}

// hashed is the address of what is made of a source: another source has another one.
func hashed(stem, ext string, source []byte) string {
	sum := sha256.Sum256(source)
	return prefix + stem + "." + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12]) + ext
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// sources are the files that the patterns name, each once.
func sources(patterns []string) [][]byte {
	var list [][]byte
	for _, name := range names(patterns) {
		content, err := files.ReadFile(name)
		if err != nil {
			panic(fmt.Sprintf("assets: %v", err)) // embedded: cannot be missing
		}
		list = append(list, content)
	}
	return list
}

// apart are the files that no pattern with a * takes.
var apart = slices.Concat(parts["early.js"], parts["passkey.js"], parts["zone.js"], parts["admin.css"],
	parts["device.css"])

func names(patterns []string) []string {
	var list []string
	for _, pattern := range patterns {
		for _, name := range glob(pattern) {
			if !slices.Contains(list, name) && (pattern == name || !slices.Contains(apart, name)) {
				list = append(list, name)
			}
		}
	}
	return list
}

func glob(pattern string) []string {
	dir, base := path.Split(pattern)
	if !strings.HasPrefix(base, "*") {
		return []string{pattern}
	}
	entries, err := files.ReadDir(path.Clean(dir))
	if err != nil {
		panic(fmt.Sprintf("assets: %v", err))
	}
	var names []string
	for _, e := range entries {
		names = append(names, dir+e.Name())
	}
	return names
}

func gzipped(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid one
	_, _ = w.Write(plain)                                 // to memory: cannot fail
	_ = w.Close()
	return b.Bytes()
}

// window is the logarithm of how far back brotli looks: 128 KB, more than a bundle has. The default of 4 MB finds
// nothing more in one, and takes 40 MB of memory to do so, where this takes 9.
const window = 17

// encode makes the smallest form of all. It takes up to a second, so the first who ask get gzip meanwhile.
func (a *asset) encode() {
	var b bytes.Buffer
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: window})
	_, _ = w.Write(a.plain())
	_ = w.Close()
	br := b.Bytes()
	a.brotli.Store(&br)
}
