// Command exportwatch turns public news pages into a checkable record of export-policy events.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program as a function: arguments and streams in, exit code out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return newProgram(stdin, stdout, stderr).run(ctx, args)
}

// Exit codes, as `exportwatch --help` explains them.
const (
	exitFailed = 1
	exitUsage  = 2
	exitLocked = 75 // EX_TEMPFAIL of sysexits.h: try again later
)

// grammar is the command line.
type grammar struct {
	Version versionFlag `help:"Print version, Go version and rule set, and exit."`

	Demo         demoCmd         `cmd:"" help:"The whole job on a small built-in press."`
	Run          runCmd          `cmd:"" help:"One cycle over the due sources. Made for cron."`
	Classify     classifyCmd     `cmd:"" help:"Text or JSON in, events out."`
	Extract      extractCmd      `cmd:"" help:"HTML in, article out."`
	Explain      explainCmd      `cmd:"" help:"A text, with what fired in it and what held back."`
	Events       eventsCmd       `cmd:"" help:"Query the events that articles tell of."`
	Developments developmentsCmd `cmd:"" help:"Query what happened, however many articles tell it."`
	Articles     articlesCmd     `cmd:"" help:"Query articles, also by full text."`
	Alerts       alertsCmd       `cmd:"" help:"The mails: list them, send what is due."`
	Rules        rulesCmd        `cmd:"" help:"For who writes rules: test, lint, list and measure them."`
	Doctor       doctorCmd       `cmd:"" help:"Say what is wrong here, and how to fix it."`
}

const description = `exportwatch turns public news pages into a checkable record of export-policy events: licences, controls,
listings, investigations. It tells people once when something new happens.

Start with "exportwatch demo".

Exit codes: 0 done; 1 failed; 2 wrong usage or configuration; 75 another run holds the lock.`

// shown ends the parsing after --help or --version has printed what was asked for, or could not.
type shown struct{ err error }

func (shown) Error() string { return "shown" }

func (p *program) run(ctx context.Context, args []string) int {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var g grammar
	parser, err := kong.New(&g,
		kong.Name("exportwatch"),
		kong.Description(description),
		kong.Writers(p.stdout, p.stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 110}),
		kong.Help(func(o kong.HelpOptions, ctx *kong.Context) error {
			return shown{kong.DefaultHelpPrinter(o, ctx)}
		}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p),
	)
	if err != nil {
		return p.fail(err)
	}
	cmd, err := parser.Parse(args)
	if done, ok := errors.AsType[shown](err); ok {
		if done.err != nil {
			return p.fail(done.err)
		}
		return 0
	}
	if err != nil {
		hint := "exportwatch --help"
		if parse, ok := errors.AsType[*kong.ParseError](err); ok && parse.Context != nil {
			if selected := parse.Context.Selected(); selected != nil {
				hint = selected.FullPath() + " --help"
			}
		}
		return p.fail(usage(fmt.Errorf("%w (see %s)", err, hint)))
	}
	if err := cmd.Run(); err != nil {
		return p.fail(err)
	}
	return 0
}

// exitError is an error that ends the program with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }
func (e exitError) Unwrap() error { return e.err }

// usage marks an error of the command line or of the configuration.
func usage(err error) error { return exitError{exitUsage, err} }

// errReported ends a command that has failed and has already said why.
var errReported = errors.New("reported")

// fail says what went wrong and returns the exit code. People read it on a terminal and wrong usage is read by people
// anyway; everything else is a log line.
func (p *program) fail(err error) int {
	code := exitFailed
	if exit, ok := errors.AsType[exitError](err); ok {
		code = exit.code
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted; what had been stored stays")
	}
	switch {
	case errors.Is(err, errReported):
	case p.stderr.terminal || code != exitFailed:
		fmt.Fprintf(p.stderr, "exportwatch: %s\n", lines(err.Error()))
	default:
		p.log.Error(err.Error())
	}
	return code
}
