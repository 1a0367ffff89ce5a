package handlers

import (
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"chitchat/chat"
)

// maxPaste is the limit of what is pasted, in bytes of HTML: word processors write fifty for a character.
const maxPaste = 256 << 10

// convertPaste answers with the Markdown of HTML that is pasted into a message. What cannot be converted is pasted as
// plain text by the browser.
func (s messageHandlers) convertPaste(c *fiber.Ctx, _ chat.Actor) error {
	values, err := form(c, 4*maxPaste)
	if err != nil {
		return err
	}
	if len(values.Get("html")) > maxPaste {
		return errPaste
	}
	text, err := fromHTML(values.Get("html"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(text)
}

// pasteConverter converts documents. It is safe for concurrent use.
var pasteConverter = converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(),
	commonmark.NewCommonmarkPlugin(commonmark.WithEmDelimiter("_")), strikethrough.NewStrikethroughPlugin(),
	table.NewTablePlugin(table.WithHeaderPromotion(true),
		table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal),
		table.WithNewlineBehavior(table.NewlineBehaviorPreserve),
		table.WithSpanCellBehavior(table.SpanBehaviorEmpty))))

// Limits of a document that is converted: its text has to fit into a message, and the converter looks from each [ to
// the end of the text.
const (
	maxPasteNodes    = 20_000
	maxPasteBrackets = 200
)

var errPaste = chat.Errorf(chat.CodeInvalid, "What you pasted is too large to convert. Paste it as plain text.")

// fromHTML returns the Markdown of a document. The parser of HTML refuses one that is nested too deeply.
func fromHTML(text string) (string, error) {
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return "", errPaste
	}
	nodes, letters, brackets := 0, 0, 0
	var all []*html.Node
	for n := range doc.Descendants() {
		if all = append(all, n); n.Type == html.TextNode {
			letters += len(n.Data)
			brackets += strings.Count(n.Data, "[")
		}
		if nodes++; nodes > maxPasteNodes || letters > 4*chat.MaxBodyLen || brackets > maxPasteBrackets {
			return "", errPaste
		}
	}
	for _, n := range all {
		if n.Type == html.TextNode {
			n.Data = keepPasted(withoutKept(n.Data))
			continue
		}
		cleanPasted(n)
	}
	markdown, err := pasteConverter.ConvertNode(doc)
	return strings.TrimSpace(restoreKept(string(markdown))), err
}

// cleanPasted takes from a node what means nothing in a message, or costs much: a cell of 1,000 columns and rows is a
// million cells. Google Docs puts everything into a <b> that is not bold, and a picture may be a part of the text. A
// cell has one line.
func cleanPasted(n *html.Node) {
	switch n.Data {
	case "td", "th":
		n.Attr = nil
	case "br", "p", "div":
		if n.Type == html.ElementNode && inCell(n) {
			n.Data, n.DataAtom = "span", 0
			n.AppendChild(&html.Node{Type: html.TextNode, Data: " "})
		}
	case "span":
		cleanStyle(n)
	case "input", "ul", "ol":
		cleanItem(n)
	case "b", "img":
		if isEmojiPicture(n) {
			n.AppendChild(&html.Node{Type: html.TextNode, Data: attribute(n, "alt")})
			n.Data, n.DataAtom, n.Attr = "span", 0, nil
			return
		}
		for _, a := range n.Attr {
			if a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "font-weight:normal") ||
				a.Key == "src" && strings.HasPrefix(a.Val, "data:") {
				n.Data, n.DataAtom = "span", 0
			}
		}
	}
}

// isEmojiPicture reports whether a node is the picture of an emoji, whose text is its alt: ours, and those of the many
// pages that show emoji as pictures.
func isEmojiPicture(n *html.Node) bool {
	return n.Data == "img" && slices.Contains(strings.Fields(attribute(n, "class")), "emoji")
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// inCell reports whether a node is directly in a cell, or in something of one.
func inCell(n *html.Node) bool {
	for range 4 {
		if n = n.Parent; n == nil {
			return false
		}
		if n.Data == "td" || n.Data == "th" {
			return true
		}
	}
	return false
}
