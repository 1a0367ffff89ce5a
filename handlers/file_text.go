package handlers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"chitchat/chat"
	"chitchat/uploads"
	"chitchat/uploads/filetext"
)

// fileTexts takes the text out of the files of the store.
type fileTexts struct{ files *uploads.Store }

// NewFileTexts returns what chat.Options.FileTexts needs. The program must have called filetext.Main.
func NewFileTexts(files *uploads.Store) chat.FileTexts { return fileTexts{files} }

// FileText implements chat.FileTexts.
func (t fileTexts) FileText(ctx context.Context, id chat.ID, mime string) (string, error) {
	f, err := t.files.Open(id.String())
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w: %w", chat.ErrNoFileText, err)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := filetext.Text(ctx, f, mime)
	if errors.Is(err, filetext.ErrBroken) {
		err = fmt.Errorf("%w: %w", chat.ErrNoFileText, err)
	}
	return text, err
}
