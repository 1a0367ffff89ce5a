package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"
)

// features are parts of the language that a parser may know. Each costs more than the length of some texts: parserFor
// leaves those out that would.
type features uint8

const (
	tables features = 1 << iota
	links
	codeSpans
	emphasis
	references
	allFeatures = tables | links | codeSpans | emphasis | references
)

// parsers has a parser for each set of features.
var parsers = func() (list [allFeatures + 1]parser.Parser) {
	for f := range list {
		list[f] = newParser(features(f))
	}
	return list
}()

// newParser returns the parser of CommonMark with these features.
func newParser(f features) parser.Parser {
	inline := []util.PrioritizedValue{
		util.Prioritized(spanParser{}, 150),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
	}
	extensions := []goldmark.Extender{extension.TaskList}
	if f&emphasis != 0 {
		inline = append(inline, util.Prioritized(parser.NewEmphasisParser(), 500))
		extensions = append(extensions, extension.Strikethrough)
	}
	if f&codeSpans != 0 {
		inline = append(inline, util.Prioritized(parser.NewCodeSpanParser(), 100))
	}
	options := []parser.Option{}
	if f&references != 0 {
		options = append(options, parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))
	}
	if f&links != 0 {
		inline = append(inline, util.Prioritized(linkParser{parser.NewLinkParser()}, 200))
	}
	if f&tables != 0 {
		extensions = append(extensions, extension.Table)
	}
	options = append(options,
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(deepParser{parser.NewParagraphParser()}, 250),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(inline...),
		parser.WithASTTransformers(util.Prioritized(spanTransformer{}, 900)),
	)
	return goldmark.New(goldmark.WithParser(parser.NewParser(options...)), goldmark.WithExtensions(extensions...)).Parser()
}

// Limits of what a text may have for its parts to be parsed.
const (
	maxCells     = 4000 // rows have as many cells as the head of their table: 8,000 characters could make millions
	maxBrackets  = 400  // each closing one may look at all that follow
	maxBackticks = 300  // each run of them may look for its end in the rest of the text
	maxEmphasis  = 600  // each end of it may look for its beginning in all that precedes
)

// featuresFor returns what is parsed of a text.
func featuresFor(source []byte) features {
	lines, pipes, brackets, backticks, stars := 0, 0, 0, 0, 0
	for line := range bytes.Lines(source) {
		lines++
		pipes = max(pipes, bytes.Count(line, []byte{'|'}))
		brackets += bytes.Count(line, []byte{'['})
		backticks += runs(line, "`")
		stars += runs(line, "*_~")
	}
	f := allFeatures
	if !bytes.Contains(source, []byte("]:")) {
		f &^= references
	}
	if pipes*lines > maxCells {
		f &^= tables
	}
	if brackets > maxBrackets {
		f &^= links | references
	}
	if stars > maxEmphasis {
		f &^= emphasis
	}
	if backticks > maxBackticks {
		f &^= codeSpans
	}
	return f
}

// runs counts the runs of one of the bytes that are not within a word.
func runs(line []byte, of string) (n int) {
	for i, c := range line {
		if strings.IndexByte(of, c) < 0 || i > 0 && line[i-1] == c {
			continue
		}
		if i == 0 || i == len(line)-1 || !alphanumeric(line[i-1]) || !alphanumeric(line[i+1]) {
			n++
		}
	}
	return n
}
