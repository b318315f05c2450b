package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"exportwatch/store"
)

// openToRead opens a database that must exist.
func (p *program) openToRead(ctx context.Context, path string) (*store.Store, error) {
	if err := mustExist(path); err != nil {
		return nil, err
	}
	return store.Open(ctx, path, store.Options{ReadOnly: true})
}

// mustExist keeps a command that asks the database something from creating an empty one.
func mustExist(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no database %s: name one with --db, or make it with `exportwatch run` or `exportwatch demo`", path)
	}
	return nil
}
