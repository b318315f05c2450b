package main

import (
	"fmt"

	"github.com/gofrs/flock"
)

// lock keeps a second writer away from the database. The file stays behind on purpose: removing it would let two
// processes hold two locks of the same name.
func lock(db string) (*flock.Flock, error) {
	path := db + ".lock"
	l := flock.New(path)
	held, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !held {
		return nil, exitError{exitLocked, fmt.Errorf("another run holds %s; nothing was done", path)}
	}
	return l, nil
}
