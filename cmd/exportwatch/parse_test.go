package main

import (
	"strings"

	"github.com/alecthomas/kong"
)

// parses checks each call of exportwatch in a line of shell.
func parses(line string) error {
	for call := range strings.SplitSeq(line, "|") {
		_, args, found := strings.Cut(call, "exportwatch ")
		if !found {
			continue
		}
		args, _, _ = strings.Cut(args, ">")
		parser, err := kong.New(new(grammar), kong.Bind(new(program)))
		if err != nil {
			return err
		}
		if _, err := parser.Parse(words(args)); err != nil {
			return err
		}
	}
	return nil
}

// words splits a line as a shell does, as far as the examples need it.
func words(line string) []string {
	var out []string
	for i, quoted := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, quoted)
			continue
		}
		out = append(out, strings.Fields(quoted)...)
	}
	return out
}
