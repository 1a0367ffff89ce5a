package handlers

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"chitchat/views"
)

// newLink returns an absolute link to path, with its QR code.
func (s *Server) newLink(c *fiber.Ctx, path string) (*views.Link, error) {
	address := s.baseURL(c) + path
	code, err := newQR(address)
	return &views.Link{URL: address, QR: code}, err
}

// baseURL returns the server's scheme and host, for absolute links.
func (s *Server) baseURL(c *fiber.Ctx) string {
	switch {
	case s.PublicURL != "":
		return s.PublicURL
	case s.TLS:
		return "https://" + hostOf(c)
	}
	return c.Protocol() + "://" + hostOf(c) // the client knows best by which name it reaches the server
}

// newQR encodes a text as a QR code: an SVG path with a square for each dark module.
func newQR(text string) (views.QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return views.QR{}, err
	}
	var b strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return views.QR{Path: b.String(), Size: size, Text: text}, nil
}
