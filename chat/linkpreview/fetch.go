// Package linkpreview reads what a page of the public internet says about itself: its title, a description, and a
// picture. It knows no message and no database.
//
// Whoever writes a link makes the server visit it. So it is made to reach nothing but the public internet, whatever a
// name resolves to and wherever a page redirects to; to say nothing about the server or its users; and to spend little,
// whatever the answer is.
package linkpreview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

// Limits of a fetch.
const (
	fetchTime    = 3 * time.Second // with the picture
	maxBody      = 512 << 10       // bytes of the page, and of the picture, when decompressed
	maxHeader    = 64 << 10        // bytes
	maxRedirects = 3
)

// Limits of the texts, in characters. A text that is cut has an ellipsis more.
const (
	MaxTitleLen       = 200
	MaxDescriptionLen = 300
	MaxSiteLen        = 60
)

// Preview is what a page says about itself. Its texts are single lines of valid UTF-8, and may otherwise be anything.
type Preview struct {
	Title, Description, Site string
	Picture                  []byte // as it was sent, undecoded; nil: none, or none that could be had in time
	PictureType              string // by its bytes: image/png, image/jpeg, image/gif or image/webp
}

// Fetcher fetches previews. It is safe for concurrent use.
type Fetcher struct {
	own    func(host string) bool
	public func(netip.Addr) bool
	ports  []string
	client http.Client
}

// New returns a Fetcher. own reports whether a host, with its port if it has one, is the server itself, whose pages are
// not fetched.
func New(own func(host string) bool) *Fetcher {
	f := &Fetcher{own: own, ports: []string{"80", "443"}}
	f.public = func(a netip.Addr) bool { return public(a) && !ours(a) }
	dialer := &net.Dialer{ControlContext: f.control}
	f.client = http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // of the environment: it would dial in our place, unchecked
			DialContext:            dialer.DialContext,
			DisableKeepAlives:      true, // a connection that is kept would be used for another name
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: f.redirect,
	}
	return f
}

// control refuses a connection to an address that is not public, just before it is made.
func (f *Fetcher) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return errors.Join(errAddress, err)
	}
	port := fmt.Sprint(at.Port())
	if network != "tcp4" && network != "tcp6" || !f.public(at.Addr()) || !slices.Contains(f.ports, port) {
		return errAddress
	}
	return nil
}

var (
	errLink      = errors.New("linkpreview: not a link that is fetched")
	errRedirects = errors.New("linkpreview: too many redirects")
	errAnswer    = errors.New("linkpreview: not an answer with a page or a picture")
	errNoTitle   = errors.New("linkpreview: a page without a title")
)

// redirect checks where a page redirects to.
func (f *Fetcher) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errRedirects
	}
	if !f.may(req.URL) {
		return errLink
	}
	req.Header.Del("Referer") // which the client adds
	return nil
}

func (f *Fetcher) may(u *url.URL) bool {
	host, _ := dialed(u)
	return allowed(u) && (f.own == nil || !f.own(host))
}

// Fetch returns the preview of a link that Clean has returned. It takes 3 seconds at most. Its errors are for the log:
// the page may be gone, slow, private, or none.
func (f *Fetcher) Fetch(ctx context.Context, link string) (Preview, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	u, err := url.Parse(link)
	if err != nil {
		return Preview{}, err
	}
	found, err := f.page(ctx, u)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Title: found.Title, Description: found.Description, Site: found.Site}
	if at, err := url.Parse(found.Picture); err == nil && found.Picture != "" {
		p.Picture, p.PictureType = f.picture(ctx, at)
	}
	return p, nil
}

// page reads the head of a page.
func (f *Fetcher) page(ctx context.Context, u *url.URL) (page, error) {
	res, err := f.get(ctx, u, "text/html,application/xhtml+xml")
	if err != nil {
		return page{}, err
	}
	defer func() { _ = res.Body.Close() }() // nothing more is read
	contentType := res.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "text/html" && kind != "application/xhtml+xml" {
		return page{}, errAnswer
	}
	p, err := parse(io.LimitReader(res.Body, maxBody), contentType, res.Request.URL)
	if err == nil && p.Title == "" {
		err = errNoTitle
	}
	return p, err
}

// pictureTypes are the types that are taken, by the bytes of a picture.
var pictureTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// picture returns the picture at an address, and its type; nil when it is not to be had, or too large.
func (f *Fetcher) picture(ctx context.Context, u *url.URL) ([]byte, string) {
	res, err := f.get(ctx, u, "image/webp,image/png,image/jpeg,image/gif")
	if err != nil {
		return nil, ""
	}
	defer func() { _ = res.Body.Close() }() // nothing more is read
	b, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	kind := http.DetectContentType(b)
	if err != nil || len(b) > maxBody || !slices.Contains(pictureTypes, kind) {
		return nil, ""
	}
	return b, kind
}

// get requests an address. The caller closes the body of the answer.
func (f *Fetcher) get(ctx context.Context, u *url.URL, accept string) (*http.Response, error) {
	if !f.may(u) {
		return nil, errLink
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "Chit-Chat link preview")
	req.Header.Set("Accept", accept)
	res, err := f.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, errors.Join(errAnswer, res.Body.Close())
	}
	return res, nil
}
