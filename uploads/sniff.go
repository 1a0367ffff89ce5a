package uploads

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// sniffSize is how many bytes determine a file's type: all that mimetype reads.
const sniffSize = 4096

// format is one accepted file format. A file has a format if both its content and its extension match; neither alone
// suffices.
type format struct {
	mime       string
	words      string // in words: "a PNG picture"
	extensions []string
	decode     decoder  // nil if not a picture
	strip      stripper // of a picture
}

var (
	formatText = &format{mime: typeText, words: "plain text", extensions: []string{"txt", "text"}}
	formatPDF  = &format{mime: "application/pdf", words: "a PDF document", extensions: []string{"pdf"}}
	formats    = []*format{
		formatText, formatPDF,
		{mime: "image/png", words: "a PNG picture", extensions: []string{"png", "apng"}, decode: decodePNG, strip: stripPNG},
		{mime: "image/jpeg", words: "a JPEG picture",
			extensions: []string{"jpg", "jpeg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjp"}, decode: decodeJPEG,
			strip: stripJPEG},
		{mime: "image/gif", words: "a GIF picture", extensions: []string{"gif"}, decode: decodeGIF, strip: stripGIF},
		{mime: "image/webp", words: "a WebP picture", extensions: []string{"webp"}, decode: decodeWebP, strip: stripWebP},
	}
)

const taken = "Files can be txt, pdf, png, jpg, jpeg, gif or webp."

// formatOfName returns the format of a file's extension. It refuses unsupported types before a byte of the file is
// read.
func formatOfName(name string) (*format, error) {
	ext := nameExtension(name)
	if ext == "" {
		return nil, refuse(WrongType, "Its name has no ending, such as .txt or .png, that says what it is. %s", taken)
	}
	for _, f := range formats {
		if slices.Contains(f.extensions, strings.ToLower(ext[1:])) {
			return f, nil
		}
	}
	instead := advice(strings.ToLower(ext[1:]))
	if instead == "" {
		instead = taken
	}
	return nil, refuse(WrongType, "Files that end in %s are not taken. %s", ext, instead)
}

// sniff checks the beginning of a file against the format that its name promises.
func sniff(want *format, head []byte) error {
	found := mimetype.Detect(head)
	if !agrees(want, found) {
		return disagreement(want, found)
	}
	if want == formatText {
		return nil
	}
	if want == formatPDF && !bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \t\r\n"), []byte("%PDF-")) {
		// PDF readers accept a kilobyte of anything before the signature, which has room for a web page.
		return errPolyglot()
	}
	// No reader takes these formats for mark-up unless it sniffs, and a sniffer looks here.
	start := bytes.ToLower(head[:min(len(head), 1024)])
	for _, mark := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<svg", "<?php"} {
		if bytes.Contains(start, []byte(mark)) {
			return errPolyglot()
		}
	}
	return nil
}

// agrees reports whether the content has the format of the name. A text may be in any language that mimetype detects,
// such as CSV or a shell script, because it is served as plain text; but not in one that a browser would render as a
// page.
func agrees(want *format, found *mimetype.MIME) bool {
	if want != formatText {
		// mimetype calls an animated PNG image/apng; to every reader it is a PNG.
		return found.Is(want.mime) || found.Is("image/apng") && want.mime == "image/png"
	}
	plain := false
	for m := found; m != nil; m = m.Parent() {
		if m.Is("text/html") || m.Is("application/xhtml+xml") || m.Is("image/svg+xml") {
			return false
		}
		plain = plain || m.Is(typeText)
	}
	return plain
}

// otherWords names types that are often sent under a wrong name.
var otherWords = map[string]string{
	"text/html":             "a web page (HTML)",
	"application/xhtml+xml": "a web page (XHTML)",
	"image/svg+xml":         "an SVG drawing",
	"application/zip":       "a ZIP archive",
	"text/xml":              "an XML document",
	"application/vnd.microsoft.portable-executable": "a program",
	"application/x-elf":                             "a program",
	"application/octet-stream":                      "data of an unknown kind",
}

func disagreement(want *format, found *mimetype.MIME) *Refusal {
	for _, f := range formats {
		if f != formatText && agrees(f, found) {
			return refuse(WrongType, "Its name promises %s, but inside it is %s. Rename it to end in .%s and send it again.",
				want.words, f.words, f.extensions[0])
		}
	}
	if want == formatText && found.Is("application/octet-stream") {
		return errBinary()
	}
	if kind, ok := strings.CutPrefix(bareType(found), "image/"); ok && !found.Is("image/svg+xml") {
		kind, _, _ = strings.Cut(strings.TrimPrefix(kind, "x-"), "-") // heic-sequence is heic
		return refuse(WrongType, "Its name promises %s, but inside it is a picture of the kind %s. %s", want.words,
			strings.ToUpper(kind), asJPEGAdvice)
	}
	for m := found; m != nil; m = m.Parent() {
		if words, ok := otherWords[bareType(m)]; ok && (m == found || m.Parent() != nil) {
			return refuse(WrongType, "Its name promises %s, but inside it is %s. %s", want.words, words, taken)
		}
	}
	if agrees(formatText, found) {
		return refuse(WrongType, "Its name promises %s, but inside it is plain text.", want.words)
	}
	return refuse(WrongType, "Its name promises %s, but inside it is %s. %s", want.words, bareType(found), taken)
}

// bareType returns the MIME type without its parameters.
func bareType(m *mimetype.MIME) string {
	t, _, _ := strings.Cut(m.String(), ";")
	return t
}

func errPolyglot() *Refusal {
	return refuse(WrongType, "It is made to be two kinds of file at once, and such files are not taken.")
}

// hidesNoZIP refuses files for which hidesZIP is true.
func hidesNoZIP(want *format, r io.ReaderAt, size int64) error {
	hidden, err := hidesZIP(want, r, size)
	if err == nil && hidden {
		err = errPolyglot()
	}
	return err
}

// ZIP readers start at the end of a file: the end record may begin this far before it.
const (
	zipEndSize    = 22
	zipCommentMax = 1<<16 - 1
)

// hidesZIP reports whether a reader of ZIP (or of JAR, which Java runs) would find an archive at the end of r. Both
// signatures must be where the format requires, so that random bytes do not match. In a PDF the record must end with
// the file: a document may attach a whole archive. Source: PKWARE's APPNOTE, 4.3.12 and 4.3.16.
func hidesZIP(want *format, r io.ReaderAt, size int64) (bool, error) {
	tail := make([]byte, min(size, zipEndSize+zipCommentMax))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return false, err
	}
	for rest := tail; ; {
		i := bytes.LastIndex(rest, []byte("PK\x05\x06"))
		if i < 0 {
			return false, nil
		}
		record := tail[i:]
		rest = tail[:i]
		if len(record) < zipEndSize {
			continue
		}
		comment := int(binary.LittleEndian.Uint16(record[20:]))
		if want == formatPDF && zipEndSize+comment != len(record) {
			continue
		}
		var signature [4]byte
		directory := size - int64(len(record)) - int64(binary.LittleEndian.Uint32(record[12:]))
		if directory < 0 {
			continue
		}
		if _, err := r.ReadAt(signature[:], directory); err != nil && err != io.EOF {
			return false, err
		}
		if string(signature[:]) == "PK\x01\x02" {
			return true, nil
		}
	}
}
