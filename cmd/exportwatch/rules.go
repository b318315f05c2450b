package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"exportwatch/rules"
)

type rulesCmd struct {
	Test rulesTestCmd `cmd:"" help:"Run the cases that stand beside the rules."`
	Lint rulesLintCmd `cmd:"" help:"Look for mistakes in packs and gazetteers."`
	List rulesListCmd `cmd:"" help:"List the rules, or what each language has rules for."`
	Eval rulesEvalCmd `cmd:"" help:"Measure the rules against labelled articles."`
}

// rulesFolder is the argument of the commands for who writes rules.
type rulesFolder struct {
	Dir string `arg:"" optional:"" help:"Folder with packs/ and gazetteers/, as ./rules. Default: the rules that are built in."`
}

// fsys returns the files of the rules, those built in where no folder is named.
func (f rulesFolder) fsys() (fs.FS, error) {
	if f.Dir == "" {
		return rules.Files(), nil
	}
	info, err := os.Stat(f.Dir)
	if err != nil {
		return nil, usage(err)
	}
	if !info.IsDir() {
		return nil, usage(fmt.Errorf("%s is a file: name the folder that holds packs/ and gazetteers/", f.Dir))
	}
	for _, need := range []string{"packs", "gazetteers"} {
		if _, err := os.Stat(filepath.Join(f.Dir, need)); err != nil {
			return nil, usage(fmt.Errorf("%s holds no folder %s: name the folder that holds packs/ and gazetteers/", f.Dir, need))
		}
	}
	return os.DirFS(f.Dir), nil
}

// load reads the rules and compiles every pack. What is wrong with them is printed and the error is errReported.
func (f rulesFolder) load(p *program) (*rules.Ruleset, error) {
	fsys, err := f.fsys()
	if err != nil {
		return nil, err
	}
	rs, err := rules.Load(fsys)
	if err == nil {
		err = rs.Check()
	}
	if err == nil {
		return rs, nil
	}
	for _, finding := range rules.Broken(err) {
		p.print(p.stderr, f.place(finding).String())
	}
	return nil, errReported
}

// place names the file of a finding so that the shell and editors find it.
func (f rulesFolder) place(finding rules.Finding) rules.Finding {
	finding.File = f.path(finding.File)
	return finding
}

func (f rulesFolder) path(file string) string {
	if f.Dir == "" || file == "" {
		return file
	}
	return filepath.Join(f.Dir, filepath.FromSlash(file))
}

// print writes lines of a report; a file of rules can hold what a terminal should not see.
func (p *program) print(w console, text string) {
	fmt.Fprintln(w, strings.TrimRight(lines(text), "\n"))
}
