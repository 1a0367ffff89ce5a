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

// A database that was restored from a backup lacks the latest changes, and reuses their numbers for other ones: open
// pages must be rendered anew, so the epoch must change. The backup contains the epoch itself, so a small file beside
// the database, which no copy of the database includes, detects it. The file has
//
//   - the length of the history: a database with a shorter one was restored;
//   - a mark, made anew at each start, that the database has too: a different one means another database, or a copy;
//   - the inode of the database: a copy of the whole folder has another one;
//   - the change time (ctime) of the database when the program stopped: a copy written over it keeps the inode, and can
//     set all times of a file except this one. It is unknown while the program runs, and after a crash.
//
// A start first writes the file with the current mark of the database and the next one, then the database, then the
// file with the next one only: wherever it is interrupted, the database's mark is in the file. When the epoch must
// change, the first version of the file has the next mark only: a start that is interrupted detects the restore again.
// The length of the history is written before a page learns of a change, without waiting for the disk: after a power
// cut the file may have a shorter one, which does no harm.
//
// There is no file for a database that several processes serve, since none of them knows all changes, nor for one that
// is opened beside the program.

// instance keeps the file up to date. A nil *instance keeps none. It is safe for concurrent use.
type instance struct {
	mu      sync.Mutex
	file    *os.File
	reached int64
}

// instanceRecord is the content of the file.
type instanceRecord struct {
	reached int64     // see historyLength; rewritten while the program runs, so of fixed length
	state   fileState // of the database; changed is set when the program stops, and is of fixed length
	marks   []string  // the marks that the database may have
}

// fileState is the file system's state of a file. 0: unknown.
type fileState struct {
	inode   uint64
	changed int64 // ns
}

// noMark is written for the mark of a database that has none yet.
const noMark = "-"

// recordDigits is the width of a number that is overwritten in place.
const recordDigits = 20

func (r instanceRecord) bytes() []byte {
	return fmt.Appendf(nil, "%0*d %0*d %d %s\n", recordDigits, r.reached, recordDigits, r.state.changed, r.state.inode,
		strings.Join(r.marks, " "))
}

// readInstance reads the file. there reports that it exists, even if its content is invalid.
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

// writeInstance replaces the file. It is durable when writeInstance returns.
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

// syncFile waits for the disk, unless the database does not either.
func syncFile(f *os.File) error {
	if unsynced {
		return nil
	}
	return f.Sync()
}

// belongs reports whether the file was written for a database with that mark, history length and file state.
func (r instanceRecord) belongs(mark string, reached int64, found fileState) bool {
	moved := r.state.inode != found.inode && r.state.inode != 0 && found.inode != 0
	touched := r.state.changed != found.changed && r.state.changed != 0 && found.changed != 0
	return slices.Contains(r.marks, mark) && r.reached <= reached && !moved && !touched
}

// historyLength returns the number of all changes that pages follow. It never decreases.
func historyLength(ctx context.Context, q sqlite.Querier) (n int64, err error) {
	err = q.QueryRowContext(ctx,
		`SELECT (SELECT COALESCE(sum(last_rev), 0) FROM channels) +
			(SELECT COALESCE(sum(last_rev), 0) FROM threads) + (SELECT value FROM counters WHERE name = $1)`, "names").
		Scan(&n)
	return n, err
}

// detectRestore checks whether the database is the one that the program served last, gives it a new epoch if it is not,
// and begins to keep the file. found is the state of the database before it was opened.
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
	} // else the disk is full: the marks stay, or the file has both
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the disk is full
	}
	if err == nil {
		c.instance = &instance{file: file, reached: now.reached}
	}
	return err
}

// mark gives the database and the file the last mark of the record, and the database a new epoch if epoch is set.
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

// reach records that the history has grown by n changes. Errors are ignored: a file with a shorter history does no
// harm.
func (i *instance) reach(n int64) {
	if i == nil || n <= 0 {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.reached += n
	_, _ = i.file.WriteAt(fmt.Appendf(nil, "%0*d", recordDigits, i.reached), 0)
}

// closeDatabase closes the database, and records its state in the file for the next start. A process that was opened
// beside the program does so only if it found the database as recorded. After a crash, or when the file cannot be
// written, the state is unknown and not checked.
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
