package chat

import (
	"slices"
	"strings"
)

// FileTypes says which files members may send: all, or only those with certain extensions, in lower case and without
// dots, each followed by a space but the last. The zero value is all.
type FileTypes string

// SeedFileTypes are texts, documents and pictures: what may be sent where nobody should have to look twice.
const SeedFileTypes FileTypes = "txt pdf png jpg jpeg gif"

const (
	maxFileTypes   = 100 // extensions of a workspace's list
	maxFileTypeLen = 15  // characters of one; a longer one is no extension to uploads either
)

// Extensions returns the extensions; none where every file may be sent.
func (t FileTypes) Extensions() []string { return strings.Fields(string(t)) }

// ParseFileTypes returns the types of a list as people type it: separated by spaces, commas or semicolons, with dots or
// without. The error is for the field "extensions".
func ParseFileTypes(list string) (FileTypes, error) {
	var extensions []string
	separator := func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) }
	for typed := range strings.FieldsFuncSeq(list, separator) {
		ext := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(typed, "*"), "."))
		if ext == "" || len(ext) > maxFileTypeLen || strings.ContainsFunc(ext, notInExtension) {
			return "", Invalid("extensions", "Please write extensions of letters and digits, such as: txt, pdf, png.")
		}
		if !slices.Contains(extensions, ext) {
			extensions = append(extensions, ext)
		}
		if len(extensions) > maxFileTypes {
			return "", Invalid("extensions", "These are too many extensions: at most %d fit.", maxFileTypes)
		}
	}
	if len(extensions) == 0 {
		return "", Invalid("extensions", "Please write at least one extension, such as pdf, or choose all files.")
	}
	return FileTypes(strings.Join(extensions, " ")), nil
}

func notInExtension(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("+-_~", r)
}

// inWords returns the types as the audit log has them.
func (t FileTypes) inWords() string {
	if t == "" {
		return "all files"
	}
	return "only files of " + strings.Join(t.Extensions(), ", ")
}
