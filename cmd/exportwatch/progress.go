package main

import (
	"fmt"
	"time"

	"exportwatch/monitor"
)

// progress is one line on a terminal that is written over and over.
type progress struct {
	w    console
	last time.Time
}

// progressEvery keeps a fast run from spending its time on the terminal.
const progressEvery = 100 * time.Millisecond

func (p *progress) show(c monitor.Counts) {
	if now := time.Now(); now.Sub(p.last) >= progressEvery {
		p.last = now
		fmt.Fprintf(p.w, "\r\x1b[K%d/%d sources  %d pages  %d new articles  %d events", c.Done, c.Due, c.Pages, c.Articles, c.Events)
	}
}

// end leaves the line empty.
func (p *progress) end() {
	if !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
