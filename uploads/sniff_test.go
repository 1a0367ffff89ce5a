package uploads

import (
	"archive/zip"
	"bytes"
	"image/color"
	"slices"
	"strings"
	"testing"
)

const (
	somePDF  = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
	someHTML = "<!DOCTYPE html>\n<html><head><title>x</title></head><body><script>alert(1)</script></body></html>"
	someSVG  = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
)

// someEXE is the beginning of a Windows program.
var someEXE = append([]byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"), make([]byte, 400)...)

func someZIP() []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	_ = must(must(w.Create("Main.class")).Write([]byte("\xca\xfe\xba\xbe")))
	must(0, w.Close())
	return b.Bytes()
}

func join(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b = append(b, p...)
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

func TestEveryTypeIsTaken(t *testing.T) {
	s, _ := openStore(t, Options{})
	small := flat(40, 20, color.NRGBA{R: 200, A: 255})
	for _, c := range []struct {
		name    string
		content []byte
		want    string
	}{
		{"a.txt", []byte("hello"), typeUTF8},
		{"a.pdf", []byte(somePDF), "application/pdf"},
		{"with a mark.pdf", join("\ufeff\n", somePDF), "application/pdf"},
		{"a.png", asPNG(small), "image/png"},
		{"moving.png", afterIHDR(asPNG(small), pngChunk("acTL", []byte{0, 0, 0, 1, 0, 0, 0, 0})), "image/png"},
		{"a.jpg", asJPEG(small), "image/jpeg"},
		{"a.jpeg", asJPEG(small), "image/jpeg"},
		{"with a film behind.jpg", join(asJPEG(small), "\x00\x00\x00\x18ftypmp42"), "image/jpeg"},
		{"a.jfif", asJPEG(small), "image/jpeg"},
		{"a.JPE", asJPEG(small), "image/jpeg"},
		{"a.pjpeg", asJPEG(small), "image/jpeg"},
		{"a.pjp", asJPEG(small), "image/jpeg"},
		{"a.jif", asJPEG(small), "image/jpeg"},
		{"a.apng", asPNG(small), "image/png"},
		{"a.text", []byte("hello"), typeUTF8},
		{"a.gif", asGIF(small), "image/gif"},
		{"a.webp", asWebP(40, 20, color.NRGBA{R: 200, A: 255}), "image/webp"},
		{"A.PNG", asPNG(small), "image/png"},
		{"archive.tar.Pdf", []byte(somePDF), "application/pdf"},
		{"an attachment.pdf", join("%PDF-1.7\nstream\n", someZIP(), "\nendstream\n%%EOF\n"), "application/pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustReceive(t, s, c.name, c.content)
			if f.Type != c.want {
				t.Errorf("type is %q, want %q", f.Type, c.want)
			}
			if isPicture := strings.HasPrefix(c.want, "image/"); isPicture != (f.Width == 40 && f.Height == 20) {
				t.Errorf("it measures %d × %d", f.Width, f.Height)
			}
			s.Discard(f)
		})
	}
	wantFiles(t, s)
}

func TestWrongTypesAreRefused(t *testing.T) {
	s, _ := openStore(t, Options{})
	small := flat(40, 20, color.White)
	for _, c := range []struct {
		what, name string
		content    []byte
		says       string // the reason contains it
	}{
		{"a program", "setup.exe", someEXE, ".exe are not taken"},
		{"an SVG drawing", "logo.svg", []byte(someSVG), ".svg are not taken"},
		{"a web page", "index.html", []byte(someHTML), ".html are not taken"},
		{"an archive", "a.zip", someZIP(), ".zip are not taken"},
		{"an office document", "a.docx", someZIP(), ".docx are not taken"},
		{"a photograph of an iPhone", "IMG_1.HEIC", []byte("x"), ".HEIC are not taken. Save it as JPEG, and send that."},
		{"a picture of the web", "a.avif", []byte("x"), ".avif are not taken. Save it as JPEG"},
		{"a drawing", "a.svgz", []byte("x"), "Save it as PNG"},
		{"a letter", "a.odt", []byte("x"), "Save it as PDF"},
		{"a table as text", "a.csv", []byte("x"), "rename it to end in .txt"},
		{"a film", "a.mov", []byte("x"), "send the address"},
		{"an iPhone's photograph called .jpg", "a.jpg",
			join("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", make([]byte, 99)), "of the kind HEIC. Save it as JPEG"},
		{"another picture called .png", "a.png", join("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", make([]byte, 99)),
			"of the kind AVIF. Save it as JPEG"},
		{"a scan called .png", "a.png", join("II*\x00", make([]byte, 99)), "of the kind TIFF. Save it as JPEG"},
		{"no extension", "README", []byte("hello"), "no ending"},
		{"an extension behind NUL", "a.txt\x00.exe", []byte("hello"), ".exe are not taken"},
		{"an extension turned round", "a\u202etxt.exe", []byte("hello"), ".exe are not taken"},
		{"a dot at the end", "a.exe.", someEXE, ".exe are not taken"},
		{"an extension with an invisible letter", "a.pn\u200dg", asPNG(small), "are not taken"},
		{"two extensions", "photo.png.html", []byte(someHTML), ".html are not taken"},

		{"a web page called .png", "a.png", []byte(someHTML), "a web page (HTML)"},
		{"a web page called .txt", "a.txt", []byte(someHTML), "a web page (HTML)"},
		{"a web page called .pdf", "a.pdf", []byte(someHTML), "a web page (HTML)"},
		{"a bare script called .txt", "a.txt", []byte("  <script>alert(1)</script>"), "a web page (HTML)"},
		{"XHTML called .txt", "a.txt",
			[]byte(`<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>`), "a web page (XHTML)"},
		{"XHTML called .png", "a.png", []byte(`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`),
			"inside it is"},
		{"SVG called .png", "a.png", []byte(someSVG), "an SVG drawing"},
		{"SVG called .txt", "a.txt", []byte(someSVG), "an SVG drawing"},
		{"SVG with a head called .txt", "a.txt", join(`<?xml version="1.0"?><!-- x -->`, someSVG), "an SVG drawing"},
		{"a program called .txt", "a.txt", someEXE, "a program"},
		{"a program called .jpg", "a.jpg", someEXE, "a program"},
		{"an archive called .pdf", "a.pdf", someZIP(), "a ZIP archive"},
		{"text called .png", "a.png", []byte("hello"), "plain text"},
		{"text called .pdf", "a.pdf", []byte("hello"), "plain text"},
		{"a JPEG called .png", "a.png", asJPEG(small), "Rename it to end in .jpg"},
		{"a PNG called .webp", "a.webp", asPNG(small), "Rename it to end in .png"},
		{"a PDF called .txt", "a.txt", []byte(somePDF), "Rename it to end in .pdf"},
		{"a GIF called .txt", "a.txt", asGIF(small), "Rename it to end in .gif"},
		{"unknown bytes called .gif", "a.gif", []byte{1, 2, 3, 4}, "unknown kind"},

		{"a page that is also a PDF", "a.pdf", join("<script>alert(1)</script>\n", somePDF), "two kinds"},
		{"a PDF that is also a page", "a.pdf", join("%PDF-1.4\n<HTML><body>", somePDF), "two kinds"},
		{"a PNG that is also a PDF", "a.png", afterIHDR(asPNG(small), pngChunk("teXt", []byte(somePDF))), "a PDF document"},
		{"a PNG that is also a page", "a.png", afterIHDR(asPNG(small), pngChunk("teXt", []byte(someHTML))), "two kinds"},
		{"a JPEG that is also a page", "a.jpg", withSegment(asJPEG(small), 0xFE, []byte("<ScRiPt src=x>")), "two kinds"},
		{"a GIF that is also an archive", "a.gif", join(asGIF(small), someZIP()), "two kinds"},
		{"a JPEG that is also an archive", "a.jpg", join(asJPEG(small), someZIP()), "two kinds"},
		{"an archive with more behind it", "a.jpg", join(asJPEG(small), someZIP(), "behind"), "two kinds"},
		{"an archive with a false end behind it", "a.jpg", join(asJPEG(small), someZIP(), "PK\x05\x06", make([]byte, 30)),
			"two kinds"},
		{"a PDF that is also an archive", "a.pdf", join(somePDF, someZIP()), "two kinds"},
	} {
		t.Run(c.what, func(t *testing.T) {
			mustRefuse(t, s, c.name, bytes.NewReader(c.content), WrongType, c.says)
		})
	}
}

// The form accepts exactly the server's types, and each refused type has advice once.
func TestEndingsAreOneList(t *testing.T) {
	accepted, pictures := strings.Split(someTypes.Accept(), ","), strings.Split(Pictures(), ",")
	for _, ending := range accepted {
		f, err := someTypes.promised("a" + ending)
		if err != nil || f == formatOther || (f.decode != nil) != slices.Contains(pictures, ending) {
			t.Error(ending, err)
		}
	}
	seen := map[string]bool{}
	for _, f := range foreign {
		for _, ending := range f.endings {
			_, err := someTypes.promised("a." + ending)
			if isTaken := slices.Contains(accepted, "."+ending); isTaken != (err == nil) || seen[ending] || f.advice == "" {
				t.Error(ending, err)
			}
			if _, err := Types(nil).promised("a." + ending); err != nil {
				t.Error("advice without a restriction:", err)
			}
			if advice := (Types{"txt"}).advice(ending); strings.Contains(advice, "JPEG") {
				t.Error("advice to send what is not taken either:", advice)
			}
			seen[ending] = true
		}
	}
	if !seen["heic"] || Types(nil).Accept() != "" || (Types{"txt"}).advice("unheard") != "Files can be txt." {
		t.Error("no advice, or one without a restriction")
	}
}

// A name of an unsupported type is refused before any content is read.
func TestWrongNamesAreRefusedUnread(t *testing.T) {
	s, _ := openStore(t, Options{})
	r := strings.NewReader("hello")
	mustRefuse(t, s, "a.exe", r, WrongType, ".exe are not taken")
	if r.Len() != 5 {
		t.Errorf("%d bytes were read", 5-r.Len())
	}
}
