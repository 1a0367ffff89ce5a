package handlers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

func picture(t testing.TB, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bomb is the header of a picture of so many pixels, without any pixels.
func bomb(w, h uint32) string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		b.WriteString(kind)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), data...)))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(head, 8, 6, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1})
	chunk("IEND", nil)
	return b.String()
}

// stored counts the files on the disk.
func (s *testServer) stored() int {
	s.t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.Join(s.dir, "uploads"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestUpload(t *testing.T) {
	s := newTestServer(t, func(o *Options) { o.MaxUpload = 1 << 20 })
	p := s.signedIn("Ann")
	path := general + "/messages"

	t.Run("posts files with or without a text, in any order of fields", func(t *testing.T) {
		p.upload(path, nil, part{"file", "a.txt", "alpha"}, part{"body", "", "look"}, part{"file", "a.txt", "beta"},
			part{"client_id", "", "f1"}).to(general)
		page := p.get(general).want(200, "look", "a.txt").body
		links := filePattern.FindAllString(page, -1)
		if len(links) != 2 || links[0] == links[1] {
			t.Fatal("two files of one name:", links)
		}
		p.get(links[0]).want(200, "alpha")
		p.get(links[1]).want(200, "beta")
		p.upload(path, asHTMX, part{"file", "dot.png", picture(t, 3, 2)}).want(200, "<img", `width="`, `height="`)
	})
	t.Run("takes a retry's files once", func(t *testing.T) {
		parts := []part{{"client_id", "", "retry"}, {"file", "r.txt", "once"}}
		p.upload(path, asHTMX, parts...).want(200)
		before := s.stored()
		p.upload(path, asHTMX, parts...).want(200)
		if after := s.stored(); after != before {
			t.Errorf("%d files became %d", before, after)
		}
	})
	t.Run("removes a deleted message's files", func(t *testing.T) {
		p := p.in(t)
		row := p.upload(path, asHTMX, part{"file", "gone.txt", "soon gone"}).want(200).body
		file := filePattern.FindString(row)
		_, seq, _ := strings.Cut(row, `data-seq="`)
		seq, _, _ = strings.Cut(seq, `"`)
		p.get(file).want(200, "soon gone")
		p.post(general+"/"+seq+"/delete", nil).want(303)
		p.get(file).want(404)
	})
	owner := s.own("Olga", "open")
	owner.post("/admin/settings", url.Values{"workspace": {"W"}, "access": {"open"}, "files": {"seed"}}).want(303)
	t.Run("says why a file is refused, and keeps text and other files", func(t *testing.T) {
		for name, c := range map[string]struct {
			file   part
			status int
		}{
			"too large":        {part{"file", "big.txt", strings.Repeat("x", 1<<20+1)}, 413},
			"HTML called .png": {part{"file", "page.png", "<!doctype html><script>alert(1)</script>"}, 415},
			"SVG": {part{"file", "i.svg",
				`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`}, 415},
			"SVG called .png":    {part{"file", "i.png", `<svg xmlns="http://www.w3.org/2000/svg"/>`}, 415},
			"no extension":       {part{"file", "README", "text"}, 415},
			"a program":          {part{"file", "x.exe", "MZ\x90\x00"}, 415},
			"a PNG bomb":         {part{"file", "bomb.png", bomb(50_000, 50_000)}, 413},
			"head of a picture":  {part{"file", "half.png", picture(t, 300, 300)[:40]}, 422},
			"an empty file":      {part{"file", "empty.txt", ""}, 422},
			"PNG called .txt":    {part{"file", "p.txt", picture(t, 2, 2)}, 415},
			"a path for a name":  {part{"file", "../../etc/passwd", "root"}, 415},
			"markup in the name": {part{"file", "<img src=x>.exe", "MZ"}, 415},
		} {
			t.Run(name, func(t *testing.T) {
				good := part{"file", "good.txt", "good " + name}
				a := p.upload(path, asHTMX, part{"body", "", "the text"}, good, c.file, part{"client_id", "", name})
				a.want(c.status, "the text</textarea>", "good.txt", `class="refused"`, `value="`+name+`"`).
					wantNot("<html", "etc/", "<img src=x")
				kept := keptPattern.FindStringSubmatch(a.body)
				if kept == nil {
					t.Fatal("nothing was kept:", a.body)
				}
				again := p.upload(path, asHTMX, part{"kept", "", kept[1]}, part{"body", "", "the text"},
					part{"client_id", "", name}).want(200, "good.txt")
				p.get(filePattern.FindString(again.body)).want(200, "good "+name)
			})
		}
	})
	t.Run("shows a plain form's faults in the whole page", func(t *testing.T) {
		p := p.in(t)
		p.upload(path, nil, part{"body", "", "plain text"}, part{"file", "x.exe", "MZ"}).
			want(415, "<html", "plain text</textarea>", `class="refused"`)
	})
	owner.post("/admin/settings", url.Values{"workspace": {"W"}, "access": {"open"}, "files": {"all"}}).want(303)
	t.Run("keeps files of a message that is refused", func(t *testing.T) {
		a := p.upload(path, asHTMX, part{"body", "", strings.Repeat("x", 8001)}, part{"file", "stay.txt", "stays"}).
			want(422, "stay.txt")
		if keptPattern.FindString(a.body) == "" {
			t.Error("not kept")
		}
	})
	t.Run("takes ten files and no more", func(t *testing.T) {
		var parts []part
		for i := range 12 {
			parts = append(parts, part{"file", fmt.Sprintf("n%d.txt", i), "x"})
		}
		a := p.upload(path, asHTMX, parts...).want(422, "At most 10 files")
		if n := len(keptPattern.FindAllString(a.body, -1)); n != 10 {
			t.Error("kept", n)
		}
	})
	t.Run("gives nobody another's kept files", func(t *testing.T) {
		p := p.in(t)
		a := p.upload(path, asHTMX, part{"body", "", strings.Repeat("x", 8001)}, part{"file", "mine.txt", "mine"}).want(422)
		kept := keptPattern.FindStringSubmatch(a.body)[1]
		q := s.signedIn("Mallory")
		q.upload(path, asHTMX, part{"kept", "", kept}, part{"body", "", "hers"}).wantNot("mine.txt")
		q.get("/f/" + kept + "/mine.txt").want(404)
	})
}
