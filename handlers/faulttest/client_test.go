package faulttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

const general = "/c/general-talk"

// client is a user of a program that may stop at any moment.
type client struct {
	name string
	base string
	http *http.Client
}

func signIn(t testing.TB, base, name string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 4, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	p := &client{name: name, base: base, http: &http.Client{
		Jar: jar, Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if status, body, err := p.post(context.Background(), "/signin", nil, "name", name); err != nil ||
		status != http.StatusSeeOther {
		t.Fatalf("%s cannot sign in: %d, %v\n%.500s", name, status, err, body)
	}
	return p
}

// cookie returns the user's session cookie.
func (p *client) cookie() string {
	u, err := url.Parse(p.base)
	if err != nil {
		return ""
	}
	var all []string
	for _, c := range p.http.Jar.Cookies(u) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}

func (p *client) do(r *http.Request) (status int, body string, err error) {
	res, err := p.http.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

func (p *client) get(ctx context.Context, path string) (status int, body string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path, nil)
	if err != nil {
		return 0, "", err
	}
	return p.do(r)
}

// attachment is a file to send.
type attachment struct{ name, text string }

// post sends a form as htmx does: fields are names and values in turn.
func (p *client) post(ctx context.Context, path string, file *attachment,
	fields ...string) (status int, body string, err error) {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i < len(fields); i += 2 {
		err = errors.Join(err, w.WriteField(fields[i], fields[i+1]))
	}
	if file != nil {
		part, partErr := w.CreateFormFile("file", file.name)
		if partErr == nil {
			_, partErr = io.WriteString(part, file.text)
		}
		err = errors.Join(err, partErr)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return 0, "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, &form)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	if path != "/signin" {
		r.Header.Set("HX-Request", "true")
	}
	return p.do(r)
}

func read(t testing.TB, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// row is the content of a row.
type row struct {
	seq, rev int64
	id       string // the message's client_id, which these tests write into its text
	file     string // the path of its file, if it has one
}

var (
	rowPattern  = regexp.MustCompile(`(?s)<article id="m-[^"]*?-(\d+)".*?</article>`)
	revPattern  = regexp.MustCompile(` data-rev="(\d+)"`)
	idPattern   = regexp.MustCompile(`\bsaid-[a-z0-9]+-\d+\b`)
	filePattern = regexp.MustCompile(`/f/[0-9a-z]+/[^"]+`)
)

// rows returns the rows of a page, a fragment or a frame.
func rows(html string) ([]row, error) {
	var list []row
	for _, m := range rowPattern.FindAllStringSubmatch(html, -1) {
		seq, err := strconv.ParseInt(m[1], 10, 64)
		rev := revPattern.FindStringSubmatch(m[0])
		if err != nil || rev == nil {
			return nil, fmt.Errorf("no row: %.300s", m[0])
		}
		r := row{seq: seq, id: idPattern.FindString(m[0]), file: filePattern.FindString(m[0])}
		if r.rev, err = strconv.ParseInt(rev[1], 10, 64); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// say posts a message to the first channel: see sayIn.
func (p *client) say(ctx context.Context, id string, file *attachment) (row, error) {
	return p.sayIn(ctx, general, id, file)
}

// sayIn posts a message, with more fields if there are any, until it is acknowledged, whatever happens to the program
// meanwhile, and returns its row. All attempts have the same client_id. An answer that refuses the message is an error.
func (p *client) sayIn(ctx context.Context, channel, id string, file *attachment, fields ...string) (row, error) {
	fields = append([]string{"client_id", id, "body", id}, fields...)
	for {
		status, body, err := p.post(ctx, channel+"/messages", file, fields...)
		switch {
		case ctx.Err() != nil:
			return row{}, ctx.Err()
		case err != nil || status >= 500 && status != http.StatusInsufficientStorage: // cut off, or shutting down
			time.Sleep(20 * time.Millisecond)
		case status != http.StatusOK:
			return row{}, fmt.Errorf("%s was refused: %d %.300s", id, status, body)
		default:
			list, err := rows(body)
			if err != nil || len(list) != 1 || list[0].id != id {
				return row{}, fmt.Errorf("%s was answered with %v, %w", id, list, err)
			}
			return list[0], nil
		}
	}
}
