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

// format is one file format that browsers show or play. A file's content decides its format; where the workspace
// restricts the types, its extension must promise the same.
type format struct {
	mime       string
	words      string // in words: "a PNG picture"
	extensions []string
	also       []string // further types that mimetype calls it
	decode     decoder  // nil if not a picture
	strip      stripper // of a picture
}

var (
	formatText = &format{mime: typeText, words: "plain text", extensions: []string{"txt", "text"}}
	formatPDF  = &format{mime: "application/pdf", words: "a PDF document", extensions: []string{"pdf"}}
	formats    = []*format{
		formatText, formatPDF,
		{mime: "image/png", words: "a PNG picture", extensions: []string{"png", "apng"}, also: []string{"image/apng"},
			decode: decodePNG, strip: stripPNG},
		{mime: "image/jpeg", words: "a JPEG picture",
			extensions: []string{"jpg", "jpeg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjp"}, decode: decodeJPEG,
			strip: stripJPEG},
		{mime: "image/gif", words: "a GIF picture", extensions: []string{"gif"}, decode: decodeGIF, strip: stripGIF},
		{mime: "image/webp", words: "a WebP picture", extensions: []string{"webp"}, decode: decodeWebP, strip: stripWebP},
		{mime: "image/avif", words: "an AVIF picture", extensions: []string{"avif"}},
		{mime: "audio/mpeg", words: "an MP3 recording", extensions: []string{"mp3"}},
		{mime: "audio/ogg", words: "an Ogg recording", extensions: []string{"ogg", "oga", "opus"}},
		{mime: "audio/wav", words: "a WAV recording", extensions: []string{"wav"}},
		{mime: "audio/mp4", words: "an MPEG-4 recording", extensions: []string{"m4a"}, also: []string{"audio/x-m4a"}},
		{mime: "audio/flac", words: "a FLAC recording", extensions: []string{"flac"}},
		{mime: "video/mp4", words: "an MP4 video", extensions: []string{"mp4", "m4v"}, also: []string{"video/x-m4v"}},
		{mime: "video/ogg", words: "an Ogg video", extensions: []string{"ogv"}},
		{mime: "video/quicktime", words: "a QuickTime video", extensions: []string{"mov", "qt"}},
		formatWebM,
	}
	formatWebM  = &format{mime: "video/webm", words: "a WebM video", extensions: []string{"webm"}}
	formatSound = &format{mime: "audio/webm", words: "a WebM recording"} // WebM without pictures
	formatOther = &format{mime: "application/octet-stream", words: "another kind of file"}
)

// activeTexts are the extensions of texts that some program runs, or shows as a page: they are offered for download and
// never shown, whatever they hold.
var activeTexts = strings.Fields("html htm xhtml xht shtml shtm mht mhtml svg xml xsl xslt xsd rss atom rdf js mjs " +
	"cjs jse hta htc wsf wsh vbs vbe vb bat cmd ps1 psm1 reg url desktop inf scf webloc")

// detect returns the format of a file by its content alone. What is of two kinds at once, or a page or a drawing that
// can hold scripts, is formatOther.
func detect(name string, head []byte) *format {
	found := mimetype.Detect(head)
	for _, f := range formats {
		if sniffed(f, found, head) != nil {
			continue
		}
		if ext := nameExtension(name); f == formatText && ext != "" &&
			slices.Contains(activeTexts, strings.ToLower(ext[1:])) {
			return formatOther
		}
		return f.heard(head)
	}
	return formatOther
}

// heard returns formatSound for a WebM of which the first tracks have no pictures, else f. Source: the codec
// identifiers of the Matroska specification, which begin with the kind of the track.
func (f *format) heard(head []byte) *format {
	if f == formatWebM && bytes.Contains(head, []byte("A_")) && !bytes.Contains(head, []byte("V_")) {
		return formatSound
	}
	return f
}

// sniff checks the beginning of a file against a format.
func sniff(want *format, head []byte) error { return sniffed(want, mimetype.Detect(head), head) }

func sniffed(want *format, found *mimetype.MIME, head []byte) error {
	if !agrees(want, found) {
		return refuse(WrongType, "It is of another kind than it seems to be.")
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
		return found.Is(want.mime) || slices.ContainsFunc(want.also, found.Is)
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

// disagreement returns the refusal of a file that is not what its name promises, where only some types are taken.
func disagreement(want *format, head []byte, only Types) *Refusal {
	found, taken := mimetype.Detect(head), only.Words()
	for _, f := range formats {
		if f != formatText && agrees(f, found) && only.take(f.extensions[0]) {
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
