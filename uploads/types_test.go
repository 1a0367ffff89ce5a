package uploads

import (
	"bytes"
	"context"
	"encoding/binary"
	"image/color"
	"io"
	"strings"
	"testing"
)

const download = "application/octet-stream"

// box is the beginning of a file of the MPEG-4 family with this brand.
func box(brand string) []byte {
	return join("\x00\x00\x00\x18ftyp", brand, "\x00\x00\x00\x00mp42isom", make([]byte, 200))
}

// ebml is the beginning of a WebM with these codecs.
func ebml(codecs string) []byte {
	return join("\x1aE\xdf\xa3\x9f\x42\x82\x84webm", make([]byte, 30), codecs, make([]byte, 99))
}

func oggPage(head string) []byte {
	return join("OggS\x00\x02", make([]byte, 22), head, make([]byte, 99))
}

// Without a restriction everything is taken. What a browser could run is never given a type that it would show.
func TestAnyFileIsTaken(t *testing.T) {
	s, _ := openStore(t, Options{})
	small := flat(40, 20, color.NRGBA{R: 200, A: 255})
	for _, c := range []struct {
		what, name string
		content    []byte
		want       string
	}{
		{"a program", "setup.exe", someEXE, download},
		{"a program called .txt", "a.txt", someEXE, download},
		{"a program called .png", "a.png", someEXE, download},
		{"a web page", "index.html", []byte(someHTML), download},
		{"a web page called .png", "a.png", []byte(someHTML), download},
		{"a web page called .txt", "a.txt", []byte(someHTML), download},
		{"a web page called .pdf", "a.pdf", []byte(someHTML), download},
		{"a web page called .mp4", "a.mp4", []byte(someHTML), download},
		{"a text called .html", "a.html", []byte("Words, and then <p>more"), download},
		{"a text called .HTML", "a.HTML", []byte("Words"), download},
		{"a drawing", "logo.svg", []byte(someSVG), download},
		{"a drawing called .png", "logo.png", []byte(someSVG), download},
		{"XHTML called .txt", "a.txt", []byte(`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`), download},
		{"XML", "feed.xml", []byte(`<?xml version="1.0"?><data/>`), download},
		{"a script", "a.js", []byte("alert(1)"), download},
		{"a script for Windows", "a.bat", []byte("del *"), download},
		{"an archive", "a.zip", someZIP(), download},
		{"a spreadsheet", "a.xlsx", someZIP(), download},
		{"unknown bytes", "a.dat", []byte{1, 2, 3, 4}, download},
		{"an iPhone's photograph", "IMG_1.HEIC", box("heic"), download},
		{"other bytes late in a text", "a.log", join(strings.Repeat("words\n", 9000), "\x00"), download},
		{"half a UTF-16 text", "a.txt", asUTF16("abc", true)[:7], download},

		{"a PDF that is also a page", "a.pdf", join("%PDF-1.4\n<HTML><body>", somePDF), download},
		{"a PDF that is also an archive", "a.pdf", join(somePDF, someZIP()), download},
		{"a PNG that is also a page", "a.png", afterIHDR(asPNG(small), pngChunk("teXt", []byte(someHTML))), download},
		{"a GIF that is also an archive", "a.gif", join(asGIF(small), someZIP()), download},
		{"a recording that is also a page", "a.mp3", join("ID3\x04\x00\x00\x00\x00\x00\x00", someHTML), download},
		{"half a picture", "half.png", asPNG(small)[:40], download},
		{"too large a picture", "huge.png", hugePNG(50_000, 50_000), download},

		{"no extension", "README", []byte("hello"), typeUTF8},
		{"a table as text", "a.csv", []byte("a,b\n1,2\n3,4\n"), typeUTF8},
		{"source code", "main.go", []byte("package main\n"), typeUTF8},
		{"a PNG called .txt", "a.txt", asPNG(small), "image/png"},
		{"a JPEG called .png", "a.png", asJPEG(small), "image/jpeg"},
		{"an AVIF", "a.avif", box("avif"), "image/avif"},
		{"MP3", "a.mp3", join("\xff\xfb\x90\x44", make([]byte, 99)), "audio/mpeg"},
		{"Opus", "a.opus", oggPage("OpusHead"), "audio/ogg"},
		{"Ogg video", "a.ogv", oggPage("\x80theora"), "video/ogg"},
		{"WAV", "a.wav", join("RIFF\x24\x00\x00\x00WAVEfmt ", make([]byte, 99)), "audio/wav"},
		{"M4A", "a.m4a", box("M4A "), "audio/mp4"},
		{"FLAC", "a.flac", join("fLaC\x00\x00\x00\x22", make([]byte, 99)), "audio/flac"},
		{"MP4", "a.mp4", box("mp42"), "video/mp4"},
		{"MP4 of another brand", "a.mp4", box("isom"), "video/mp4"},
		{"a film of an iPhone", "a.mov", box("qt  "), "video/quicktime"},
		{"WebM", "a.webm", ebml("V_VP9 A_OPUS"), "video/webm"},
		{"WebM without pictures", "a.webm", ebml("A_OPUS"), "audio/webm"},
		{"a film called .html", "a.html", box("mp42"), "video/mp4"},
	} {
		t.Run(c.what, func(t *testing.T) {
			f := mustReceive(t, s, c.name, c.content)
			kept := must(io.ReadAll(must(s.root.Open(f.temp))))
			isPicture := strings.HasPrefix(c.want, "image/") && c.want != "image/avif"
			if f.Type != c.want || f.Size != int64(len(kept)) || (f.Width > 0) != isPicture ||
				!isPicture && (f.Thumb || f.Moves || c.what != "too large a picture" && !bytes.Equal(kept, c.content)) {
				t.Errorf("got %+v, want the type %q", f, c.want)
			}
			s.Discard(f)
			wantFiles(t, s)
		})
	}
}

// hugePNG is the header of a picture without pixels.
func hugePNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return join("\x89PNG\r\n\x1a\n", pngChunk("IHDR", append(head, 8, 6, 0, 0, 0)),
		pngChunk("IDAT", []byte{0x78, 0x9c, 3, 0}), pngChunk("IEND", nil))
}

// A picture that is too large to be shown is kept, without the place where it was taken.
func TestTooLargePicturesLoseTheirMetadata(t *testing.T) {
	s, _ := openStore(t, Options{})
	content := afterIHDR(hugePNG(50_000, 50_000), pngChunk("tEXt", []byte("Comment\x00at home")))
	f := mustReceive(t, s, "huge.png", content)
	kept := must(io.ReadAll(must(s.root.Open(f.temp))))
	if bytes.Contains(kept, []byte("at home")) || !bytes.Contains(kept, []byte("IHDR")) || f.Size != int64(len(kept)) {
		t.Errorf("%d bytes are kept as %+v", len(kept), f)
	}
	s.Discard(f)
	wantFiles(t, s)
}

// A workspace may take types that have no known content, and the sentences name its own list.
func TestTypesOfAWorkspace(t *testing.T) {
	s, _ := openStore(t, Options{})
	only := Types{"csv", "dat", "mp3", "jpg"}
	for name, c := range map[string]struct {
		content []byte
		want    string // the type, or the reason
	}{
		"a.csv":  {[]byte("a,b\n1,2\n"), typeUTF8},
		"a.dat":  {asPNG(flat(9, 9, color.White)), download},
		"b.dat":  {join(strings.Repeat("words\n", 9000), "\x00"), download},
		"a.jfif": {asJPEG(flat(9, 9, color.White)), "image/jpeg"},
		"a.mp3":  {[]byte(someHTML), "Its name promises an MP3 recording, but inside it is a web page (HTML)"},
		"b.jpg":  {asPNG(flat(9, 9, color.White)), "of the kind PNG. Save it as JPEG"},
		"a.txt":  {[]byte("words"), "Files that end in .txt are not taken. Files can be csv, dat, mp3 or jpg."},
		"a.heic": {[]byte("x"), "Save it as JPEG"},
		"README": {[]byte("x"), "no ending, such as .csv"},
	} {
		f, err := s.ReceiveOnly(context.Background(), "ann", name, only, bytes.NewReader(c.content))
		switch {
		case err != nil && !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v", name, err)
		case err == nil && f.Type != c.want:
			t.Errorf("%s has the type %s", name, f.Type)
		}
		s.Discard(f)
	}
	wantFiles(t, s)
}
