// Package testdata embeds the demo press, so that the built program can show its whole job without the network.
package testdata

import "embed"

// Press is the directory press: one folder a host, the sources that name them, a manifest of what files cannot
// say (press.yaml), and the events that a careful analyst expects of each article (expected.yaml).
//
//go:embed all:press
var Press embed.FS
