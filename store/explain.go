package store

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// explained is an error of SQLite with what the user can do about it.
type explained struct {
	error
	advice string
}

func (e explained) Error() string { return e.error.Error() + ": " + e.advice }
func (e explained) Unwrap() error { return e.error }

// explain adds to an error of SQLite what the user can do about it, once. Other errors pass as they are.
func explain(err error) error {
	if _, done := errors.AsType[explained](err); done {
		return err
	}
	failure, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return err
	}
	advice, ok := advices[failure.Code]
	if !ok {
		return err
	}
	return explained{err, advice}
}

var advices = map[sqlite3.ErrNo]string{
	sqlite3.ErrNotADB:   "the file is not a SQLite database: name another with --db",
	sqlite3.ErrCorrupt:  "the file is damaged: move it away and restore a backup (*.bak-v*), or recover it with `sqlite3 FILE .recover`",
	sqlite3.ErrReadonly: "the file or its folder cannot be written: change its permissions, or name another with --db",
	sqlite3.ErrPerm:     "the file cannot be read or written: change its permissions, or name another with --db",
	sqlite3.ErrCantOpen: "the file or its folder cannot be opened for writing: change its permissions, or name another with --db",
	sqlite3.ErrFull:     "the disk is full: free some space and run again; nothing that was stored is lost",
	sqlite3.ErrIoErr:    "the disk failed: check it, then run `exportwatch doctor`",
	sqlite3.ErrBusy:     "another program holds the database: end it, or try again",
	sqlite3.ErrLocked:   "another program holds the database: end it, or try again",
}
