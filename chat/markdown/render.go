package markdown

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	gmrenderer "github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// renderer writes the document as HTML; nodes below replaces what differs from CommonMark.
var renderer = gmrenderer.NewRenderer(gmrenderer.WithNodeRenderers(
	util.Prioritized(nodes{}, 100),
	util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
	util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		500),
	util.Prioritized(html.NewRenderer(), 1000),
))

// nodes renders the nodes that differ from CommonMark.
type nodes struct{}

// RegisterFuncs tells the renderer which nodes are rendered here.
func (nodes) RegisterFuncs(reg gmrenderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, wrap("<p><strong>", "</strong></p>\n"))
	reg.Register(ast.KindText, renderText)
	reg.Register(ast.KindImage, renderImage)
	reg.Register(ast.KindFencedCodeBlock, renderCode)
	reg.Register(ast.KindCodeBlock, renderCode)
	reg.Register(xast.KindTaskCheckBox, renderCheckbox)
	reg.Register(kindSpan, renderSpan)
}

// wrap returns a function that writes a text before a node and one after it.
func wrap(before, after string) gmrenderer.NodeRendererFunc {
	return func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		tag := after
		if entering {
			tag = before
		}
		_, err := w.WriteString(tag)
		return ast.WalkContinue, err
	}
}

// renderText writes each line break as a break, without the newline after it, which a browser would show as another
// one.
func renderText(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Text)
	if n.IsRaw() {
		html.DefaultWriter.RawWrite(w, bytes.TrimSuffix(n.Segment.Value(source), []byte("\n")))
	} else {
		html.DefaultWriter.Write(w, n.Segment.Value(source))
	}
	if n.HardLineBreak() || n.SoftLineBreak() {
		_, err := w.WriteString("<br>")
		return ast.WalkContinue, err
	}
	return ast.WalkContinue, nil
}

// renderImage writes a link with the image's description, or its address, as the text: another host's picture would
// tell it who reads the message.
func renderImage(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	var words bytes.Buffer
	buffered := bufio.NewWriter(&words)
	html.DefaultWriter.Write(buffered, descriptionOf(n, source))
	href := util.EscapeHTML(util.URLEscape(n.Destination, true))
	if err := buffered.Flush(); err != nil {
		return ast.WalkStop, err
	}
	if words.Len() == 0 {
		words.Write(href)
	}
	format := `<a href="%s">%s</a>`
	if within(n, ast.KindLink) { // a link holds no other
		format = "%[2]s"
	}
	_, err := fmt.Fprintf(w, format, href, words.Bytes())
	return ast.WalkSkipChildren, err
}

// descriptionOf returns the text of a node, without its formatting.
func descriptionOf(n ast.Node, source []byte) (words []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			words = append(words, c.Segment.Value(source)...)
			if c.SoftLineBreak() || c.HardLineBreak() {
				words = append(words, ' ')
			}
		case *ast.String:
			words = append(words, c.Value...)
		case *ast.AutoLink:
			words = append(words, c.Label(source)...)
		case *spanNode:
			words = append(words, source[c.Start:c.End]...)
		default:
			words = append(words, descriptionOf(c, source)...)
		}
	}
	return words
}

func renderSpan(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*spanNode)
	if n.Picture != "" {
		_, err := fmt.Fprintf(w, `<img class="emoji" src="%s" alt="%[2]s" title="%[2]s">`,
			util.EscapeHTML([]byte(n.Picture)), util.EscapeHTML(source[n.Start:n.End]))
		return ast.WalkContinue, err
	}
	if n.Emoji != "" {
		_, err := w.Write(util.EscapeHTML([]byte(n.Emoji)))
		return ast.WalkContinue, err
	}
	element, attributes := "span", ""
	if n.Class != "" {
		attributes = ` class="` + n.Class + `"`
	}
	if n.Href != "" {
		element, attributes = "a", attributes+` href="`+string(util.EscapeHTML([]byte(n.Href)))+`"`
	}
	_, err := fmt.Fprintf(w, "<%[1]s%[2]s>%[3]s</%[1]s>", element, attributes, util.EscapeHTML(source[n.Start:n.End]))
	return ast.WalkContinue, err
}

func renderCheckbox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	box := `<input type="checkbox" aria-label="To do" disabled> `
	if node.(*xast.TaskCheckBox).IsChecked {
		box = `<input type="checkbox" aria-label="Done" checked disabled> `
	}
	_, err := w.WriteString(box)
	return ast.WalkContinue, err
}

// renderCode writes a block of code, with its language before it if it names one.
func renderCode(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	name := ""
	if n, ok := node.(*ast.FencedCodeBlock); ok && n.Info != nil {
		if fields := strings.Fields(string(util.ResolveEntityNames(util.ResolveNumericReferences(
			util.UnescapePunctuations(n.Info.Segment.Value(source)))))); len(fields) > 0 {
			name = strings.ToLower(fields[0])
		}
	}
	code := string(node.Lines().Value(source))
	return ast.WalkSkipChildren, writeCode(w, name, code)
}
