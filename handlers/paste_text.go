package handlers

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"chitchat/chat"
)

// The converter escapes signs of Markdown that format nothing, such as _ within a word, and knows no way to leave them.
// So each stands for itself as a noncharacter while a document is converted, which no text holds. Source: Unicode,
// 23.7.
const (
	keptSigns  = "_*~&[]"
	firstKept  = '\uFDD0'
	beforeList = '\uFDD8' // stands before a list in an item, which the converter would part from it
	lastKept   = '\uFDEF'
)

// keep returns a text with its signs from at to end kept, where keeps says so.
func keep(text string, keeps func(at int, r rune) bool) string {
	var b strings.Builder
	for at, r := range text {
		if sign := strings.IndexRune(keptSigns, r); sign >= 0 && keeps(at, r) {
			r = firstKept + rune(sign)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// keepPasted keeps the signs in the addresses of a text, which are links as they are, and _ within words.
func keepPasted(text string) string {
	if !strings.ContainsAny(text, keptSigns) {
		return text
	}
	links := slices.Collect(chat.Links(text))
	runEnd, runKept := 0, false // of the last run of _
	return keep(text, func(at int, r rune) bool {
		for len(links) > 0 && links[0].End <= at {
			links = links[1:]
		}
		if r == '[' || r == ']' {
			return false
		}
		if r == '_' && at >= runEnd {
			runEnd = len(text) - len(strings.TrimLeft(text[at:], "_"))
			runKept = inWord(text, at, runEnd)
		}
		return len(links) > 0 && links[0].Start <= at || r == '_' && runKept
	})
}

// inWord reports whether a letter or a digit is on both sides of text[from:to].
func inWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return (unicode.IsLetter(before) || unicode.IsDigit(before)) && (unicode.IsLetter(after) || unicode.IsDigit(after))
}

// withoutKept returns a text without what keepPasted puts in.
func withoutKept(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= firstKept && r <= lastKept {
			return utf8.RuneError
		}
		return r
	}, text)
}

// aroundList is what the converter puts between the text of an item and a list in it.
var aroundList = regexp.MustCompile(`[ \n]*` + string(beforeList) + `[ \n]*\n( *)`)

// restoreKept puts the signs back into the Markdown.
func restoreKept(markdown string) string {
	markdown = aroundList.ReplaceAllString(markdown, "\n$1")
	return strings.Map(func(r rune) rune {
		if i := int(r - firstKept); i >= 0 && i < len(keptSigns) {
			return rune(keptSigns[i])
		}
		return r
	}, markdown)
}

// cleanItem makes text of the box of a task, and keeps a list close to the text of its item.
func cleanItem(n *html.Node) {
	switch {
	case n.DataAtom == atom.Input && attribute(n, "type") == "checkbox" && within(n, atom.Li):
		box := "[ ] "
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
			box = "[x] "
		}
		box = keep(box, func(int, rune) bool { return true })
		n.Type, n.Data, n.DataAtom, n.Attr = html.TextNode, box, 0, nil
	case (n.DataAtom == atom.Ul || n.DataAtom == atom.Ol) && n.Parent.DataAtom == atom.Li && hasText(n.PrevSibling):
		n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: string(beforeList)}, n)
	}
}

// hasText reports whether a node, or one of the few before it, has text.
func hasText(n *html.Node) bool {
	for range 4 {
		if n == nil {
			return false
		}
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" || n.Type == html.ElementNode && n.FirstChild != nil {
			return n.DataAtom != atom.Ul && n.DataAtom != atom.Ol
		}
		n = n.PrevSibling
	}
	return false
}

// boldStyle is how a style says that text is bold, as Google Docs and word processors do.
var boldStyle = regexp.MustCompile(`(?:^|;)\s*font-weight\s*:\s*(?:bold|bolder|[6-9]00)\b`)

// cleanStyle makes bold of a span that looks so, but for one that is bold already.
func cleanStyle(n *html.Node) {
	if n.DataAtom == atom.Span && boldStyle.MatchString(attribute(n, "style")) &&
		!within(n, atom.B, atom.Strong, atom.Th, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6) {
		n.Data, n.DataAtom = "strong", atom.Strong
	}
}

// within reports whether one of the few nodes around a node is one of those.
func within(n *html.Node, kinds ...atom.Atom) bool {
	for range 6 {
		if n = n.Parent; n == nil {
			return false
		}
		if slices.Contains(kinds, n.DataAtom) {
			return true
		}
	}
	return false
}
