package filetext

import (
	"errors"
	"fmt"
	"io"

	"github.com/ledongthuc/pdf"
)

// readPDF reads the pages of a PDF. Pages that cannot be read are left out, unless none can be.
func readPDF(r io.ReaderAt, size int64, t *line) error {
	doc, err := pdf.NewReader(r, size)
	if err != nil {
		return err
	}
	pages := min(maxPages, doc.NumPage())
	var failure error
	for n := 1; n <= pages; n++ {
		if err := readPage(doc, n, t); errors.Is(err, errFull) {
			return err
		} else if err != nil {
			failure = err
		}
		t.end()
	}
	if t.b.Len() > 0 {
		return nil
	}
	return failure
}

// readPage reads a page. The parser panics at what it does not understand.
func readPage(doc *pdf.Reader, n int, t *line) (err error) {
	defer func() {
		if p := recover(); p != nil {
			var is bool
			if err, is = p.(error); !is {
				err = fmt.Errorf("page %d: %v", n, p)
			}
		}
	}()
	page := doc.Page(n)
	if contents := page.V.Key("Contents"); !contents.IsNull() {
		show := &content{text: t, fonts: make(map[string]*pdf.Font), resources: page.Resources()}
		show.read(contents)
	}
	return nil
}

// content is what a page or a form within it shows.
type content struct {
	text      *line
	resources pdf.Value
	fonts     map[string]*pdf.Font // by name, as far as they were used
	font      *pdf.Font
	depth     int
}

// gap is how far text moves for a space that is not written, in thousandths of its size: letters that are drawn closer
// together or farther apart move less.
const gap = 180

// read reads the operators of a content stream. It panics with errFull.
func (c *content) read(stream pdf.Value) {
	pdf.Interpret(stream, func(stack *pdf.Stack, operator string) {
		args := make([]pdf.Value, stack.Len())
		for i := range args {
			args[len(args)-1-i] = stack.Pop()
		}
		switch operator {
		case "BT", "Td", "TD", "Tm", "T*":
			c.text.end()
		case "Tf":
			if len(args) == 2 {
				c.use(args[0].Name())
			}
		case "'", `"`, "Tj":
			if operator != "Tj" {
				c.text.end()
			}
			if len(args) > 0 {
				c.show(args[len(args)-1])
			}
		case "TJ":
			if len(args) == 1 {
				c.showParts(args[0])
			}
		case "Do":
			if len(args) == 1 {
				c.form(args[0].Name())
			}
		}
	})
}

// use selects a font of the resources. It is parsed once.
func (c *content) use(name string) {
	if c.fonts[name] == nil {
		c.fonts[name] = &pdf.Font{V: c.resources.Key("Font").Key(name)}
	}
	c.font = c.fonts[name]
}

func (c *content) show(s pdf.Value) {
	text := s.RawString()
	if c.font != nil {
		text = c.font.Encoder().Decode(text)
	}
	if err := c.text.add(text); err != nil {
		panic(err)
	}
}

// showParts shows strings with the moves between them.
func (c *content) showParts(list pdf.Value) {
	for i := range list.Len() {
		switch part := list.Index(i); part.Kind() {
		case pdf.String:
			c.show(part)
		case pdf.Integer, pdf.Real:
			if part.Float64() < -gap {
				c.text.end()
			}
		default:
		}
	}
}

// form reads a form, which may show others, up to maxForms deep: one may show itself.
func (c *content) form(name string) {
	form := c.resources.Key("XObject").Key(name)
	if c.depth >= maxForms || form.Key("Subtype").Name() != "Form" {
		return
	}
	within := &content{text: c.text, fonts: make(map[string]*pdf.Font), resources: form.Key("Resources"),
		depth: c.depth + 1}
	if within.resources.IsNull() {
		within.resources = c.resources
	}
	c.text.end()
	within.read(form)
	c.text.end()
}
