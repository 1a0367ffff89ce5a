package markdown

import (
	_ "embed"
	"strings"
)

//go:embed keywords.txt
var keywordsText string

// keywords are the keywords of the languages that have some, by their names.
var keywords = func() map[string]map[string]bool {
	all := make(map[string]map[string]bool)
	for line := range strings.Lines(keywordsText) {
		name, list, _ := strings.Cut(line, ": ")
		all[name] = make(map[string]bool)
		for word := range strings.FieldsSeq(list) {
			all[name][word] = true
		}
	}
	return all
}()

// kind is the way in which a language is scanned.
type kind uint8

const (
	ofCode  kind = iota // statements
	ofKeys              // keys with values
	ofTags              // text with tags
	ofLines             // lines with a sign before them
)

// language is what the scanner knows of a language.
type language struct {
	name     string
	kind     kind
	line     []string  // what begins a comment to the end of the line
	block    [2]string // what begins and ends a comment
	quotes   string    // around strings of one line, in which \ takes the next character's meaning
	raw      string    // around strings of any number of lines, without such a character
	triple   bool      // three quotes are around strings of any number of lines
	inner    string    // punctuation within words
	assign   string    // after a key
	fold     bool      // keywords may have capitals
	keywords map[string]bool
}

var slashes = [2]string{"/*", "*/"}

// languages are the languages by the names that may stand after the three backticks, in lower case.
var languages = func() map[string]*language {
	all := make(map[string]*language)
	add := func(l language, names string) {
		for name := range strings.FieldsSeq(names) {
			all[name] = &l
		}
	}
	braces := func(name, quotes, raw, names string) {
		add(language{name: name, line: []string{"//"}, block: slashes, quotes: quotes, raw: raw, triple: name != "Go",
			keywords: keywords[name]}, names)
	}
	hash := func(name string, triple bool, names string) {
		add(language{name: name, line: []string{"#"}, quotes: `"'`, triple: triple, keywords: keywords[name]}, names)
	}
	keys := func(name, quotes, assign string, line ...string) language {
		return language{name: name, kind: ofKeys, line: line, quotes: quotes, assign: assign, inner: "-.",
			keywords: keywords["values"]}
	}

	braces("Go", `"'`, "`", "go golang")
	braces("JavaScript", `"'`, "`", "javascript js jsx mjs node")
	braces("TypeScript", `"'`, "`", "typescript ts tsx")
	braces("Java", `"'`, "", "java")
	braces("C", `"'`, "", "c h")
	braces("C++", `"'`, "", "c++ cpp cc cxx hpp")
	braces("C#", `"'`, "", "c# csharp cs")
	braces("Kotlin", `"'`, "", "kotlin kt kts")
	braces("Swift", `"`, "", "swift")
	braces("Rust", `"`, "", "rust rs")
	braces("Scala", `"`, "", "scala")
	braces("Dart", `"'`, "", "dart")
	braces("PHP", `"'`, "", "php")
	braces("Zig", `"'`, "", "zig")
	braces("Protocol Buffers", `"'`, "", "proto protobuf")

	hash("Python", true, "python py py3 python3")
	hash("Ruby", false, "ruby rb")
	hash("Shell", false, "shell sh bash zsh console")
	hash("PowerShell", false, "powershell ps1 pwsh")
	hash("Perl", false, "perl pl")
	hash("R", false, "r")
	hash("Elixir", true, "elixir ex exs")
	hash("Dockerfile", false, "dockerfile docker")
	hash("Makefile", false, "makefile make mk")
	hash("Nginx", false, "nginx")

	add(language{name: "SQL", line: []string{"--"}, block: slashes, quotes: `'"`, fold: true,
		keywords: keywords["SQL"]},
		"sql postgres postgresql mysql sqlite plpgsql")
	add(language{name: "Lua", line: []string{"--"}, block: [2]string{"--[[", "]]"}, quotes: `"'`,
		keywords: keywords["Lua"]}, "lua")
	add(language{name: "Haskell", line: []string{"--"}, block: [2]string{"{-", "-}"}, quotes: `"`,
		keywords: keywords["Haskell"]}, "haskell hs")

	add(keys("JSON", `"`, ":", "//"), "json json5 jsonc jsonl")
	add(keys("YAML", `"'`, ":", "#"), "yaml yml")
	add(keys("TOML", `"'`, "=", "#"), "toml")
	add(keys("INI", `"`, "=", "#", ";"), "ini cfg conf properties env dotenv editorconfig systemd")
	add(keys("HCL", `"`, "={", "#", "//"), "hcl terraform tf")
	css := keys("CSS", `"'`, ":", "//")
	css.block = slashes
	add(css, "css scss sass less")
	add(language{name: "HTML", kind: ofTags, block: [2]string{"<!--", "-->"}, quotes: `"`},
		"html htm xhtml vue svelte templ")
	add(language{name: "XML", kind: ofTags, block: [2]string{"<!--", "-->"}, quotes: `"`}, "xml svg xsd xslt plist rss")
	add(language{name: "Diff", kind: ofLines}, "diff patch")
	return all
}()
