package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// lineProgram is a program whose output and errors are kept.
func lineProgram() (p *program, out, errs *bytes.Buffer) {
	out, errs = new(bytes.Buffer), new(bytes.Buffer)
	return newProgram(strings.NewReader(""), out, errs), out, errs
}

func TestEachLineKeepsOrder(t *testing.T) {
	var in, want strings.Builder
	for i := range 500 {
		fmt.Fprintf(&in, "%d\n", i)
		fmt.Fprintf(&want, "\"%d\"\n", i)
	}
	p, out, _ := lineProgram()
	err := eachLine(p, "numbers", strings.NewReader(in.String()), func(raw []byte) (string, error) { return string(raw), nil })
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != want.String() {
		t.Error("the lines came out in another order")
	}
}

func TestEachLineGoesOn(t *testing.T) {
	in := "\uFEFFone\r\n\n  \nbad\n" + strings.Repeat("x", maxLine+1) + "\nlast"
	p, out, errs := lineProgram()
	err := eachLine(p, "in.jsonl", strings.NewReader(in), func(raw []byte) (string, error) {
		if string(raw) == "bad" {
			return "", errors.New("no good")
		}
		return string(raw), nil
	})
	if !errors.Is(err, errReported) {
		t.Errorf("error %v, want errReported", err)
	}
	if want := "\"one\"\n\"last\"\n"; out.String() != want {
		t.Errorf("out %q, want %q", out.String(), want)
	}
	for _, want := range []string{`msg="no good" at=in.jsonl:4`, `msg="longer than 16 MiB" at=in.jsonl:5`} {
		if !strings.Contains(errs.String(), want) {
			t.Errorf("stderr lacks %s:\n%s", want, errs.String())
		}
	}
}

func TestEachLineStopsWhenNobodyListens(t *testing.T) {
	p, _, _ := lineProgram()
	p.stdout = console{Writer: brokenPipe{}}
	endless := io.MultiReader(strings.NewReader("a\n"), neverEnding{})
	err := eachLine(p, "endless", endless, func(raw []byte) (string, error) { return strings.Repeat(string(raw), 1<<16), nil })
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v, want that of the writer", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

type neverEnding struct{}

func (neverEnding) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '\n'
		if i%2 == 0 {
			b[i] = 'b'
		}
	}
	return len(b), nil
}

func TestEachLineReportsABrokenInput(t *testing.T) {
	p, out, _ := lineProgram()
	in := io.MultiReader(strings.NewReader("one\n"), brokenInput{})
	err := eachLine(p, "stdin", in, func(raw []byte) (string, error) { return string(raw), nil })
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "stdin") {
		t.Errorf("error %v, want one that names stdin and its cause", err)
	}
	if out.String() != "\"one\"\n" {
		t.Errorf("what came before the error is lost: %q", out.String())
	}
}

type brokenInput struct{}

func (brokenInput) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func FuzzReadLine(f *testing.F) {
	f.Add("a\nb\r\n\nc", 3)
	f.Fuzz(func(t *testing.T, in string, size int) {
		r := bufio.NewReaderSize(strings.NewReader(in), max(16, size%64))
		var got []string
		for {
			raw, err := readLine(r)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, strings.TrimRight(string(raw), "\r\n"))
		}
		var want []string
		for part := range strings.SplitSeq(strings.TrimSuffix(in, "\n"), "\n") {
			want = append(want, strings.TrimRight(part, "\r"))
		}
		if in == "" {
			want = nil
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("readLine of %q: %q, want %q", in, got, want)
		}
	})
}
