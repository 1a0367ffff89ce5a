package handlers

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"testing"

	"chitchat/chat"
)

// The text of a file comes from the store, also that of a document, which a process of its own reads.
func TestFileTexts(t *testing.T) {
	s := newTestServer(t)
	texts := NewFileTexts(s.Files)
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, err := w.Create("word/document.xml")
	if err == nil {
		_, err = part.Write([]byte(`<w:p xmlns:w="w"><w:t>a letter</w:t></w:p>`))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ content, want string }{
		"notes.txt": {"what\nwe said", "what we said"}, "letter.docx": {b.String(), "a letter"}, "picture.png": {drawing, ""},
	} {
		f, err := s.Files.Receive(t.Context(), "ada", name, bytes.NewReader([]byte(c.content)))
		if err != nil {
			t.Fatal(err)
		}
		id := chat.NewID()
		if err := s.Files.Keep(f, id.String()); err != nil {
			t.Fatal(err)
		}
		if got, err := texts.FileText(t.Context(), id, f.Type); err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := texts.FileText(t.Context(), chat.NewID(), ""); !errors.Is(err, chat.ErrNoFileText) {
		t.Error("a file that is missing:", err)
	}
	f, err := s.Files.Receive(t.Context(), "ada", "broken.docx", bytes.NewReader(b.Bytes()[:40]))
	if err != nil {
		t.Fatal(err)
	}
	id := chat.NewID()
	if err := s.Files.Keep(f, id.String()); err != nil {
		t.Fatal(err)
	}
	if _, err := texts.FileText(t.Context(), id, f.Type); !errors.Is(err, chat.ErrNoFileText) {
		t.Error("a broken file:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := texts.FileText(ctx, id, f.Type); errors.Is(err, chat.ErrNoFileText) || err == nil {
		t.Error("nobody waits:", err)
	}
}
