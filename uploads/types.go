package uploads

import (
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// Types are the extensions of the files that a workspace takes, in lower case and without dots. Without any, every file
// is taken.
type Types []string

// pictureTypes are what ReceiveSquare takes.
var pictureTypes = func() (t Types) {
	for _, f := range formats {
		if f.decode != nil {
			t = append(t, f.extensions...)
		}
	}
	return t
}()

// formatOfExtension returns the format that an extension promises; nil for an unknown one.
func formatOfExtension(ext string) *format {
	for _, f := range formats {
		if slices.Contains(f.extensions, ext) {
			return f
		}
	}
	return nil
}

// take reports whether files with this extension are taken. With an extension, the others of the same format are taken
// too: browsers save a .jpg as .jfif.
func (t Types) take(ext string) bool {
	if len(t) == 0 || slices.Contains(t, ext) {
		return true
	}
	f := formatOfExtension(ext)
	return f != nil && slices.ContainsFunc(t, func(e string) bool { return slices.Contains(f.extensions, e) })
}

// promised returns the format that the file's name promises, formatOther for one without a known content, or the
// refusal of a type that is not taken: it is known before a byte of the file is read. Without a restriction it returns
// nil: the content alone decides.
func (t Types) promised(name string) (*format, error) {
	if len(t) == 0 {
		return nil, nil //nolint:nilnil // no format is promised
	}
	ext := nameExtension(name)
	if ext == "" {
		return nil, refuse(WrongType, "Its name has no ending, such as .%s, that says what it is. %s", t[0], t.Words())
	}
	if t.take(strings.ToLower(ext[1:])) {
		if f := formatOfExtension(strings.ToLower(ext[1:])); f != nil {
			return f, nil
		}
		return formatOther, nil
	}
	return nil, refuse(WrongType, "Files that end in %s are not taken. %s", ext, t.advice(strings.ToLower(ext[1:])))
}

// promisedOnly refuses a content that is not the format that the file's name promises.
func promisedOnly(want *format, head []byte, only Types) error {
	if !agrees(want, mimetype.Detect(head)) {
		return disagreement(want, head, only)
	}
	return sniff(want, head)
}

// Words returns a sentence about the files that are taken.
func (t Types) Words() string {
	if len(t) == 0 {
		return "Files can be of any type."
	}
	words := strings.Join(t, ", ")
	if i := strings.LastIndex(words, ", "); i >= 0 {
		words = words[:i] + " or" + words[i+1:]
	}
	return "Files can be " + words + "."
}

// Accept returns the extensions, with their dots, as an accept attribute lists them; "" without a restriction.
func (t Types) Accept() string {
	var list []string
	add := func(ext string) {
		if !slices.Contains(list, "."+ext) {
			list = append(list, "."+ext)
		}
	}
	for _, ext := range t {
		add(ext)
		if f := formatOfExtension(ext); f != nil {
			for _, other := range f.extensions {
				add(other)
			}
		}
	}
	return strings.Join(list, ",")
}

// Pictures returns the extensions of pictures as an accept attribute lists them.
func Pictures() string { return pictureTypes.Accept() }
