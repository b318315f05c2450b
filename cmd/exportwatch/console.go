package main

import (
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/mattn/go-isatty"
)

// console is an output stream, with what is known of the terminal behind it.
type console struct {
	io.Writer
	terminal bool
	colour   bool
	width    int // columns; 0: unknown, or no terminal
}

func newConsole(w io.Writer) console {
	c := console{Writer: w}
	f, ok := w.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return c
	}
	c.terminal = true
	c.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	c.width = terminalWidth(f)
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		c.width = n
	}
	return c
}

// escapes are the control sequences of ECMA-48: CSI (colours, cursor), OSC (titles, links, clipboard) and the like,
// DCS, and those of two characters; with their 8-bit forms.
var escapes = regexp.MustCompile(
	`(?s)(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]` +
		`|(?:\x1b[\]PX^_]|[\x{9d}\x{90}\x{98}\x{9e}\x{9f}]).*?(?:\x07|\x1b\\|\x{9c})` +
		`|\x1b[ -/]*[0-~]`)

// lines makes a text from the network harmless to a terminal and keeps its line breaks: no escape sequences, no
// control characters, and nothing that reverses the direction of what follows.
func lines(s string) string {
	s = escapes.ReplaceAllString(strings.ToValidUTF8(s, "\uFFFD"), "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}

// line is lines on one line.
func line(s string) string {
	return strings.Join(strings.Fields(lines(strings.ReplaceAll(s, "\r", " "))), " ")
}
