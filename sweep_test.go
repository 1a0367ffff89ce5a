package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chitchat/chat"
	"chitchat/handlers"
	"chitchat/uploads"
)

// TestSweepSparesWhatIsBeingPosted: a file is stored before its message, and the first sweep may run late. It used to
// delete files posted in the first milliseconds.
func TestSweepSparesWhatIsBeingPosted(t *testing.T) {
	begun, dir := time.Now(), t.TempDir()
	files, err := uploads.Open(filepath.Join(dir, "uploads"), uploads.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	talk, err := chat.Open(t.Context(), chat.Options{Path: filepath.Join(dir, "chat.db"), RenderRow: handlers.RenderRow})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = talk.Close() })
	keep := func() string {
		f, err := files.Receive(t.Context(), "ada", "a.txt", strings.NewReader("said"))
		if err != nil {
			t.Fatal(err)
		}
		id := chat.NewID().String()
		if err := files.Keep(f, id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	stale, fresh := keep(), keep()
	f, err := files.Open(stale)
	if err != nil {
		t.Fatal(err)
	}
	ago := begun.Add(-time.Hour)
	if err := errors.Join(os.Chtimes(f.Name(), ago, ago), f.Close()); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	said := make(chan string, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		sweep(ctx, begun, files, talk, slog.New(slog.NewTextHandler(lines(said), nil)))
	}()
	if line := <-said; !strings.Contains(line, "files=1") {
		t.Errorf("the sweep said %q", line)
	}
	cancel()
	<-done
	if _, err := files.Open(stale); err == nil {
		t.Error("a file from before the program, which no message knows, is still there")
	}
	f, err = files.Open(fresh)
	if err != nil {
		t.Fatalf("a file that came since the program began is gone: %v", err)
	}
	_ = f.Close()
}

// lines passes on the first line that is written.
type lines chan<- string

// Write never blocks.
func (l lines) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}
