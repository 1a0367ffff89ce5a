package filetext

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// partsOf lists the parts of a DOCX that have texts, in the order in which they are read. A * stands for a number.
var partsOf = []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml",
	"word/header*.xml", "word/footer*.xml"}

// maxParts bounds the headers and footers: each section of a document may have three of both.
const maxParts = 64

// readZIP reads a DOCX or an ODT. Another archive has no text.
func readZIP(r io.ReaderAt, size int64, t *line) error {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	inflated := int64(maxInflated)
	if text := find(archive, "content.xml"); len(text) > 0 && isODT(archive) {
		return readPart(text[0], &inflated, t, openDocument)
	}
	for _, pattern := range partsOf {
		for _, part := range find(archive, pattern) {
			if err := readPart(part, &inflated, t, wordDocument); err != nil {
				return err
			}
			t.end()
		}
	}
	return nil
}

// find returns the files of an archive with a name, or with names like it.
func find(archive *zip.Reader, pattern string) (list []*zip.File) {
	for _, f := range archive.File {
		if is, err := path.Match(pattern, f.Name); err == nil && is && len(list) < maxParts {
			list = append(list, f)
		}
	}
	return list
}

// isODT reports whether an archive says that it is a text document.
func isODT(archive *zip.Reader) bool {
	list := find(archive, "mimetype")
	if len(list) == 0 {
		return false
	}
	f, err := list[0].Open()
	if err != nil {
		return false
	}
	defer f.Close()
	kind, err := io.ReadAll(io.LimitReader(f, 100))
	return err == nil && strings.HasPrefix(string(kind), "application/vnd.oasis.opendocument.text")
}

// dialect says what the elements of an XML document are, by their local names.
type dialect struct {
	texts  []string // only what is in these is text; none: all is
	breaks []string // end a word
	hidden []string // are not read
}

var (
	wordDocument = dialect{texts: []string{"t"}, breaks: []string{"p", "br", "cr", "tab", "tc"}}
	openDocument = dialect{breaks: []string{"p", "h", "s", "tab", "line-break", "table-cell"},
		hidden: []string{"tracked-changes", "automatic-styles", "font-face-decls", "scripts", "binary-data"}}
)

// readPart reads the text of an XML document. inflated is how much of it, and of those after it, may be inflated.
func readPart(part *zip.File, inflated *int64, t *line, as dialect) error {
	f, err := part.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: *inflated}
	err = readXML(limited, t, as)
	if *inflated = limited.N; limited.N <= 0 {
		return fmt.Errorf("%s: it inflates to more than %d bytes", part.Name, maxInflated)
	}
	return err
}

// readXML reads the text of an XML document. It knows no entities but those of XML itself, and no document type.
func readXML(r io.Reader, t *line, as dialect) error {
	d := xml.NewDecoder(r)
	depth, text, hidden := 0, 0, 0 // the last two: how many such elements are open
	in := func(list []string, name xml.Name) int {
		if slices.Contains(list, name.Local) {
			return 1
		}
		return 0
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.Directive:
			return errors.New("it has a document type")
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errors.New("its elements are too deep")
			}
			text, hidden = text+in(as.texts, token.Name), hidden+in(as.hidden, token.Name)
			if in(as.breaks, token.Name) > 0 {
				t.end()
			}
		case xml.EndElement:
			depth, text, hidden = depth-1, text-in(as.texts, token.Name), hidden-in(as.hidden, token.Name)
			if in(as.breaks, token.Name) > 0 {
				t.end()
			}
		case xml.CharData:
			if hidden > 0 || as.texts != nil && text == 0 {
				continue
			}
			if err := t.add(string(token)); err != nil {
				return err
			}
		}
	}
}
