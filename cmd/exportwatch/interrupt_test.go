package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// A demo that was stopped shows what it has; a command that was stopped before it began says so in words.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	var stdout, stderr bytes.Buffer
	if code := run(stopped, []string{"demo", "--dir", dir}, strings.NewReader(""), &stdout, &stderr); code != exitFailed ||
		!strings.Contains(stderr.String(), "interrupted") || strings.Contains(stderr.String(), "context canceled") {
		t.Errorf("exit code %d, stderr %q", code, stderr.String())
	}

	stderr.Reset()
	if code := run(t.Context(), []string{"demo", "--dir", dir}, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	stdout.Reset()
	p := newProgram(nil, &stdout, &stderr)
	err := demoCmd{Dir: dir}.print(stopped, p, filepath.Join(dir, "exportwatch.db"), filepath.Join(dir, "mail"), cycleResult{})
	if err != nil || !strings.Contains(stdout.String(), "license/granted") {
		t.Errorf("%v: %s", err, stdout.String())
	}
}
