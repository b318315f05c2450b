package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
)

// maxLine bounds one line of JSONL, and maxInput a whole input: far more than any article, far less than memory.
const (
	maxLine  = 16 << 20
	maxInput = 64 << 20
)

var errLineTooLong = fmt.Errorf("longer than %d MiB", maxLine>>20)

// readLine returns the next line without its end. A line that is too long is skipped to its end and reported, so that
// the ones after it can still be read.
func readLine(r *bufio.Reader) ([]byte, error) {
	var full []byte
	for {
		part, err := r.ReadSlice('\n')
		if len(full)+len(part) > maxLine {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = r.ReadSlice('\n')
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			return nil, errLineTooLong
		}
		full = append(full, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(full) > 0:
			return full, nil
		case err != nil:
			return nil, err
		}
		return bytes.TrimRight(full, "\r\n"), nil
	}
}

// eachLine does work on the lines of r on all processors, and prints the results as JSONL in the order of the lines.
// A line that fails is reported with its number and the others go on; in the end that is errReported.
func eachLine[T any](p *program, name string, r io.Reader, work func([]byte) (T, error)) error {
	type result struct {
		line  int
		value T
		err   error
	}
	// The queue holds a place for each line in its order; its capacity bounds how many are worked on at once.
	queue := make(chan chan result, runtime.GOMAXPROCS(0))
	done := make(chan struct{})
	defer close(done)
	var readErr error
	go func() {
		defer close(queue)
		in := bufio.NewReaderSize(r, 64<<10)
		for n := 1; ; n++ {
			raw, err := readLine(in)
			if err != nil && !errors.Is(err, errLineTooLong) {
				if !errors.Is(err, io.EOF) {
					readErr = err
				}
				return
			}
			if n == 1 {
				raw = bytes.TrimPrefix(raw, []byte("\uFEFF"))
			}
			if err == nil && len(bytes.TrimSpace(raw)) == 0 {
				continue
			}
			place := make(chan result, 1)
			select {
			case queue <- place:
			case <-done:
				return
			}
			go func() {
				res := result{line: n, err: err}
				if err == nil {
					res.value, res.err = work(raw)
				}
				place <- res
			}()
		}
	}()

	out := bufio.NewWriter(p.stdout)
	failed := false
	for place := range queue {
		res := <-place
		if res.err != nil {
			failed = true
			p.report(fmt.Sprintf("%s:%d", name, res.line), res.err)
			continue
		}
		if err := writeJSON(out, res.value, ""); err != nil {
			return err
		}
		// What is waiting for input has been read by whoever waits for our output.
		if len(queue) == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if readErr != nil {
		return fmt.Errorf("read %s: %w", name, readErr)
	}
	if failed {
		return errReported
	}
	return nil
}

// report says that one thing of many failed.
func (p *program) report(where string, err error) {
	if p.stderr.terminal {
		fmt.Fprintf(p.stderr, "exportwatch: %s: %s\n", where, lines(err.Error()))
		return
	}
	p.log.Error(err.Error(), slog.String("at", where))
}
