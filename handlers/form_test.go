package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
)

// The names of fields count like their values, and a part's header is bounded: otherwise a form of a hundred names
// would keep megabytes each in memory.
func TestLongNames(t *testing.T) {
	const kind, limit = "multipart/form-data; boundary=b", 10 << 20
	field := func(name string) string {
		return fmt.Sprintf("--b\r\nContent-Disposition: form-data; name=%q\r\n\r\nx\r\n", name)
	}
	read := func(form string) (url.Values, int64, error) {
		b, source := countedBody([]byte(form), limit, -1)
		values, err := parseForm(kind, b, maxForm, func(string, io.Reader) error { return nil })
		return values, source.Size() - int64(source.Len()), err
	}
	ten := field(strings.Repeat("n", 10<<10))
	if values, _, err := read(strings.Repeat(ten, 6) + "--b--\r\n"); err != nil || len(values) != 1 {
		t.Errorf("names within the limit: %v, %d fields", err, len(values))
	}
	if _, _, err := read(strings.Repeat(ten, 7) + "--b--\r\n"); !errors.Is(err, errTooLarge) {
		t.Errorf("names over the limit: %v", err)
	}
	for what, head := range map[string]string{
		"a name": field(strings.Repeat("n", 1<<20)), "a header": "--b\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		"a preamble": strings.Repeat("x", 1<<20),
	} {
		if values, taken, err := read(field("first") + head + "\r\n--b--\r\n"); what != "a preamble" &&
			(!errors.Is(err, errTooLarge) || taken > 32<<10 || values.Get("first") != "x") {
			t.Errorf("%s of a megabyte: %v, %d bytes read, %q", what, err, taken, values)
		}
		if _, taken, err := read(head); err == nil || taken > 32<<10 {
			t.Errorf("%s of a megabyte at the start: %v, %d bytes read", what, err, taken)
		}
	}
}
