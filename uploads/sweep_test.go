package uploads

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// age makes everything kept under id old.
func age(t *testing.T, s *Store, id string) {
	t.Helper()
	long := time.Now().Add(-48 * time.Hour)
	for _, suffix := range []string{"", thumbSuffixes[0].suffix, thumbSuffixes[1].suffix} {
		if _, err := s.root.Lstat(place(id) + suffix); err != nil {
			continue
		}
		if err := s.root.Chtimes(place(id)+suffix, long, long); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSweep(t *testing.T) {
	s, dir := openStore(t, Options{})
	yesterday := time.Now().Add(-24 * time.Hour)
	picture := asPNG(photo(1000, 10))
	for _, id := range []string{"known", "unknown", "fresh", "orphan", "half"} {
		mustKeep(t, s, "a.png", id, picture)
	}
	for _, id := range []string{"known", "unknown", "orphan"} {
		age(t, s, id)
	}
	// A crash during Remove leaves a thumbnail alone.
	if err := s.root.Remove(place("orphan")); err != nil {
		t.Fatal(err)
	}
	// A file is recent if only its thumbnail is old.
	long := time.Now().Add(-48 * time.Hour)
	if err := s.root.Chtimes(place("half")+".thumb.jpg", long, long); err != nil {
		t.Fatal(err)
	}
	// Files that the store did not create.
	mustWrite(t, "", dir, filesDir, "notes")
	mustWrite(t, "", dir, filesDir, "wn", "unknown.bak")
	mustWrite(t, "", dir, filesDir, "wn", "elsewhere")
	for _, path := range []string{"notes", "wn/unknown.bak", "wn/elsewhere"} {
		if err := s.root.Chtimes(filepath.Join(filesDir, path), long, long); err != nil {
			t.Fatal(err)
		}
	}

	var asked []string
	removed, err := s.Sweep(t.Context(), yesterday, func(_ context.Context, ids []string) (map[string]bool, error) {
		asked = append(asked, ids...)
		return map[string]bool{"known": true, "unknown": false}, nil
	})
	if err != nil || removed != 2 {
		t.Errorf("Sweep: %d, %v", removed, err)
	}
	slices.Sort(asked)
	if want := []string{"known", "orphan", "unknown"}; !slices.Equal(asked, want) {
		t.Errorf("it asked for %q, want %q", asked, want)
	}
	wantFiles(t, s, "files/lf/half", "files/lf/half.thumb.jpg", "files/notes", "files/sh/fresh",
		"files/sh/fresh.thumb.jpg",
		"files/wn/elsewhere", "files/wn/known", "files/wn/known.thumb.jpg", "files/wn/unknown.bak")
}

func TestSweepGoesInBatchesAndStops(t *testing.T) {
	s, _ := openStore(t, Options{})
	const n = 2*sweepBatch + 100
	for i := range n {
		id := fmt.Sprintf("%05d", i)
		if err := s.root.MkdirAll(filepath.Dir(place(id)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := s.root.WriteFile(place(id), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	later := time.Now().Add(time.Hour)

	t.Run("at the first error of the one it asks", func(t *testing.T) {
		fault := errors.New("the database is away")
		removed, err := s.Sweep(t.Context(), later,
			func(context.Context, []string) (map[string]bool, error) { return nil, fault })
		if removed != 0 || !errors.Is(err, fault) {
			t.Errorf("got %d, %v", removed, err)
		}
		if left := len(listFiles(t, s)); left != n {
			t.Errorf("%d files are left of %d", left, n)
		}
	})
	t.Run("with the context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		removed, err := s.Sweep(ctx, later, func(context.Context, []string) (map[string]bool, error) {
			cancel()
			return nil, nil
		})
		if removed != sweepBatch || !errors.Is(err, context.Canceled) {
			t.Errorf("got %d, %v", removed, err)
		}
	})
	t.Run("at the end, and each id was asked for once", func(t *testing.T) {
		asked := map[string]int{}
		calls := 0
		removed, err := s.Sweep(t.Context(), later, func(_ context.Context, ids []string) (map[string]bool, error) {
			calls++
			if len(ids) > sweepBatch {
				t.Errorf("it asked for %d at once", len(ids))
			}
			for _, id := range ids {
				asked[id]++
			}
			return nil, nil
		})
		if removed != n-sweepBatch || len(asked) != removed || calls != 2 || err != nil {
			t.Errorf("removed %d, asked for %d in %d calls, %v", removed, len(asked), calls, err)
		}
		wantFiles(t, s)
	})
}
