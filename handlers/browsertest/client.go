package browsertest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"testing"
	"time"
)

// Client is a person without a browser: it sends the plain forms.
type Client struct {
	t    testing.TB
	app  *App
	http *http.Client
	sent int
}

// Client signs someone in.
func (a *App) Client(name string) *Client {
	a.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.t.Fatal(err)
	}
	c := &Client{t: a.t, app: a, http: &http.Client{
		Jar:           jar,
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	c.Form("/signin", url.Values{"name": {name}})
	return c
}

// form is a form's fields: name, value, name, value.
func form(fields ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return values
}

// Form posts a form, waits out a rate limit, and fails the test unless the answer is 303; it returns where that leads.
func (c *Client) Form(path string, fields url.Values) string {
	c.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		res, err := c.http.PostForm(c.app.URL+path, fields)
		if err != nil {
			c.t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it was read to its end
		if err != nil {
			c.t.Fatal(err)
		}
		switch {
		case res.StatusCode == http.StatusSeeOther:
			return res.Header.Get("Location")
		case res.StatusCode == http.StatusTooManyRequests && time.Now().Before(deadline):
			seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
			if err != nil {
				seconds = 1
			}
			time.Sleep(time.Duration(seconds) * time.Second) // as the answer asked for
		default:
			c.t.Fatalf("POST %s: %s\n%.600s", path, res.Status, text)
		}
	}
}

// Post says something in a channel.
func (c *Client) Post(slug, body string) {
	c.t.Helper()
	c.sent++
	c.Form("/c/"+slug+"/messages", url.Values{"body": {body}, "client_id": {fmt.Sprintf("client-%d", c.sent)}})
}

// Talk says n things in a channel: "prefix 1" to "prefix n".
func (c *Client) Talk(slug, prefix string, n int) {
	c.t.Helper()
	for i := 1; i <= n; i++ {
		c.Post(slug, fmt.Sprintf("%s %d", prefix, i))
	}
}

// Get fetches a page, and fails the test unless it is there.
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
