package uploads

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"
)

// sweepBatch is how many ids Sweep passes to known at once.
const sweepBatch = 500

// Sweep deletes kept files that are unknown to the caller: a crash between Keep and the database's commit, or between a
// deletion's commit and Remove, leaves such files. It considers only files from before the given time, so that a file
// kept a moment ago and not yet committed stays. It calls known with a few hundred ids at a time; an id that is not
// true in the result is unknown.
//
// It returns how many files it deleted, also when ctx ends or known fails, at the first error. It ignores files that
// this package did not name.
func (s *Store) Sweep(ctx context.Context, before time.Time,
	known func(ctx context.Context, ids []string) (map[string]bool, error)) (removed int, err error) {
	fail := func(err error) (int, error) { return removed, fmt.Errorf("uploads: sweep: %w", err) }
	ask := func(ids []string) error {
		if err := context.Cause(ctx); err != nil || len(ids) == 0 {
			return err
		}
		keep, err := known(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if keep[id] {
				continue
			}
			if err := s.Remove(id); err != nil {
				return err
			}
			removed++
		}
		return nil
	}

	shards, err := s.readDir(filesDir)
	if err != nil {
		return fail(err)
	}
	var ids []string
	for _, shard := range shards {
		if err := context.Cause(ctx); err != nil {
			return fail(err)
		}
		if len(shard.Name()) != 2 || !shard.IsDir() {
			continue
		}
		old, err := s.oldIDs(path.Join(filesDir, shard.Name()), before)
		if err != nil {
			return fail(err)
		}
		for ids = append(ids, old...); len(ids) >= sweepBatch; ids = ids[sweepBatch:] {
			if err := ask(ids[:sweepBatch]); err != nil {
				return fail(err)
			}
		}
	}
	if err := ask(ids); err != nil {
		return fail(err)
	}
	return removed, nil
}

// oldIDs returns the ids in one shard whose files are all older than before.
func (s *Store) oldIDs(shard string, before time.Time) ([]string, error) {
	entries, err := s.readDir(shard)
	if err != nil {
		return nil, err
	}
	var ids []string
	old := map[string]bool{}
	for _, e := range entries {
		id := e.Name()
		for _, t := range thumbSuffixes {
			id = strings.TrimSuffix(id, t.suffix)
		}
		if !validID(id) || path.Dir(place(id)) != shard {
			continue
		}
		info, err := s.root.Lstat(path.Join(shard, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		if _, seen := old[id]; !seen {
			old[id] = true
			ids = append(ids, id)
		}
		old[id] = old[id] && info.Mode().IsRegular() && info.ModTime().Before(before)
	}
	n := 0
	for _, id := range ids {
		if old[id] {
			ids[n] = id
			n++
		}
	}
	return ids[:n], nil
}

// readDir lists a folder of the store. The names of one shard are few enough to keep in memory.
func (s *Store) readDir(name string) ([]fs.DirEntry, error) {
	d, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	entries, err := d.ReadDir(-1)
	return entries, errors.Join(err, d.Close())
}
