package handlers

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"

	"chitchat/chat"
	"chitchat/chat/linkpreview"
	"chitchat/uploads"
)

// previewSide is the side of a link preview's picture in pixels: 72 CSS pixels at twice the density.
const previewSide = 144

// maxPreviewPixels is the size of a page's picture that is still decoded. Common ones have less than a megapixel.
const maxPreviewPixels = 4_000_000

// linkFetcher fetches the previews of links, and puts their pictures into the file store: small squares, made anew.
type linkFetcher struct {
	fetch func(ctx context.Context, url string) (linkpreview.Preview, error)
	files *uploads.Store
	log   *slog.Logger
}

// NewLinkFetcher returns what chat.Options.Links needs. It does not fetch the pages of the server itself, whose public
// address and other host names are given as in Options.
func NewLinkFetcher(files *uploads.Store, publicURL string, names []string, log *slog.Logger) chat.LinkFetcher {
	return linkFetcher{linkpreview.New(newHosts(publicURL, names).named).Fetch, files, log}
}

// FetchLink implements chat.LinkFetcher. A picture that cannot be read or stored is left out.
func (f linkFetcher) FetchLink(ctx context.Context, url string) (chat.FetchedLink, error) {
	p, err := f.fetch(ctx, url)
	if err != nil {
		return chat.FetchedLink{}, err
	}
	link := chat.FetchedLink{Title: p.Title, Description: p.Description, Site: p.Site}
	if p.Picture == nil {
		return link, nil
	}
	link.Picture, link.PictureSize, err = f.keep(ctx, p)
	if _, refused := errors.AsType[*uploads.Refusal](err); err != nil && !refused && ctx.Err() == nil {
		f.log.LogAttrs(ctx, slog.LevelError, "a link preview has no picture: it could not be stored",
			slog.Any("error", err))
	}
	return link, nil
}

// keep puts a small copy of a page's picture into the file store.
func (f linkFetcher) keep(ctx context.Context, p linkpreview.Preview) (id chat.ID, size int64, err error) {
	name := "picture." + strings.TrimPrefix(p.PictureType, "image/")
	// all of them take their turns as one user: pictures of strangers never delay users' own for long
	file, err := f.files.ReceiveSquare(ctx, "link previews", name, bytes.NewReader(p.Picture),
		uploads.Square{Side: previewSide, MaxPixels: maxPreviewPixels})
	if err != nil {
		return 0, 0, err
	}
	defer f.files.Discard(file)
	id = chat.NewID()
	if err := f.files.Keep(file, id.String()); err != nil {
		return 0, 0, err
	}
	return id, file.Size, nil
}
