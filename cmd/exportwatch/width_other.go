//go:build !unix

package main

import "os"

// terminalWidth returns 0: the variable COLUMNS says how wide the terminal is.
func terminalWidth(*os.File) int { return 0 }
