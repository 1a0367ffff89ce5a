package chat

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"chitchat/chat/sqlite"
)

// A database that was put back from a backup has lost what was said since, and says other things under the same
// numbers: open pages have to be renewed, so the epoch has to change. The backup holds the epoch itself; what tells is
// a small file beside the database, which no copy of the database brings along. It holds
//
//   - how far this history had come: a database that has come less far was put back;
//   - a mark, made anew at each start, that the database holds too: another one is another database, or a copy;
//   - the number that the file system gave to the database: a copy of the whole folder has another one;
//   - when the database was changed last, by the file system's own count, as the program left it: a copy laid over it
//      keeps the number, and whatever it is told to keep of the file's times, not this one. It is not known while the
//      program runs, nor after it was killed.
//
// A start writes first the file with the database's mark and the next one, then the database, then the file with the
// next one alone: wherever it is cut short, the database's mark is among those of the file. When the epoch has to
// change, the first file has the next mark alone: a start that is cut short finds out again. How far the history has
// come is written before a page hears of it, and does not wait for the disk: after a power cut the file may say less,
// which is no news.
//
// Of a database that several processes serve no single one can tell, nor of one that is opened beside the program:
// there is no file then.

// instance keeps the file up to date. A nil one keeps none. Safe for concurrent use.
type instance struct {
	mu      sync.Mutex
	file    *os.File
	reached int64
}

// instanceRecord is what the file holds.
type instanceRecord struct {
	reached int64     // see historyLength; changes while the program runs, and is always as long
	state   fileState // of the database; changed is set when the program stops, and is always as long
	marks   []string  // those that the database may hold
}

// fileState is what the file system knows of a file. 0: unknown.
type fileState struct {
	inode   uint64
	changed int64 // ns
}

// noMark stands in the file for that of a database which has none yet.
const noMark = "-"

// recordDigits is how long a number is that is written in its place.
const recordDigits = 20

func (r instanceRecord) bytes() []byte {
	return fmt.Appendf(nil, "%0*d %0*d %d %s\n", recordDigits, r.reached, recordDigits, r.state.changed, r.state.inode,
		strings.Join(r.marks, " "))
}

// readInstance reads the file. there: there is one, though it may hold nothing that makes sense.
func readInstance(path string) (r instanceRecord, there bool, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return r, false, nil
	}
	fields := strings.Fields(string(b))
	if err != nil || len(fields) < 4 {
		return r, true, err
	}
	reached, errReached := strconv.ParseInt(fields[0], 10, 64)
	changed, errChanged := strconv.ParseInt(fields[1], 10, 64)
	inode, errInode := strconv.ParseUint(fields[2], 10, 64)
	if errReached == nil && errChanged == nil && errInode == nil {
		r = instanceRecord{reached, fileState{inode, changed}, fields[3:]}
	}
	return r, true, nil
}

// writeInstance replaces the file, on the disk when it returns.
func writeInstance(path string, r instanceRecord) error {
	draft := path + ".new"
	f, err := os.OpenFile(draft, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(r.bytes())
	if err = errors.Join(err, syncFile(f), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(syncFile(folder), folder.Close())
}

// syncFile waits for the disk, where the database does.
func syncFile(f *os.File) error {
	if unsynced {
		return nil
	}
	return f.Sync()
}

// belongs reports whether a database with that mark, which has come so far, is the one that the file was written for.
func (r instanceRecord) belongs(mark string, reached int64, found fileState) bool {
	moved := r.state.inode != found.inode && r.state.inode != 0 && found.inode != 0
	touched := r.state.changed != found.changed && r.state.changed != 0 && found.changed != 0
	return slices.Contains(r.marks, mark) && r.reached <= reached && !moved && !touched
}

// historyLength counts every change that pages follow by its number. It never falls.
func historyLength(ctx context.Context, q sqlite.Querier) (n int64, err error) {
	err = q.QueryRowContext(ctx,
		`SELECT (SELECT COALESCE(sum(last_rev), 0) FROM channels) + (SELECT value FROM counters WHERE name = $1)`, "names").
		Scan(&n)
	return n, err
}

// detectRestore looks whether the database, which was found like that before it was opened, is the one that the program
// served last, gives it a new epoch if it is not, and begins to keep the file.
func (c *core) detectRestore(ctx context.Context, found fileState) error {
	if c.options.Beside || c.options.Bus != nil {
		return nil
	}
	path := c.options.Path + ".instance"
	known, there, err := readInstance(path)
	if err != nil {
		return err
	}
	mark := noMark
	err = c.db.QueryRowContext(ctx, `SELECT value FROM settings WHERE key = $1`, "instance").Scan(&mark)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	now := instanceRecord{state: fileState{inode: stateOf(c.options.Path).inode}, marks: []string{mark, rand.Text()}}
	if now.reached, err = historyLength(ctx, c.db); err != nil {
		return err
	}
	// else it is new, or from a version without the file
	restored := (there || mark != noMark) && !known.belongs(mark, now.reached, found)
	if restored {
		now.marks = now.marks[1:]
		c.options.Log.Info("the database was put back or copied: open pages are shown anew")
	}
	if err := c.mark(ctx, path, now, restored); err != nil && (restored || !sqlite.IsFull(err) &&
		ErrorCode(err) != CodeNoSpace) {
		return err
	} // else the disk is full, and the marks stay as they were, or both of them in the file
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil // there was no room for it
	}
	if err == nil {
		c.instance = &instance{file: file, reached: now.reached}
	}
	return err
}

// mark gives the database and the file the last mark of the record, and the database a new epoch too.
func (c *core) mark(ctx context.Context, path string, now instanceRecord, epoch bool) error {
	if err := writeInstance(path, now); err != nil {
		return err
	}
	next := now.marks[len(now.marks)-1]
	settings := map[string]string{"instance": next}
	if epoch {
		settings["epoch"] = rand.Text()
	}
	err := c.writer.update(ctx, func(ctx context.Context, tx *sqlite.Tx) error {
		for key, value := range settings {
			_, err := tx.ExecContext(ctx, `INSERT INTO settings (key, value) VALUES ($1, $2)
				ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
			if err != nil {
				return err
			}
		}
		return nil
	}, nil)
	if err != nil {
		return err
	}
	now.marks = []string{next}
	return writeInstance(path, now)
}

// reach notes that the history has become longer by n changes. What cannot be written is left out: a file that says
// less says nothing wrong.
func (i *instance) reach(n int64) {
	if i == nil || n <= 0 {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reached += n
	_, _ = i.file.WriteAt(fmt.Appendf(nil, "%0*d", recordDigits, i.reached), 0)
}

// closeDatabase closes the database, and writes in the file how it was left, for the one who serves it, or who came
// beside and found it as it had been left. After a kill nothing is known, nor when the file cannot be written: then
// nobody asks.
func (c *core) closeDatabase() error {
	i, path := c.instance, c.options.Path+".instance"
	if c.options.Beside {
		known, _, err := readInstance(path)
		if err == nil && known.state.changed != 0 && known.state.changed == stateOf(c.options.Path).changed {
			if file, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
				i = &instance{file: file}
			}
		}
	}
	err := c.db.Close()
	if i == nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if err == nil {
		_, _ = i.file.WriteAt(fmt.Appendf(nil, "%0*d", recordDigits, stateOf(c.options.Path).changed), recordDigits+1)
	}
	if errFile := i.file.Close(); !errors.Is(errFile, os.ErrClosed) {
		err = errors.Join(err, errFile)
	}
	return err
}
