package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFilesArePrivate: under the usual umask, any user of the machine could read the database in an existing data
// folder, and in one written by an older version.
func TestFilesArePrivate(t *testing.T) {
	before := syscall.Umask(0o022)
	t.Cleanup(func() { syscall.Umask(before) })
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "chat.db"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	address, stop := program(t, "--data", data)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	ada := &http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "note.txt")
	if err == nil {
		_, err = part.Write([]byte("secret"))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	for _, post := range []struct {
		path, kind string
		body       io.Reader
	}{{"/signin", "application/x-www-form-urlencoded", strings.NewReader("name=Ada")},
		{"/c/general-talk/messages", w.FormDataContentType(), &form}} {
		res, err := ada.Post(address+post.path, post.kind, post.body)
		if err != nil || res.StatusCode != http.StatusSeeOther {
			t.Fatal(post.path, res, err)
		}
		_ = res.Body.Close()
	}
	ada.CloseIdleConnections()
	kinds := 0
	err = filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s is %v, want %v", path, info.Mode().Perm(), want)
		}
		kinds++
		return nil
	})
	if err != nil || kinds < 8 { // the database's three, the lock, and a file with its folders
		t.Error(kinds, err)
	}
	if status := stop(); status != 0 {
		t.Error("exit status", status)
	}
}
