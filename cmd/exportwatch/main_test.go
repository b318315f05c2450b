package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"exportwatch/demopress"
	"exportwatch/testdata"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"exportwatch": onPress})
}

// onPress is the program with the demo press as its internet. The environment says what the world is like: TEST_PRESS
// is the folder of another press, TEST_NOW the time, TEST_TERMINAL makes the output a terminal of so many columns, and
// the host TEST_INTERRUPT never answers but sends the program a SIGTERM.
func onPress() {
	p := newProgram(os.Stdin, os.Stdout, os.Stderr)
	var sites fs.FS = testdata.Press
	if dir := os.Getenv("TEST_PRESS"); dir != "" {
		sites = os.DirFS(dir)
	}
	press, err := demopress.Serve(sites)
	if err != nil {
		panic(err)
	}
	p.crawler.Dial, p.crawler.RootCAs = press.Dial, press.RootCAs
	if now := os.Getenv("TEST_NOW"); now != "" {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			panic(err)
		}
		p.clock = func() time.Time { return at }
	}
	if columns := os.Getenv("TEST_TERMINAL"); columns != "" {
		width, err := strconv.Atoi(columns)
		if err != nil {
			panic(err)
		}
		colour := os.Getenv("NO_COLOR") == ""
		p.stdout = console{Writer: os.Stdout, terminal: true, width: width, colour: colour}
		p.stderr = console{Writer: os.Stderr, terminal: true, width: width, colour: colour}
	}
	if host := os.Getenv("TEST_INTERRUPT"); host != "" {
		p.crawler.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if !strings.HasPrefix(addr, host+":") {
				return press.Dial(ctx, network, addr)
			}
			if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
				panic(err)
			}
			<-ctx.Done()
			return nil, ctx.Err()
		}
	}
	os.Exit(p.run(context.Background(), os.Args[1:]))
}

// TestScript runs the scripts. UPDATE_SCRIPTS=1 go test -run TestScript rewrites what they compare with.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"lock":    lockFile,
			"mailbox": mailbox,
		},
	})
}

// setup gives every script the sources of the press in the folder sources, and the morning of its newest articles.
func setup(env *testscript.Env) error {
	env.Setenv("TEST_NOW", "2025-08-12T09:00:00Z")
	env.Setenv("GORACE", "atexit_sleep_ms=0") // a program under the race detector sleeps for a second before it exits
	sources, err := fs.Sub(testdata.Press, "press/sources")
	if err != nil {
		return err
	}
	return os.CopyFS(filepath.Join(env.WorkDir, "sources"), sources)
}

// exits runs a command that must end with a certain exit code: exits 75 exportwatch run.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [args...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit, ok := err.(*exec.ExitError); ok {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// lockFile holds the lock of a database until the script ends: lock exportwatch.db.
func lockFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lock DATABASE")
	}
	held, err := lock(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { held.Unlock() })
}

// mailbox receives mail in the folder mail until the script ends, and writes an alerts.yaml that sends it there.
func mailbox(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: mailbox")
	}
	box, err := demopress.ServeMailbox(ts.MkAbs("mail"))
	ts.Check(err)
	ts.Defer(func() { box.Close() })
	_, port, err := net.SplitHostPort(box.Addr)
	ts.Check(err)
	config := fmt.Sprintf("from: watch@exportwatch.test\nsmtp: {host: 127.0.0.1, port: %s, tls: none}\n"+
		"subscriptions:\n  - name: licences\n    to: [analyst@desk.test]\n", port)
	ts.Check(os.WriteFile(ts.MkAbs("alerts.yaml"), []byte(config), 0o600))
}

// TestExamples runs the parser over every example of every help text: what help teaches must exist.
func TestExamples(t *testing.T) {
	for name, help := range map[string]interface{ Help() string }{
		"demo": demoCmd{}, "run": runCmd{}, "classify": classifyCmd{}, "extract": extractCmd{}, "explain": explainCmd{},
		"events": eventsCmd{}, "developments": developmentsCmd{}, "articles": articlesCmd{},
		"rules test": rulesTestCmd{}, "rules lint": rulesLintCmd{}, "rules list": rulesListCmd{}, "rules eval": rulesEvalCmd{},
		"alerts list": alertsListCmd{}, "alerts send": alertsSendCmd{}, "doctor": doctorCmd{},
	} {
		_, examples, found := strings.Cut(help.Help(), "Examples:\n")
		if !found {
			t.Errorf("%s: the help has no examples", name)
		}
		for example := range strings.Lines(examples) {
			if err := parses(example); err != nil {
				t.Errorf("%s: %s: %v", name, strings.TrimSpace(example), err)
			}
		}
	}
}

// TestAdvice does the same with the commands that messages and README tell people to run.
func TestAdvice(t *testing.T) {
	quoted := regexp.MustCompile("`exportwatch [^`]+`")
	found := 0
	for _, folder := range []string{".", "../../alert", "../../monitor", "../../store"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				for _, call := range quoted.FindAllString(text, -1) {
					found++
					if err := parses(strings.Trim(call, "`")); err != nil {
						t.Errorf("%s: %s: %v", name, call, err)
					}
				}
				return true
			})
		}
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range regexp.MustCompile("\\./(exportwatch [^#\n`]+)").FindAllStringSubmatch(string(readme), -1) {
		found++
		if err := parses(call[1]); err != nil {
			t.Errorf("README: %s: %v", call[0], err)
		}
	}
	if found < 15 {
		t.Errorf("only %d commands found: where are the others?", found)
	}
}
