package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/lmittmann/tint"

	"exportwatch/crawler"
)

// program is what the commands share: the streams, the clock and the way to the network.
type program struct {
	stdin   io.Reader
	stdout  console
	stderr  console
	log     *slog.Logger
	clock   func() time.Time
	crawler crawler.Options // zero: the internet, through the guarded dialer
}

func newProgram(stdin io.Reader, stdout, stderr io.Writer) *program {
	p := &program{stdin: stdin, stdout: newConsole(stdout), stderr: newConsole(stderr), clock: time.Now}
	p.setLog(slog.LevelWarn)
	return p
}

// setLog makes log lines for people on a terminal and for machines elsewhere.
func (p *program) setLog(level slog.Level) {
	if p.stderr.terminal {
		p.log = slog.New(tint.NewTextHandler(p.stderr, &tint.Options{
			Level: level, TimeFormat: time.TimeOnly, NoColor: !p.stderr.colour,
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Value.Kind() == slog.KindString {
					a.Value = slog.StringValue(line(a.Value.String()))
				}
				return a
			},
		}))
		return
	}
	p.log = slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: level}))
}

// interruptible returns a context that the first SIGINT or SIGTERM ends. The second one kills the program, as if
// nobody had ever asked for the first.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
