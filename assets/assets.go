// Package assets holds what browsers load besides pages: style sheets, scripts, the icon.
//
// The files are embedded, joined into a few bundles, and served from memory under names with a hash of the files and of
// the code that bundles them. The content under a name never changes, so it may be cached for ever.
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

//go:embed css/*.css js/*.js *.svg
//go:embed node_modules/htmx.org/dist/htmx.min.js node_modules/htmx.org/dist/ext/hx-ws.min.js
//go:embed node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js
var files embed.FS

// maker is the source of the code that makes bundles, for their hash.
//
//go:embed squeeze.go
var maker []byte

// prefix is the URL path of the bundles.
const prefix = "/assets/"

// parts are the files of each bundle, in order. A pattern ending in * matches a folder's files by name, except those
// that have a bundle of their own.
var parts = map[string][]string{
	"app.css": {"css/layers.css", "css/*.css"},
	"app.js": {
		"node_modules/htmx.org/dist/htmx.min.js",
		"node_modules/htmx.org/dist/ext/hx-ws.min.js",
		"js/conversation.js", // the others depend on it
		"js/*.js",
	},
	"early.js": {"js/socket.js"}, // on its own and first: it runs before the page is parsed
	"passkey.js": { // for the few pages that ask for a passkey
		"node_modules/@simplewebauthn/browser/dist/bundle/index.umd.min.js",
		"js/passkey.js",
	},
	"zone.js":      {"js/zone.js"},       // for pages that ask about days
	"calendar.css": {"css/calendar.css"}, // for the days of a channel
	"calendar.js":  {"js/calendar.js"},
	"admin.css":    {"css/admin.css"},                   // for pages for admins
	"list.css":     {"css/list.css", "css/kept.css"},    // for pages with lists
	"files.css":    {"css/files.css"},                   // for lists of files
	"device.css":   {"css/device.css"},                  // for devices, and their links, codes and keys
	"page.css":     {"css/page.css", "css/profile.css"}, // for all pages but conversations, and for their dialogs
	"picker.css":   {"css/picker.css"},                  // for the choice of an emoji
	"picker.js":    {"js/picker.js"},
	"thread.css":   {"css/thread.css"}, // for a thread beside its channel
	"thread.js":    {"js/thread.js"},
	"draft.js":     {"js/draft.js", "js/complete.js"}, // once somebody writes
	"complete.css": {"css/composer_completion.css"},   // for what can be typed next
	"back.js":      {"js/back.js"},                    // once somebody scrolls, or comes back
	"quote.js":     {"js/quote.js"},                   // where a message links to another one
	"quote.css":    {"css/quote.css"},                 // for quotes of messages
	"menu.css":     {"css/menu.css"},                  // for what one can do with a message
	"menu.js":      {"js/menu.js"},
	"viewer.css":   {"css/viewer.css"},   // for a picture seen large
	"command.css":  {"css/command.css"},  // for the list of commands
	"keys.js":      {"js/keys.js"},       // once a key is pressed
	"sections.css": {"css/sections.css"}, // for the page that arranges the sidebar
	"switch.css":   {"css/switch.css"},   // for the way to anywhere
	"switch.js":    {"js/switch.js"},
	"unreads.css":  {"css/unreads.css"}, // for the page of what is unread
	"search.js":    {"js/search.js"},
	"search.css":   {"css/search.css"}, // for what a search found
	"theme.css":    {"css/theme.css"},  // for the page on which one chooses a theme
	"icon.svg":     {"icon.svg"},
	"mention.svg":  {"icon.svg", "icon-mention.svg"}, // with a mark: something is written to the user
	"unread.svg":   {"icon.svg", "icon-unread.svg"},  // something else is unread
}

// asset is one bundle in the encodings that browsers accept.
type asset struct {
	url         string
	contentType string
	plain       func() []byte // this and gzip run on first use: they would take most of every start
	gzip        func() []byte
	once        sync.Once
	brotli      atomic.Pointer[[]byte] // nil until made: see encode
}

var byName, byURL = build()

// URL returns the URL of a bundle by its plain name: for "app.css" it is "/assets/app.<hash>.css". It panics on an
// unknown name, which is a programming error.
func URL(name string) string {
	a, ok := byName[name]
	if !ok {
		panic("assets: no " + name)
	}
	return a.url
}

// Lookup returns the bundle of a path under /assets/ (with or without that prefix), in the best encoding that
// acceptEncoding, the request's header, allows. The body is shared and must not be changed. An empty encoding means
// that the body is not encoded.
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

// accepts reports whether an Accept-Encoding header lists the coding without q=0.
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

// hashed returns the URL of content made from source: a changed source has another URL.
func hashed(stem, ext string, source []byte) string {
	sum := sha256.Sum256(source)
	return prefix + stem + "." + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:12]) + ext
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// sources returns the content of the files that the patterns match, each once.
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

// apart are the files that no pattern with a * matches: those of all bundles but the two of every page.
var apart = func() (list []string) {
	for name, patterns := range parts {
		if name != "app.css" && name != "app.js" {
			list = append(list, patterns...)
		}
	}
	return list
}()

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
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a valid level
	_, _ = w.Write(plain)                                 // to memory: cannot fail
	_ = w.Close()
	return b.Bytes()
}

// window is the base-2 logarithm of brotli's window: 128 KB, more than a bundle has. The default of 4 MB compresses a
// bundle no better and takes 40 MB of memory instead of 9.
const window = 17

// encode makes the brotli encoding. It takes up to a second; until then clients get gzip.
func (a *asset) encode() {
	var b bytes.Buffer
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: window})
	_, _ = w.Write(a.plain())
	_ = w.Close()
	br := b.Bytes()
	a.brotli.Store(&br)
}
