package monitor

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"exportwatch/crawler"
)

// A panic is a defect of ours: it ends no run, and whoever is to mend it sees where it was.
func TestReadSurvivesAPanic(t *testing.T) {
	var log bytes.Buffer
	c := &cycle{o: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}} // no rules: Classify panics
	_, _, err := c.read(crawler.Visit{Page: &crawler.Page{
		URL: "https://harbour.test/h20", ContentType: "text/html", Charset: "utf-8",
		Body: []byte("<html><body><article><h1>Licences</h1>" + strings.Repeat("<p>The Commerce Department has granted Nvidia a licence to export its H20 chips to China, the company said.</p>", 20) + "</article></body></html>"),
	}})
	if err == nil || !strings.Contains(err.Error(), "https://harbour.test/h20: panic: ") {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{"level=ERROR", "url=https://harbour.test/h20", "monitor.(*cycle).read"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}
