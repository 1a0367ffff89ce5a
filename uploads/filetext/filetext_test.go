package filetext

import (
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ content, mime, want string }{
		"UTF-8":       {"\ufeffCrème\r\n\tbrûlée\x1b[1m 京都 \n", "text/plain; charset=utf-8", "Crème brûlée[1m 京都"},
		"source code": {"func main() {\n\tprintln(\"hi\")\n}\n", "application/octet-stream", `func main() { println("hi") }`},
		"UTF-16":      {"\xff\xfeM\x00\xfc\x00", "text/plain; charset=utf-16le", "Mü"},
		"UTF-16 BE":   {"\xfe\xff\x00M\x00\xfc", "text/plain; charset=utf-16be", "Mü"},
		"Windows":     {"M\xfcller;1", "text/plain", "Müller;1"},
		"octets":      {"M\xfcller;1", "application/octet-stream", ""},
		"a NUL":       {"ab\x00cd", "application/octet-stream", ""},
		"later bytes": {strings.Repeat("a", headSize) + "\xff\x00b", "text/plain", strings.Repeat("a", headSize) + "\ufffdb"},
		"a cut character": {strings.Repeat("a", headSize-1) + "é", "application/octet-stream",
			strings.Repeat("a", headSize-1) + "é"},
		"nothing": {"", "text/plain", ""},
		"DOCX": {docx(t, `<w:p><w:r><w:t>One</w:t></w:r><w:r><w:t>word &amp;</w:t><w:tab/><w:t>two</w:t></w:r></w:p>
			<w:p><w:r><w:delText>deleted</w:delText><w:instrText>PAGE</w:instrText><w:t>three</w:t></w:r></w:p>`), "",
			"Oneword & two three a footnote"},
		"a DOCX of another name": {docx(t, `<w:p><w:t>one</w:t></w:p>`), "text/plain; charset=utf-8", "one a footnote"},
		"ODT": {odt(t, `<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>
			<text:h>Title</text:h><text:p>a<text:s/>b<text:span>c</text:span></text:p>`), "", "Title a bc"},
		"another archive": {zipped(t, "a.txt", "words", "content.xml", "<a>words</a>"), "application/zip", ""},
		"PDF": {pdfPage("BT /F 12 Tf (Hello) Tj 0 -14 Td [(wor) 20 (d) -300 (caf\\351)] TJ T* (next) ' ET"),
			"application/pdf", "Hello word café next"},
		"a form": {pdfPage("/X Do BT (after) Tj ET", stream(`/Type /XObject /Subtype /Form`, "BT (within) Tj ET")), "",
			"within after"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Text(t.Context(), opened(t, c.content), c.mime)
			if err != nil || got != c.want {
				t.Errorf("%q, want %q: %v", got, c.want, err)
			}
		})
	}
}

// A text ends where it is long enough, whatever it is taken from.
func TestTextIsBounded(t *testing.T) {
	long := strings.Repeat("é ", MaxText)
	var pages strings.Builder
	for range 40 {
		pages.WriteString("BT (" + strings.Repeat("word ", 2000) + ") Tj ET ")
	}
	for name, content := range map[string]string{
		"plain": long, "DOCX": docx(t, "<w:p><w:t>"+long+"</w:t></w:p>"), "ODT": odt(t, "<text:p>"+long+"</text:p>"),
		"PDF": pdfPage(pages.String()),
	} {
		got, err := Text(t.Context(), opened(t, content), "")
		if err != nil || len(got) > MaxText || len(got) < MaxText-10 || !utf8.ValidString(got) {
			t.Errorf("%s: %d bytes: %v", name, len(got), err)
		}
	}
}

// What is made to hurt is a broken file, and nothing else happens.
func TestHostileFiles(t *testing.T) {
	whole := docx(t, `<w:p><w:t>one</w:t></w:p>`)
	lengthOfItself := pdfOf(`<< /Type /Catalog /Pages 2 0 R >>`, `<< /Type /Pages /Kids [3 0 R] /Count 1 >>`,
		`<< /Type /Page /Contents 4 0 R >>`, "<< /Length 4 0 R >>\nstream\nBT (x) Tj ET\nendstream")
	for name, content := range map[string]string{
		"a bomb":           docx(t, "<w:p><w:t>"+strings.Repeat(" ", maxInflated)+"</w:t></w:p>"),
		"a bomb of names":  docx(t, "<"+strings.Repeat("a", maxInflated)+">"),
		"deep elements":    docx(t, strings.Repeat("<w:p>", 1<<20)+strings.Repeat("</w:p>", 1<<20)),
		"entities":         docx(t, "&lol;"),
		"a document type":  zipped(t, "word/document.xml", `<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>`),
		"no XML":           docx(t, "<w:p"),
		"a cut archive":    whole[:len(whole)/2],
		"only a signature": "PK\x03\x04",
		"a cut PDF":        pdfPage("BT (word) Tj ET")[:300],
		"its own length":   lengthOfItself,
		"no operator":      pdfPage("BT (word) Tj ET >> >> >>"),
		"a huge table":     pdfWith("xref\n2000000000 1\n0000000000 65535 n \ntrailer\n<< /Size 2000000001 >>\n"),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Text(t.Context(), opened(t, content), "application/pdf")
			if len(got) > 10 || err != nil && !errors.Is(err, ErrBroken) {
				t.Errorf("%q: %v", got, err)
			}
		})
	}
}

// A form that shows itself is read a few times.
func TestFormThatShowsItself(t *testing.T) {
	form := stream(`/Subtype /Form /Resources << /XObject << /X 6 0 R >> >>`, "BT (again) Tj ET /X Do")
	got, err := Text(t.Context(), opened(t, pdfPage("/X Do", form)), "")
	if want := strings.TrimSuffix(strings.Repeat("again ", maxForms), " "); err != nil || got != want {
		t.Errorf("%q: %v", got, err)
	}
}

// What computes or grows without end costs its process.
func TestChildIsBounded(t *testing.T) {
	defer func(b bounds) { childBounds = b }(childBounds)
	var packed strings.Builder
	w := zlib.NewWriter(&packed)
	_, err := w.Write([]byte("BT (" + strings.Repeat("a", 64<<20)))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	show := strings.Repeat("/X Do ", 5000)
	for name, c := range map[string]struct {
		bounds
		content string
		ends    string
	}{
		"pages in a circle": {bounds{1, maxMemory},
			pdfOf(`<< /Type /Catalog /Pages 2 0 R >>`, `<< /Type /Pages /Kids [2 0 R] /Count 1000000000 >>`), "killed"},
		"forms in forms": {bounds{1, maxMemory},
			pdfPage(show, stream(`/Subtype /Form /Resources << /XObject << /X 6 0 R >> >>`, show)), "killed"},
		"tables in a circle": {bounds{1, maxMemory},
			pdfWith("xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 122 >>\n"), "killed"},
		"a string without an end": {bounds{maxCPU, 48 << 20}, pdfOf(`<< /Type /Catalog /Pages 2 0 R >>`,
			`<< /Type /Pages /Kids [3 0 R] /Count 1 >>`, `<< /Type /Page /Contents 4 0 R >>`,
			stream("/Filter /FlateDecode", packed.String())), "out of memory"},
	} {
		if raceDetector && c.memory != maxMemory {
			continue // the memory is not bounded
		}
		childBounds = c.bounds
		got, err := Text(t.Context(), opened(t, c.content), "")
		if !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), c.ends) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// That the caller does not wait any more is no fault of the file.
func TestTextEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Text(ctx, opened(t, pdfPage("")), ""); !errors.Is(err, context.Canceled) || errors.Is(err, ErrBroken) {
		t.Error(err)
	}
}

// Where Main was not called, a child would be the whole program.
func TestOnlyWithMain(t *testing.T) {
	prepared.Store(false)
	defer prepared.Store(true)
	if _, err := Text(t.Context(), opened(t, pdfPage("")), ""); !errors.Is(err, errUnprepared) ||
		errors.Is(err, ErrBroken) {
		t.Error(err)
	}
}

func TestLargeDocumentsAreNotRead(t *testing.T) {
	f := opened(t, "%PDF-1.4")
	big := openedAgain(t, f.Name(), MaxDocument+1)
	if _, err := Text(t.Context(), big, ""); !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(),
		fmt.Sprint(MaxDocument+1)) {
		t.Error(err)
	}
}

// FuzzRead tries any archive, and what any page may show. A whole PDF could keep its parser forever: see
// TestChildIsBounded.
func FuzzRead(f *testing.F) {
	f.Add(true, "BT /F 12 Tf (Hello) Tj 0 -14 Td [(wor) 20 (d) -300 (x)] TJ ET")
	f.Add(false, docx(f, `<w:p><w:t>one</w:t></w:p>`))
	f.Add(false, odt(f, `<text:p>one</text:p>`))
	f.Fuzz(func(t *testing.T, isPDF bool, content string) {
		document := zippedDocument
		if isPDF {
			document, content = pdfDocument, pdfPage(content)
		}
		got, err := read(document, strings.NewReader(content), int64(len(content)))
		if len(got) > MaxText || !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\n") || err != nil && got != "" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func BenchmarkText(b *testing.B) {
	words := strings.Repeat("some words of a document ", 2000)
	for name, content := range map[string]string{
		"plain": words, "DOCX": docx(b, "<w:p><w:t>"+words+"</w:t></w:p>"),
		"PDF": pdfPage("BT /F 1 Tf (" + words + ") Tj ET"),
	} {
		b.Run(name, func(b *testing.B) {
			f := opened(b, content)
			for b.Loop() {
				if got, err := Text(b.Context(), f, ""); err != nil || len(got) < len(words)-1 {
					b.Fatal(len(got), err)
				}
			}
		})
	}
}
