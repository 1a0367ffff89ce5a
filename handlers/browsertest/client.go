package browsertest

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
)

// Client is a user without a browser: it sends the plain forms.
type Client struct {
	t    testing.TB
	app  *App
	http *http.Client
	sent int
}

// Client signs a user in.
func (a *App) Client(name string) *Client {
	a.t.Helper()
	c := a.client()
	c.Form("/signin", url.Values{"name": {name}})
	return c
}

// client returns a client that is not signed in.
func (a *App) client() *Client {
	a.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.t.Fatal(err)
	}
	return &Client{t: a.t, app: a, http: &http.Client{
		Jar:           jar,
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// For returns the client for a part of a test: see App.For.
func (c *Client) For(t testing.TB) *Client {
	return &Client{t: t, app: c.app.For(t), http: c.http, sent: c.sent}
}

// Tab opens a browser that is signed in with the client's cookie.
func (c *Client) Tab(name string) *Tab {
	c.t.Helper()
	c.Get("/me") // renews the cookie if rights have changed
	tab := c.app.User(name).Tab()
	at, err := url.Parse(c.app.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, cookie := range c.http.Jar.Cookies(at) {
		tab.run(network.SetCookie(cookie.Name, cookie.Value).WithURL(c.app.URL).WithHTTPOnly(true))
	}
	return tab
}

// ID returns the client's id, as paths contain it.
func (c *Client) ID() string {
	c.t.Helper()
	return c.find("/me", `data-user="([0-9a-z]+)"`)
}

// find returns what the pattern's group matches in a page.
func (c *Client) find(path, pattern string) string {
	c.t.Helper()
	return found(c.t, c.Get(path), pattern)
}

func found(t testing.TB, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("there is no %s in\n%.3000s", pattern, text)
	}
	return html.UnescapeString(m[1])
}

// form encodes a form's fields: name, value, name, value.
func form(fields ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return values
}

// Form posts a form, waits out rate limits, and returns where the answer redirects. It fails the test unless the status
// is 303.
func (c *Client) Form(path string, fields url.Values) string {
	c.t.Helper()
	to, _ := c.send(path, fields, http.StatusSeeOther)
	return to
}

// Show posts a form whose answer is a page, and returns the page.
func (c *Client) Show(path string, fields url.Values) string {
	c.t.Helper()
	_, page := c.send(path, fields, http.StatusOK)
	return page
}

func (c *Client) send(path string, fields url.Values, want int) (to, page string) {
	c.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		res, err := c.http.PostForm(c.app.URL+path, fields)
		if err != nil {
			c.t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // read to its end
		if err != nil {
			c.t.Fatal(err)
		}
		switch {
		case res.StatusCode == want:
			return res.Header.Get("Location"), string(text)
		case res.StatusCode == http.StatusTooManyRequests && time.Now().Before(deadline):
			seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
			if err != nil {
				seconds = 1
			}
			time.Sleep(time.Duration(seconds) * time.Second) // as the answer asked
		default:
			c.t.Fatalf("POST %s: %s\n%.600s", path, res.Status, text)
		}
	}
}

// Post posts a message in a channel.
func (c *Client) Post(slug, body string) {
	c.t.Helper()
	c.sent++
	c.Form("/c/"+slug+"/messages", url.Values{"body": {body}, "client_id": {fmt.Sprintf("client-%d", c.sent)}})
}

// Send posts a message with files.
func (c *Client) Send(slug, body string, paths ...string) {
	c.t.Helper()
	c.sent++
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range map[string]string{"body": body, "client_id": fmt.Sprintf("client-%d", c.sent)} {
		if err := w.WriteField(name, value); err != nil {
			c.t.Fatal(err)
		}
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			c.t.Fatal(err)
		}
		part, err := w.CreateFormFile("file", filepath.Base(path))
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	res, err := c.http.Post(c.app.URL+"/c/"+slug+"/messages", w.FormDataContentType(), &b)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = res.Body.Close() // only the status matters
	if res.StatusCode != http.StatusSeeOther {
		c.t.Fatalf("sending %v: %s", paths, res.Status)
	}
}

// Talk posts n messages in a channel: "prefix 1" to "prefix n".
func (c *Client) Talk(slug, prefix string, n int) {
	c.t.Helper()
	for i := 1; i <= n; i++ {
		c.Post(slug, fmt.Sprintf("%s %d", prefix, i))
	}
}

// Get fetches a page, and fails the test if there is none.
func (c *Client) Get(path string) string {
	c.t.Helper()
	res, err := c.http.Get(c.app.URL + path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end, or the test has failed
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		c.t.Fatalf("GET %s: %s %v", path, res.Status, err)
	}
	return string(text)
}
