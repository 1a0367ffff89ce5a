// Package filetext takes the text out of files, so that they are found by what is in them: plain texts, PDF, and the
// documents of word processors, DOCX and ODT.
//
// Files come from strangers. Plain texts are read here, only their beginning. What needs a parser is read by a child
// process, the same program again, that the kernel holds to its memory and its time, that has no environment, and that
// writes only to its parent: what makes a parser panic, loop or swell costs a child, and the file counts as broken.
package filetext

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Limits of what is read.
const (
	// MaxText is how long a text is, in bytes: about a hundred pages. What follows is not taken.
	MaxText = 256 << 10
	// MaxDocument is the size of a PDF, DOCX or ODT that is read, in bytes. Of larger ones, which are mostly pictures,
	// the lists of their parts alone could fill the child's memory.
	MaxDocument = 64 << 20

	maxInflated = 64 << 20         // bytes of a DOCX or ODT that are inflated: a bomb has thousands of times its size
	maxDepth    = 256              // of the elements of an XML document
	maxPages    = 2000             // of a PDF
	maxForms    = 4                // forms within forms of a PDF
	maxCPU      = 5                // seconds that the child may compute
	maxTime     = 20 * time.Second // that a child may take, where others want the processor too
	maxHeap     = 192 << 20        // bytes that the child's collector aims at
	maxMemory   = 320 << 20        // bytes that the kernel gives the child
)

// ErrBroken is the error of a file that cannot be read: it is damaged, locked by a password, or takes more than a child
// has. To try again does not help.
var ErrBroken = errors.New("filetext: the file cannot be read")

// headSize is how much of a file tells what it is.
const headSize = 1024

// Text returns the text of a file in one line, of MaxText bytes at most: valid UTF-8 without control characters. It is
// empty if the file is of a kind without a text, or has none. mime is the type that the file was received as; the
// content decides. The error is ErrBroken if the file is at fault, ctx's own if that ends, else another: then it can be
// tried again. Only Text's own reading moves the position of f.
func Text(ctx context.Context, f *os.File, mime string) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	head := make([]byte, min(info.Size(), headSize))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return "", err
	}
	switch document := documentOf(head); {
	case document == "":
		return plain(io.NewSectionReader(f, 0, info.Size()), head, strings.HasPrefix(mime, "text/"))
	case info.Size() > MaxDocument:
		return "", fmt.Errorf("%w: it has %d bytes", ErrBroken, info.Size())
	default:
		return inChild(ctx, document, f)
	}
}

// The kinds of files that a child reads.
const (
	pdfDocument    = "pdf"
	zippedDocument = "zip"
)

// documentOf returns the kind of a document by how it begins; "" for what is none.
func documentOf(head []byte) string {
	switch {
	case bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \t\r\n"), []byte("%PDF-")):
		return pdfDocument
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return zippedDocument
	}
	return ""
}

// read takes the text out of a document of that kind. It may panic, and is bounded only by its process.
func read(document string, r io.ReaderAt, size int64) (string, error) {
	var t line
	var err error
	switch document {
	case pdfDocument:
		err = readPDF(r, size, &t)
	case zippedDocument:
		err = readZIP(r, size, &t)
	default:
		err = fmt.Errorf("%q is no kind of document", document)
	}
	if err != nil && !errors.Is(err, errFull) {
		return "", err
	}
	return t.String(), nil
}
