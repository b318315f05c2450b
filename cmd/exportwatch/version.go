package main

import (
	"fmt"
	"runtime/debug"

	"exportwatch/rules"
)

// versionFlag prints the version and ends the program.
type versionFlag bool

func (versionFlag) BeforeReset(p *program) error {
	rs, err := rules.Default()
	if err != nil {
		return err
	}
	info, _ := debug.ReadBuildInfo()
	_, err = fmt.Fprintf(p.stdout, "exportwatch %s\n%s\nrule set %s\n", version(), info.GoVersion, rs.Hash())
	return shown{err}
}

// version is that of the module, or the revision of the working copy.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel-" + s.Value[:min(len(s.Value), 12)]
		}
	}
	return "devel"
}
