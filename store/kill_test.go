package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A process that is killed in the middle of its writes leaves a whole database, and all that it had reported as saved.
func TestKilledWriter(t *testing.T) {
	const variable = "EXPORTWATCH_TEST_DATABASE"
	if path := os.Getenv(variable); path != "" {
		writeUntilKilled(t, path)
		return
	}
	for _, reported := range []int{1, 20, 50} {
		path := filepath.Join(t.TempDir(), "exportwatch.db")
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWriter$", "-test.v")
		child.Env = append(os.Environ(), variable+"="+path)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		saved := 0
		for saved < reported && lines.Scan() {
			if lines.Text() == "saved" {
				saved++
			}
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := child.Wait(); err == nil {
			t.Fatal("the writer ended before it was killed")
		}

		s := reopen(t, path, Options{})
		if got := column(t, s, `SELECT count(*) >= ? FROM events`, reported); got[0] != "1" {
			t.Errorf("%d were reported as saved, fewer are there", reported)
		}
		if got := column(t, s, `SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM events)`); got[0] != "0" {
			t.Errorf("%s articles without their event", got[0])
		}
		whole(t, s)
		run, err := s.BeginRun(t.Context(), Run{Kind: "run", Started: now})
		if err != nil {
			t.Fatal(err)
		}
		save(t, s, article(run, "harbour", "/after", sentence, now, granted(true)))
		if got := column(t, s, `SELECT outcome FROM runs WHERE id <> ?`, run); len(got) != 1 || got[0] != "interrupted" {
			t.Errorf("the killed run: %q", got)
		}
	}
}

func writeUntilKilled(t *testing.T, path string) {
	s := reopen(t, path, Options{})
	if err := s.SyncSources(t.Context(), press, now); err != nil {
		t.Fatal(err)
	}
	run, err := s.BeginRun(t.Context(), Run{Kind: "run", Started: now})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		save(t, s, article(run, "harbour", fmt.Sprint("/", i), fmt.Sprint(sentence, i), now, granted(true)))
		fmt.Println("saved")
	}
}
