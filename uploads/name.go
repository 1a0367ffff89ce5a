package uploads

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxName      = 200 // bytes: fits a file name of every system, with room for what a browser adds
	maxExtension = 16  // bytes with the dot; a longer one is part of a sentence
	noName       = "file"
)

// CleanName makes a name from another machine safe to show and to offer for download. The result is never empty; valid
// UTF-8 in composed form (NFC), at most 200 bytes; a base name, without slash or backslash, and not only dots; free of
// control characters and of those that change the writing direction ("gnp.exe" shown as "exe.png"); and not the name of
// a Windows device. Shortening keeps the extension. CleanName is idempotent. The result is for display and must not be
// used as a path.
func CleanName(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	// Browsers send a bare name, but other programs send "../x", "C:\x" or "/etc/x".
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(nameRune, s)
	// Compose after the removals: they can join a letter and its accent.
	s = norm.NFC.String(s)
	s = strings.Join(strings.Fields(s), " ")
	// Windows drops trailing dots and spaces, so "a.exe." would run as "a.exe".
	s = strings.TrimRight(s, ". ")

	ext := nameExtension(s)
	stem := strings.TrimSuffix(s, ext)
	if windowsDevice(stem) {
		stem = "_" + stem
	}
	stem = shorten(stem, maxName-len(ext))
	if !visible(stem) {
		stem = noName
	}
	return stem + ext
}

// nameRune returns r, a space in its place, or -1 to drop it.
func nameRune(r rune) rune {
	switch {
	case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
		return ' '
	case r == '\u200C', r == '\u200D':
		// The two joiners: Persian spelling and emoji of several people need them.
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// nameExtension returns the name's last dot and what follows it, or "" if that is no extension.
func nameExtension(s string) string {
	ext := path.Ext(s)
	if len(ext) < 2 || len(ext) > maxExtension || strings.Contains(ext, " ") {
		return ""
	}
	return ext
}

// visible reports whether s has a visible character other than dots.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		switch r {
		case '.', ' ', '\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800': // Hangul fillers and the empty Braille cell
			return false
		}
		return unicode.IsGraphic(r) && !unicode.IsMark(r)
	})
}

// windowsDevice reports whether Windows opens a device by this name, whatever its extension.
func windowsDevice(stem string) bool {
	base, _, _ := strings.Cut(stem, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	digit, isPort := strings.CutPrefix(base, "COM")
	if !isPort {
		digit, isPort = strings.CutPrefix(base, "LPT")
	}
	// Windows treats the superscript digits as digits here.
	return isPort && utf8.RuneCountInString(digit) == 1 && strings.Contains("0123456789¹²³", digit)
}

// shorten cuts s to at most n bytes, between two characters.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], ". ")
}
