package handlers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"chitchat/uploads"
)

// countedBody is a body that returns a few bytes at a time, and counts them.
func countedBody(data []byte, limit, announced int64) (*body, *bytes.Reader) {
	r := bytes.NewReader(data)
	return &body{r: iotest.HalfReader(r), limit: limit, stop: limit, announced: announced, more: func(int64) {}}, r
}

// formOf encodes a form as a browser does, with fields in the order of their names.
func formOf(t *testing.T, values url.Values) (contentType string, data []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			head := textproto.MIMEHeader{"Content-Disposition": {mime.FormatMediaType("form-data",
				map[string]string{"name": name})}}
			part, err := w.CreatePart(head)
			if err == nil {
				_, err = io.WriteString(part, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// FuzzForm tests that any bytes are read within bounds, that a truncated form is refused, and that the values, encoded
// again in either way, are the same.
func FuzzForm(f *testing.F) {
	const mixed = "multipart/form-data; boundary=b"
	disposition := func(rest string) string { return "--b\r\nContent-Disposition: form-data; " + rest }
	for _, seed := range []struct {
		kind, data       string
		limit, textLimit uint16
		announced        int16
	}{
		{fiber.MIMEApplicationForm, "body=hello+there&client_id=a%20b&body=%ff%00", 1000, 1000, -1},
		{fiber.MIMEApplicationForm, "body=%zz", 1000, 1000, 8},
		{fiber.MIMEApplicationForm, "a;b&=&&=c", 1000, 5, 9},
		{fiber.MIMEApplicationForm + "; charset=utf-8", strings.Repeat("a", 50), 1000, 20, 50},
		{"", "", 10, 10, 0},
		{"", "body=x", 10, 10, 6},
		{"multipart/form-data", "--\r\n\r\n----", 100, 100, -1},
		{mixed, disposition("name=body\r\n\r\nhello\r\n") +
			disposition("name=file; filename=\"a/b\\\"c.txt\"\r\n\r\nalpha\r\n--b--\r\n"), 1000, 1000, -1},
		{mixed, disposition("name=body\r\n\r\nhello\r\n--b--"), 1000, 1000, 500},
		{mixed, disposition("name=\"body\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=FF=\r\nx=\r\n--b--"), 1000,
			1000, -1},
		{mixed, disposition("name*=utf-8''%e2%82%ac%00\r\n\r\n€\r\n--b--\nrest"), 1000, 1000, -1},
		{mixed, disposition("name=file; filename=x\r\n\r\n" + strings.Repeat("x", 300)), 200, 100, -1},
		{mixed, disposition("name=" + strings.Repeat("n", 300) + "\r\n\r\n\r\n--b--"), 1000, 100, -1},
		{mixed, strings.Repeat(disposition("name=a\r\n\r\n\r\n"), 101) + "--b--", 10000, 1000, -1},
		{"multipart/form-data; boundary=\"" + strings.Repeat("x", 70) + "\"", "", 10, 10, -1},
	} {
		f.Add(seed.kind, []byte(seed.data), seed.limit, seed.textLimit, seed.announced)
	}
	f.Fuzz(func(t *testing.T, kind string, data []byte, limit, textLimit uint16, announced int16) {
		b, source := countedBody(data, int64(limit), int64(announced))
		files, names := int64(0), make([]string, 0)
		values, err := parseForm(kind, b, int64(textLimit), func(name string, r io.Reader) error {
			n, err := io.Copy(io.Discard, r)
			files += n
			names = append(names, name)
			if err != nil {
				return brokenForm(err)
			}
			return nil
		})
		if err != nil && !errors.Is(err, errTooLarge) && !errors.Is(err, fiber.ErrBadRequest) {
			t.Fatal("an error of its own:", err)
		}
		taken := source.Size() - int64(source.Len())
		most := int64(limit) + 1
		if media, _, _ := mime.ParseMediaType(kind); media != fiber.MIMEMultipartForm {
			most = min(most, int64(textLimit)+1)
		}
		if taken > most {
			t.Fatalf("%d bytes were read, of %d", taken, most)
		}
		size, fields := 0, 0
		for name, list := range values {
			for _, value := range list {
				size, fields = size+len(name)+len(value), fields+1
				if s := sanitizeEcho(value); !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
					t.Fatalf("%q is shown as %q", value, s)
				}
			}
		}
		if size > int(textLimit) || size+int(files) > int(limit) {
			t.Fatalf("%d bytes of text, %d of files, from limits of %d and %d", size, files, textLimit, limit)
		}
		for _, name := range names {
			if clean := uploads.CleanName(name); !utf8.ValidString(clean) || strings.ContainsAny(clean, "/\\\x00") {
				t.Fatalf("a file of the name %q", clean)
			}
		}
		if err != nil {
			return
		}
		if int64(announced) > taken || int64(announced) > int64(limit) {
			t.Fatalf("a form of %d bytes was taken, of which %d came, and %d may", announced, taken, limit)
		}
		again := func(kind string, data []byte) {
			t.Helper()
			b, _ := countedBody(data, 1<<20, int64(len(data)))
			got, err := parseForm(kind, b, 1<<20, func(string, io.Reader) error { return nil })
			if err != nil || !maps.EqualFunc(got, values, slices.Equal[[]string]) {
				t.Fatalf("%q came back as %q, %v, from\n%q", values, got, err, data)
			}
		}
		again(fiber.MIMEApplicationForm, []byte(values.Encode()))
		if _, ok := values["file"]; !ok && fields < maxParts {
			again(formOf(t, values))
		}
	})
}

// FuzzFiles tests that a form's files arrive unchanged, however little of each is read, and that a truncated form is
// refused.
func FuzzFiles(f *testing.F) {
	f.Add("notes.txt", []byte("alpha"), "hello", uint16(3), uint16(100))
	f.Add("a \"quoted\" name.png", []byte("\r\n--b\r\n--b--\r\n"), "", uint16(0), uint16(10))
	f.Add("ünï.pdf", bytes.Repeat([]byte("\r\n"), 3000), "two\r\nlines", uint16(5000), uint16(4321))
	f.Fuzz(func(t *testing.T, name string, content []byte, text string, wanted, cut uint16) {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		for i := range 3 {
			part, err := w.CreateFormFile("file", name)
			if err == nil {
				_, err = part.Write(content)
			}
			if err = errors.Join(err, w.WriteField(fmt.Sprint("text", i), text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		read := func(data []byte, wanted int64) (values url.Values, files [][]byte, err error) {
			b, _ := countedBody(data, int64(form.Len()), int64(form.Len()))
			values, err = parseForm(w.FormDataContentType(), b, int64(3*len(text)+len("text0text1text2")),
				func(_ string, r io.Reader) error {
					file, err := io.ReadAll(io.LimitReader(r, wanted))
					files = append(files, file)
					if err != nil {
						return brokenForm(err)
					}
					return nil
				})
			return values, files, err
		}
		for _, n := range []int64{int64(wanted), int64(len(content)) + 1} {
			values, files, err := read(form.Bytes(), n)
			if len(name) > maxPartHead/8 || strings.ContainsFunc(name, unicode.IsControl) { // no valid header
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains([]string{"", "/", ".", "..", "\\"}, name) || strings.ContainsAny(name, "/\\") {
				continue // not a file, or a file with another name
			}
			if len(files) != 3 {
				t.Fatalf("%d files of the name %q", len(files), name)
			}
			for i, file := range files {
				if !bytes.Equal(file, content[:min(int64(len(content)), n)]) || values.Get(fmt.Sprint("text", i)) != text {
					t.Fatalf("file %d: %q, with %q", i, file, values)
				}
			}
		}
		short := form.Bytes()[:int(cut)%(form.Len()-len("--\r\n"))] // the last line break may be missing
		if _, _, err := read(short, int64(wanted)); err == nil {
			t.Fatalf("a form of %d bytes was taken, of %d", len(short), form.Len())
		}
	})
}
