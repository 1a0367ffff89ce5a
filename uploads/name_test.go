package uploads

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCleanName(t *testing.T) {
	for _, c := range []struct{ what, in, want string }{
		{"a plain name stays", "report.pdf", "report.pdf"},
		{"spaces and letters of all languages stay", "Überblick 日本 2.txt", "Überblick 日本 2.txt"},
		{"capitals stay", "IMG_0001.JPG", "IMG_0001.JPG"},
		{"marks of other file systems stay", `what? "this" <a|b>*.txt`, `what? "this" <a|b>*.txt`},

		{"a path is cut off", "../../etc/passwd.txt", "passwd.txt"},
		{"an absolute path is cut off", "/etc/cron.d/x.txt", "x.txt"},
		{"a Windows path is cut off", `C:\fakepath\photo.png`, "photo.png"},
		{"a server's share is cut off", `\\host\share\a.png`, "a.png"},
		{"both slashes are cut off", `a\b/c\d.txt`, "d.txt"},
		{"what only looks escaped stays text", "..%2f..%2fetc.txt", "..%2f..%2fetc.txt"},
		{"a name that ends in a slash has none", "dir/", "file"},

		{"nothing gets a name", "", "file"},
		{"one dot gets a name", ".", "file"},
		{"two dots get a name", "..", "file"},
		{"many dots get a name", ".......", "file"},
		{"blanks get a name", " \t\u00a0\u3000 ", "file"},
		{"an extension alone gets a name", ".png", "file.png"},
		{"an extension after dots gets a name", "...png", "file.png"},
		{"invisible letters get a name", "\u3164\u200d.png", "file.png"},
		{"a file that is hidden elsewhere stays", ".notes.txt", ".notes.txt"},

		{"NUL goes", "a.txt\x00.png", "a.txt.png"},
		{"control characters go", "a\x1b[31m\x07b\x7f\u0085.txt", "a[31mb .txt"},
		{"line breaks become blanks", "a\r\nb\u2028c.txt", "a b c.txt"},
		{"right-to-left override goes", "photo\u202egnp.exe", "photognp.exe"},
		{"all that turn the direction go", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069a.txt",
			"a.txt"},
		{"a byte order mark goes", "\ufeffa.txt", "a.txt"},
		{"the joiners of emoji stay", "👨\u200d👩\u200d👧.png", "👨\u200d👩\u200d👧.png"},
		{"right-to-left letters stay", "תמונה.png", "תמונה.png"},
		{"accents are composed", "u\u0308ber.txt", "über.txt"},
		{"invalid UTF-8 is replaced", "a\xff\xfeb.txt", "a\ufffdb.txt"},

		{"dots and blanks at the end go", "a.png. . ", "a.png"},
		{"blanks around go", "  a.png  ", "a.png"},

		{"a Windows device is marked", "CON.txt", "_CON.txt"},
		{"in any case", "nul", "_nul"},
		{"with two extensions", "aux.tar.pdf", "_aux.tar.pdf"},
		{"with a number", "Com1.png", "_Com1.png"},
		{"with a number above the line", "LPT².png", "_LPT².png"},
		{"what begins alike is not one", "console.txt", "console.txt"},
		{"nor with more digits", "COM12.txt", "COM12.txt"},

		{"a long name keeps its extension", strings.Repeat("a", 300) + ".jpeg", strings.Repeat("a", 195) + ".jpeg"},
		{"it is cut between characters", strings.Repeat("日", 100) + ".txt", strings.Repeat("日", 65) + ".txt"},
		{"a long extension is none", "a." + strings.Repeat("b", 300), "a." + strings.Repeat("b", 198)},
		{"a cut leaves no dots", strings.Repeat(".", 300) + "a.txt", "file.txt"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if got := CleanName(c.in); got != c.want {
				t.Errorf("CleanName(%q) is %q, want %q", c.in, got, c.want)
			}
			checkName(t, c.in)
		})
	}
}

// checkName tests what CleanName guarantees for s.
func checkName(t *testing.T, s string) {
	t.Helper()
	name := CleanName(s)
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		t.Errorf("CleanName(%q) is %q: empty, too long, or no UTF-8", s, name)
	}
	if strings.Trim(name, ". ") == "" || strings.ContainsAny(name, "/\\\x00") {
		t.Errorf("CleanName(%q) is %q: could be a path", s, name)
	}
	for _, r := range name {
		if r != '\u200c' && r != '\u200d' &&
			unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			t.Errorf("CleanName(%q) is %q: has %U", s, name, r)
		}
	}
	if again := CleanName(name); again != name {
		t.Errorf("CleanName(%q) is %q, and that becomes %q", s, name, again)
	}
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{
		"a.txt", "../a", `C:\a`, "\x00", "\u202e.exe", "CON", "com¹.x", ".....", ".png", "a. .", "\xff",
		"u\u0308", "\u1100\u1161\u11a8.txt", "\u3164", strings.Repeat("ä", 200) + ".jpeg", strings.Repeat(".", 250) + "x.txt",
		"con" + strings.Repeat(" ", 300) + ".txt", strings.Repeat("a\u0323\u0307", 80), "\u0344.\u0344",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkName(t, s)
		// An accepted type stays the same, unless the name hides its extension.
		if ext := nameExtension(s); len(ext) > 1 && isPlain(ext[1:]) && nameExtension(CleanName(s)) != ext {
			t.Errorf("CleanName(%q) is %q: the extension is lost", s, CleanName(s))
		}
	})
}

// isPlain reports whether s has only ASCII letters and digits.
func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
