package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"exportwatch/crawler"
	"exportwatch/extract"
)

type extractCmd struct {
	File   string `arg:"" optional:"" default:"-" help:"HTML; - is standard input."`
	URL    string `name:"url" placeholder:"URL" help:"Where it came from: resolves links and canonical addresses."`
	JSONL  bool   `name:"jsonl" help:"Many: one {\"id\",\"url\",\"html\"} a line in, one article a line out."`
	Format string `enum:"auto,text,json" default:"auto" help:"text or json. Default: text on a terminal, JSON elsewhere."`
}

func (extractCmd) Help() string {
	return `Needs no database and no network. The kind says what the page turned out to be: article, listing, paywall,
consent, login, soft_404, stub or not_html.

Examples:

    curl -s https://example.com/a.html | exportwatch extract --url https://example.com/a.html
    exportwatch extract page.html --url https://example.com/a.html --format text
    exportwatch extract --jsonl pages.jsonl > articles.jsonl`
}

// extracted is what `extract` prints of a page.
type extracted struct {
	ID        json.RawMessage `json:"id"`
	URL       string          `json:"url"`
	Title     string          `json:"title"`
	Authors   []string        `json:"authors"`
	Published string          `json:"published"`
	Lang      string          `json:"lang"`
	Text      string          `json:"text"`
	Kind      extract.Kind    `json:"kind"`
}

func (c extractCmd) Run(_ context.Context, p *program) error {
	if c.JSONL {
		if c.URL != "" || c.Format != "auto" {
			return usage(fmt.Errorf("--jsonl takes addresses from the input and prints JSON: leave out --url and --format"))
		}
		r, name, err := p.open(c.File)
		if err != nil {
			return err
		}
		defer r.Close()
		return eachLine(p, name, r, extractLine)
	}
	data, _, err := p.readAll(c.File)
	if err != nil {
		return err
	}
	out, err := extractPage(c.URL, data, "")
	if err != nil {
		return err
	}
	if c.Format == "text" || c.Format == "auto" && p.stdout.terminal {
		return writeArticle(p.stdout, out)
	}
	return writeJSON(p.stdout, out, "  ")
}

func extractLine(line []byte) (extracted, error) {
	var in struct {
		ID   json.RawMessage `json:"id"`
		URL  string          `json:"url"`
		HTML *string         `json:"html"`
	}
	if err := json.Unmarshal(line, &in); err != nil {
		return extracted{}, jsonError(line, err)
	}
	if in.HTML == nil {
		return extracted{}, fmt.Errorf(`no "html"`)
	}
	// Text in JSON is UTF-8, whatever the page says of itself.
	out, err := extractPage(in.URL, []byte(*in.HTML), "utf-8")
	if in.ID != nil {
		out.ID = in.ID
	}
	return out, err
}

// extractPage extracts bytes that no crawler fetched.
func extractPage(url string, html []byte, charset string) (extracted, error) {
	a, err := extract.Extract(crawler.Page{
		URL: url, RequestURL: url, Status: http.StatusOK, ContentType: "text/html", Charset: charset, Body: html,
	}, extract.Hints{})
	if err != nil {
		return extracted{}, err
	}
	out := extracted{
		ID: json.RawMessage(`""`), URL: a.URL, Title: a.Title, Authors: a.Authors, Published: a.Published.String(),
		Lang: a.Lang, Text: a.Text, Kind: a.Kind,
	}
	if out.Authors == nil {
		out.Authors = []string{}
	}
	return out, nil
}

// writeArticle prints an article for reading.
func writeArticle(w console, a extracted) error {
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"Title", a.Title},
		{"By", strings.Join(a.Authors, ", ")},
		{"Published", a.Published},
		{"Language", a.Lang},
		{"Kind", string(a.Kind)},
		{"URL", a.URL},
	} {
		fmt.Fprintf(&b, "%-10s %s\n", h[0]+":", cmp.Or(line(h[1]), "-"))
	}
	width := cmp.Or(min(w.width, 100), 100)
	for paragraph := range strings.SplitSeq(a.Text, "\n\n") {
		if paragraph = line(paragraph); paragraph != "" {
			fmt.Fprintf(&b, "\n%s\n", text.WrapSoft(paragraph, width))
		}
	}
	_, err := io.Copy(w, &b)
	return err
}
