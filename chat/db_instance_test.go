package chat

import (
	"os"
	"path/filepath"
	"testing"
)

// backup copies a database while the program has it open, as sqlite3's .backup does.
func backup(t *testing.T, c *Chat) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "backup.db")
	_, err := c.db.WritePool().ExecContext(t.Context(), `VACUUM INTO $1`, path)
	must(t, err)
	return path
}

// restore copies a file over another one, which keeps its inode, as cp does.
func restore(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, b, 0o600))
}

// openAgain opens the database anew, after the program stopped or was killed: then its open files are lost.
func openAgain(t *testing.T, c *Chat, killed bool) *Chat {
	t.Helper()
	path := c.options.Path
	if !killed {
		must(t, c.Close())
	}
	return mustOpen(t, Options{Path: path})
}

// A restored database has another history: pages that followed the old one are rendered anew, and nobody is signed out.
func TestRestoredIsAnotherHistory(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, c *Chat, a Actor){
		"messages lost": func(t *testing.T, c *Chat, a Actor) {
			for range 5 {
				mustPost(t, c, a, "lost")
			}
		},
		"an edit lost": func(t *testing.T, c *Chat, a Actor) {
			_, err := c.Messages.Edit(t.Context(), a, "general-talk", 2, "lost")
			must(t, err)
		},
		"a deletion too": func(t *testing.T, c *Chat, a Actor) {
			_, _, err := c.Messages.Delete(t.Context(), a, "general-talk", 2)
			must(t, err)
		},
		"a name lost": func(t *testing.T, c *Chat, a Actor) {
			_, err := c.Users.Rename(t.Context(), a, "Countess")
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := mustOpen(t, Options{})
			path, epoch, ada := c.options.Path, c.Epoch(), mustSignIn(t, c, "Ada")
			for range 5 {
				mustPost(t, c, ada, "kept")
			}
			copied := backup(t, c)
			change(t, c, ada)
			p := mustView(t, c, ada)
			must(t, c.Close())
			restore(t, copied, path)

			c = mustOpen(t, Options{Path: path})
			if c.Epoch() == epoch || c.Epoch() == "" {
				t.Fatal("the epoch is the old one")
			}
			for range 6 {
				mustPost(t, c, ada, "new") // sessions stay
			}
			l := mustListen(t, c, ada, Cursor{Since: p.Channel.LastRev, Epoch: epoch, ProfileRev: p.ProfileRev})
			b := takeUntil(t, l, func(b Update) bool { return b.Resync != nil })
			if n := len(b.Resync.Rows); n != 11 || b.Resync.Epoch != c.Epoch() {
				t.Errorf("renewed with %d rows, want 11", n)
			}
			epoch = c.Epoch()
			if c = openAgain(t, c, false); c.Epoch() != epoch {
				t.Error("another epoch at the next start too")
			}
			// later changes are not hidden by earlier numbers
			if _, err := c.Users.Rename(t.Context(), ada, "Lovelace"); err != nil {
				t.Error(err)
			}
		})
	}
}

// A stop and a start, a kill, and a command beside the program keep the history.
func TestRestartIsTheSameHistory(t *testing.T) {
	c := mustOpen(t, Options{})
	path, epoch, ada := c.options.Path, c.Epoch(), mustSignIn(t, c, "Ada")
	for i := range 6 {
		mustPost(t, c, ada, "x")
		c = openAgain(t, c, i%2 == 0)
		if c.Epoch() != epoch {
			t.Fatal("another epoch after start", i)
		}
	}
	other := mustOpen(t, Options{Path: path, Beside: true})
	if other.Epoch() != epoch {
		t.Error("another epoch beside the program")
	}
	must(t, other.Close())
	mustPost(t, c, ada, "x")
	if c = openAgain(t, c, true); c.Epoch() != epoch {
		t.Error("another epoch after a command beside the program")
	}
}

// A start that is interrupted anywhere has the same result in the end as one that is not.
func TestStartCutShort(t *testing.T) {
	c := mustOpen(t, Options{})
	path, epoch, ada := c.options.Path, c.Epoch(), mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "x")
	copied := backup(t, c)
	mustPost(t, c, ada, "x")
	must(t, c.Close())
	file := path + ".instance"
	now, there, err := readInstance(file)
	if err != nil || !there || len(now.marks) != 1 || now.reached < 2 {
		t.Fatal(now, there, err)
	}

	for _, other := range []string{"next", "before"} { // before the database was written, and after
		now.marks = append(now.marks, other)
		must(t, writeInstance(file, now))
		c = mustOpen(t, Options{Path: path})
		if c.Epoch() != epoch {
			t.Error("another epoch with the mark", other)
		}
		must(t, c.Close())
		if now, _, err = readInstance(file); err != nil {
			t.Fatal(err)
		}
	}

	restore(t, copied, path)
	// it had detected the restore, and was killed
	must(t, writeInstance(file, instanceRecord{0, now.state, []string{"next"}}))
	if c = mustOpen(t, Options{Path: path}); c.Epoch() == epoch {
		t.Error("the start after one that was cut short does not know that the database was put back")
	}
}

// A copy of the whole folder that is written back over it is another history, whatever times of files it keeps; a
// command beside the program, or after it, is not.
func TestFolderLaidBackIsAnotherHistory(t *testing.T) {
	c := mustOpen(t, Options{})
	path, epoch, ada := c.options.Path, c.Epoch(), mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "kept")
	must(t, c.Close())
	away, name := t.TempDir(), filepath.Base(path)
	for _, suffix := range []string{"", ".instance"} {
		restore(t, path+suffix, filepath.Join(away, name+suffix))
	}

	beside := func() {
		other := mustOpen(t, Options{Path: path, Beside: true})
		_, err := other.Users.Rename(t.Context(), ada, "Countess")
		must(t, err)
		must(t, other.Close())
	}
	beside()
	c = mustOpen(t, Options{Path: path})
	if c.Epoch() != epoch {
		t.Error("another epoch after a command that ran while the program did not")
	}
	beside()
	mustPost(t, c, ada, "lost")
	must(t, c.Close())
	c = mustOpen(t, Options{Path: path})
	if c.Epoch() != epoch {
		t.Error("another epoch after a command beside the program")
	}
	must(t, c.Close())

	info, err := os.Stat(path)
	must(t, err)
	for _, suffix := range []string{"", ".instance"} {
		restore(t, filepath.Join(away, name+suffix), path+suffix)
		must(t, os.Chtimes(path+suffix, info.ModTime(), info.ModTime()))
	}
	if c = mustOpen(t, Options{Path: path}); c.Epoch() == epoch {
		t.Error("the epoch is the old one")
	}
}

// A database that was copied or moved away from its file, or with all of its folder, has another history from then on.
func TestCopyIsAnotherHistory(t *testing.T) {
	c := mustOpen(t, Options{})
	path, epoch, ada := c.options.Path, c.Epoch(), mustSignIn(t, c, "Ada")
	mustPost(t, c, ada, "x")
	must(t, c.Close())
	epochOf := func(path string) string {
		c, err := Open(t.Context(), Options{Path: path, RenderRow: testRow})
		must(t, err)
		defer func() { must(t, c.Close()) }()
		return c.Epoch()
	}
	alone, whole := tempPath(t), tempPath(t)
	restore(t, path, alone)
	if epochOf(alone) == epoch {
		t.Error("a copy has the same epoch")
	}
	restore(t, path, whole)
	restore(t, path+".instance", whole+".instance")
	if epochOf(whole) == epoch {
		t.Error("a copy of the whole folder has the same epoch")
	}
	must(t, os.WriteFile(path+".instance", []byte("\x00"), 0o600))
	if epochOf(path) == epoch {
		t.Error("a file that makes no sense is taken at its word")
	}
	again := epochOf(path)
	must(t, os.Remove(path+".instance"))
	if epochOf(path) == again {
		t.Error("without its file, the database has the same epoch")
	}
}
