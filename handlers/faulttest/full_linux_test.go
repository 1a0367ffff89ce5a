package faulttest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

// ownMounts is set in the process that has its own mount namespace.
const ownMounts = "FAULTTEST_OWN_MOUNTS"

// TestFullDisk fills the disk of the running program, and frees it again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if os.Getenv(ownMounts) == "" {
		inOwnMounts(t)
		return
	}
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m"); err != nil {
		t.Skip("a small disk cannot be mounted here:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	app := browsertest.Start(t, "--data", filepath.Join(disk, "data"), "--limit-posts", "0", "--limit-signins", "0",
		"--keep-free", "0") // the disk is smaller than the default reserve
	ada, bob := signIn(t, app.URL, "Ada"), signIn(t, app.URL, "Bob")
	k, err := open(bob)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	followed := make(chan error, 1)
	go func() { followed <- k.follow(ctx) }()

	acked := make(map[string]row)
	say := func(text string) (status int, body, id string) {
		t.Helper()
		id = fmt.Sprintf("said-ada-%d", len(acked)+1)
		status, body, err := ada.post(ctx, general+"/messages", nil, "client_id", id, "body", id+" "+text)
		if err != nil {
			t.Fatal(err)
		}
		if status == http.StatusOK {
			list, err := rows(body)
			if err != nil || len(list) != 1 || list[0].id != id {
				t.Fatalf("%s was answered with %v, %v", id, list, err)
			}
			acked[id] = list[0]
		}
		return status, body, id
	}
	say("with room")
	ballast := fill(t, disk)

	long := strings.Repeat("long words ", 700)
	status, body, id := say(long)
	for status == http.StatusOK && len(acked) < 2000 { // the database's own reserve
		status, body, id = say(long)
	}
	t.Logf("%d messages found room yet", len(acked)-1)
	for _, text := range []string{"disk is full", id + " long words", `value="` + id + `"`, `id="composer"`} {
		if status != http.StatusInsufficientStorage || !strings.Contains(body, text) {
			t.Fatalf("on a full disk: %d, no %q in\n%.3000s", status, text, body)
		}
	}
	t.Run("a plain form keeps its text", func(t *testing.T) {
		res, err := ada.http.PostForm(app.URL+general+"/messages", url.Values{"body": {"kept " + long}, "client_id": {id}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page := read(t, res)
		if res.StatusCode != http.StatusInsufficientStorage || !strings.Contains(page, "kept long words") ||
			!strings.Contains(page, "said-ada-1 with room") {
			t.Errorf("%d\n%.3000s", res.StatusCode, page)
		}
	})
	t.Run("an edit keeps its text", func(t *testing.T) {
		status, body, err := ada.post(ctx, general+"/1/edit", nil, "body", "changed to "+long)
		if err != nil || status != http.StatusInsufficientStorage || !strings.Contains(body, "changed to long words") ||
			!strings.Contains(body, "disk is full") {
			t.Errorf("%d, %v\n%.3000s", status, err, body)
		}
	})
	t.Run("a file is refused", func(t *testing.T) {
		status, body, err := ada.post(ctx, general+"/messages", &attachment{"notes.txt", long + long}, "body", "with a file")
		if err != nil || status != http.StatusInsufficientStorage || !strings.Contains(body, "no room left") ||
			!strings.Contains(body, "with a file") {
			t.Errorf("%d, %v\n%.3000s", status, err, body)
		}
	})
	t.Run("nobody new comes in, and is told why", func(t *testing.T) {
		res, err := http.PostForm(app.URL+"/signin", url.Values{"name": {"Carol " + strings.Repeat("x", 20)}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if page := read(t, res); res.StatusCode != http.StatusInsufficientStorage || !strings.Contains(page, "disk is full") {
			t.Errorf("%d\n%.3000s", res.StatusCode, page)
		}
	})
	t.Run("reading goes on", func(t *testing.T) {
		for _, path := range []string{"/", "/c", general, general + "?before=100", general + "/1", "/me", "/healthz"} {
			for _, p := range []*client{ada, bob} { // Bob has not read it yet: marking it as read fails
				if status, body, err := p.get(ctx, path); err != nil || status != http.StatusOK && status != http.StatusSeeOther {
					t.Errorf("%s: %d, %v\n%.2000s", path, status, err, body)
				}
			}
		}
		if status, _, _ := bob.get(ctx, "/readyz"); status != http.StatusServiceUnavailable {
			t.Error("ready:", status)
		}
		p := &page{of: bob, epoch: k.epoch, said: make(map[int64]string)} // and so does subscribing
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		go func() {
			for p.rev.Load() < int64(len(acked)) && ctx.Err() == nil {
				time.Sleep(5 * time.Millisecond)
			}
			cancel()
		}()
		if err := p.follow(ctx); err != nil || p.rev.Load() != int64(len(acked)) {
			t.Error(p.rev.Load(), "of", len(acked), err)
		}
	})

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if status, body, again := say(long); status != http.StatusOK || again != id {
		t.Fatalf("with room again: %d\n%.2000s", status, body)
	}
	status, body, err = ada.post(ctx, general+"/messages", &attachment{"notes.txt", "there is room"}, "body", "said-ada-0")
	if err != nil || status != http.StatusOK || !strings.Contains(body, "notes.txt") {
		t.Errorf("a file with room again: %d, %v\n%.2000s", status, err, body)
	}
	signIn(t, app.URL, "Carol")
	eventually(t, "it is ready again", func() bool { // it caches readiness for a second
		status, _, err := bob.get(ctx, "/readyz")
		return err == nil && status == http.StatusOK
	})
	eventually(t, "the page has everything", func() bool { return k.rev.Load() >= int64(len(acked)+1) })
	cancel()
	if err := <-followed; err != nil {
		t.Error("a page:", err)
	}
	if status, body, err := ada.post(context.Background(), general+"/1/edit", nil, "body", "changed"); err != nil ||
		status != http.StatusOK {
		t.Errorf("an edit with room again: %d, %v\n%.2000s", status, err, body)
	}
	for id, r := range acked {
		if k.said[r.seq] != id {
			t.Errorf("a page shows %q as message %d, which is %s", k.said[r.seq], r.seq, id)
		}
	}
}

// fill uses up the free space of the disk, except what others have reserved already. Removing the file frees it.
func fill(t *testing.T, disk string) (path string) {
	t.Helper()
	path = filepath.Join(disk, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for chunk := make([]byte, 64<<10); ; {
		if _, err := f.Write(chunk); errors.Is(err, syscall.ENOSPC) && len(chunk) == 1 {
			return path
		} else if errors.Is(err, syscall.ENOSPC) {
			chunk = chunk[:1]
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// inOwnMounts runs the test again in a process that may mount a disk without root: in its own namespaces.
func inOwnMounts(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), ownMounts+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Start()
	if err != nil {
		t.Skip("this machine lets nobody have mounts of their own, so that no small disk can be made:", err)
	}
	err = cmd.Wait()
	t.Logf("in a process of its own:\n%s", &out)
	if strings.Contains(out.String(), "--- SKIP: "+t.Name()) {
		t.Skip("no small disk can be made here")
	}
	if err != nil || !strings.Contains(out.String(), "--- PASS: "+t.Name()+" ") {
		t.Error(err)
	}
}
