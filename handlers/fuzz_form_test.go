package handlers

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"reflect"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Whatever is sent for a form is read within its limits, and refused in one of two ways.
func FuzzForm(f *testing.F) {
	const (
		urlEncoded = fiber.MIMEApplicationForm
		multiparts = "multipart/form-data; boundary=b"
		limit      = 4 << 10
		textLimit  = 1 << 10
	)
	part := func(header, content string) string {
		return "--b\r\nContent-Disposition: form-data; " + header + "\r\n\r\n" + content + "\r\n"
	}
	for _, seed := range [][2]string{
		{urlEncoded, "body=hello&client_id=1"}, {urlEncoded, "a=%zz"}, {urlEncoded, "a;b"}, {urlEncoded, "&&&=&="}, {urlEncoded, ""},
		{urlEncoded + "; charset=utf-8", "body=%00%ff"}, {"", ""}, {"", "x"}, {"text/plain", "body=hello"},
		{multiparts, part(`name="body"`, "hello") + "--b--\r\n"},
		{multiparts, part(`name="file"; filename="a.txt"`, "text") + part(`name="body"`, "hello") + "--b--"},
		{multiparts, part(`name="file"; filename=""`, "") + "--b--"},
		{multiparts, part(`name="file"; filename="../../a"`, "x")}, {multiparts, "--b"}, {multiparts, "--b--"}, {multiparts, ""},
		{multiparts, "--b\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Disposition: form-data; name=a\r\n\r\n=\r\n--b--"},
		{"multipart/form-data", "--\r\n"}, {`multipart/form-data; boundary=""`, "--\r\n\r\n"},
		{multiparts, part(`name="body"`, string(bytes.Repeat([]byte("x"), textLimit+1))) + "--b--"},
		{urlEncoded, string(bytes.Repeat([]byte("x"), textLimit+1))},
	} {
		f.Add(seed[0], []byte(seed[1]), false)
		f.Add(seed[0], []byte(seed[1]), true)
	}
	app := fiber.New()
	f.Fuzz(func(t *testing.T, contentType string, sent []byte, chunked bool) {
		c := app.AcquireCtx(new(fasthttp.RequestCtx))
		defer app.ReleaseCtx(c)
		c.Request().Header.SetMethod(fiber.MethodPost)
		c.Request().Header.SetContentType(contentType)
		length := len(sent)
		if chunked {
			length = -1
		}
		c.Request().SetBodyStream(bytes.NewReader(sent), length)
		files := 0
		values, err := readForm(c, limit, textLimit, func(name string, r io.Reader) error {
			if name == "" {
				t.Error("a file without a name")
			}
			n, err := io.Copy(io.Discard, r)
			files += int(n)
			return err
		})
		text := 0
		for name, list := range values {
			text += len(name)
			for _, value := range list {
				text += len(value)
			}
		}
		if text+files > limit {
			t.Errorf("%d bytes came of a form of at most %d", text+files, limit)
		}
		if values == nil {
			t.Error("no values")
		}
		if err != nil && !errors.Is(err, errTooLarge) && !errors.Is(err, fiber.ErrBadRequest) && files == 0 {
			t.Errorf("refused with %v", err)
		}
		if err == nil && contentType == urlEncoded {
			if want, wrong := url.ParseQuery(string(sent)); wrong != nil || !reflect.DeepEqual(values, want) {
				t.Errorf("%q became %v, want %v, %v", sent, values, want, wrong)
			}
		}
	})
}
