package crawler

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// Bounds of what a feed holds, since the parser calls itself for each open element and keeps kilobytes of each item.
const (
	maxFeedDepth    = 1000
	maxFeedElements = 200_000 // of JSON, objects
)

var xmlEncoding = regexp.MustCompile(`^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"']*)["']`)

// feedUTF8 returns a feed as valid UTF-8 that is not labelled as anything else. A feed that is valid UTF-8 is that,
// whatever it says; one that says so and is not loses its bad bytes only.
func feedUTF8(body []byte, declared string) []byte {
	label := declared
	if prolog := xmlEncoding.FindSubmatch(body[:min(len(body), 1024)]); prolog != nil && label == "" {
		label = string(prolog[2])
	}
	if encoding, _, marked := charset.DetermineEncoding(body, ""); marked { // by a byte order mark
		if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	} else if !utf8.Valid(body) || bytes.IndexByte(body, 0x1b) >= 0 { // ISO-2022-JP is all ASCII, with escapes
		if encoding, name := charset.Lookup(label); encoding != nil && name != "utf-8" {
			if decoded, err := encoding.NewDecoder().Bytes(body); err == nil {
				body = decoded
			}
		}
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	body = xmlEncoding.ReplaceAll(body, []byte("$1"))
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1 // XML has no place for them
		}
		return r // a bad byte arrives here as U+FFFD
	}, body)
}

var (
	errTooDeep = fmt.Errorf("more than %d elements inside of each other", maxFeedDepth)
	errTooMany = fmt.Errorf("more than %d elements", maxFeedElements)
	errEnough  = fmt.Errorf("more than %d items", maxLinks) // no fault: the rest is not taken
)

// wholeItems returns an XML feed cut after its last whole item, with the elements closed that are open there, and
// what keeps it from being read to its end, if anything.
func wholeItems(body []byte) ([]byte, error) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	decoder.Strict = false // as gofeed reads it
	var (
		open, openAtCut []string
		names           = make(map[string]int) // of the open elements
		elements, items int
		cut             int64
	)
	for {
		token, err := decoder.RawToken()
		switch {
		case err == io.EOF:
			return closed(body[:cut], openAtCut), nil
		case err == nil && len(open) > maxFeedDepth:
			err = errTooDeep
		case err == nil && elements > maxFeedElements:
			err = errTooMany
		case err == nil && items > maxLinks:
			err = errEnough
		}
		if err != nil {
			return closed(body[:cut], openAtCut), err
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements++
			name := qualified(token.Name)
			open = append(open, name)
			names[name]++
		case xml.EndElement:
			name := qualified(token.Name)
			if names[name] == 0 {
				continue // an end of nothing
			}
			// What was left open inside ends with it.
			for last := ""; last != name; {
				last = open[len(open)-1]
				open = open[:len(open)-1]
				names[last]--
			}
			if token.Name.Local != "item" && token.Name.Local != "entry" {
				continue
			}
			if items++; items <= maxLinks {
				cut, openAtCut = decoder.InputOffset(), append(openAtCut[:0], open...)
			}
		}
	}
}

func qualified(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

func closed(body []byte, open []string) []byte {
	whole := bytes.Clone(body)
	for i := len(open) - 1; i >= 0; i-- {
		whole = fmt.Appendf(whole, "</%s>", open[i])
	}
	return whole
}
