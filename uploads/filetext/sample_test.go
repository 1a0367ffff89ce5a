package filetext

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// zipped returns an archive of files, given as a name and a content each.
func zipped(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for pair := range slices.Chunk(files, 2) {
		f, err := w.Create(pair[0])
		if err == nil {
			_, err = f.Write([]byte(pair[1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	wordStart = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/` +
		`wordprocessingml/2006/main"><w:body>`
	wordEnd  = `</w:body></w:document>`
	odtStart = `<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:text="t">` +
		`<office:automatic-styles>style</office:automatic-styles><office:body><office:text>`
	odtEnd = `</office:text></office:body></office:document-content>`
)

// docx returns a DOCX with that in its body.
func docx(t testing.TB, body string) string {
	t.Helper()
	return zipped(t, "[Content_Types].xml", "<Types/>", "word/document.xml", wordStart+body+wordEnd,
		"word/footnotes.xml", `<w:footnotes xmlns:w="w"><w:p><w:r><w:t>a footnote</w:t></w:r></w:p></w:footnotes>`)
}

// odt returns an ODT with that in its body.
func odt(t testing.TB, body string) string {
	t.Helper()
	return zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", odtStart+body+odtEnd)
}

// pdfOf returns a PDF of these objects, numbered from 1; the first is the catalogue.
func pdfOf(objects ...string) string {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.String()
}

// pdfWith returns a PDF with this table of references, which is at 122.
func pdfWith(table string) string {
	head := "%PDF-1.4\n" + "%" + strings.Repeat(" ", 111) + "\n"
	return fmt.Sprintf("%s%sstartxref\n%d\n%%%%EOF\n", head, table, len(head))
}

func stream(dict, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(content), content)
}

// pdfPage returns a PDF with a page that has this content, and these objects, numbered from 6. Its resource F is a
// font, and X the object 6.
func pdfPage(content string, more ...string) string {
	return pdfOf(append([]string{
		`<< /Type /Catalog /Pages 2 0 R >>`,
		`<< /Type /Pages /Kids [3 0 R] /Count 1 >>`,
		`<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>`,
		stream("", content),
		`<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>`,
	}, more...)...)
}

// opened returns a file with that content.
func opened(t testing.TB, content string) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// openedAgain returns the file at a path with another size.
func openedAgain(t testing.TB, path string, size int64) *os.File {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
