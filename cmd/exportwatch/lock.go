package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/gofrs/flock"
)

// lock keeps a second writer away from the database. The file stays behind on purpose: removing it would let two
// processes hold two locks of the same name.
func lock(db string) (*flock.Flock, error) {
	path := db + ".lock"
	l := flock.New(path)
	held, err := l.TryLock()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no folder %s: create it, or name another file with --db", filepath.Dir(db))
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !held {
		return nil, exitError{exitLocked, fmt.Errorf("another run holds %s; nothing was done", path)}
	}
	return l, nil
}
