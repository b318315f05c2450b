package extract

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

const (
	// HTML asks for the declaration within 1024 bytes; pages put scripts before it.
	metaPrescan = 64 << 10
	// chardet is slow and sure enough after some sentences.
	detectSample = 16 << 10
)

// decode turns the bytes of a page into UTF-8: by byte order mark, else by the charset of the HTTP header, else by
// that of a meta element or XML declaration, else as UTF-8 if valid, else by guess. Labels mean what the WHATWG
// Encoding Standard says (iso-8859-1 is windows-1252). Bytes that fit no character become U+FFFD.
func decode(body []byte, header string) string {
	if enc, mark := byteOrderMark(body); enc != nil {
		return decodeAs(enc, body[mark:])
	}
	for _, label := range []string{header, declaredCharset(body)} {
		if enc := lookup(label); enc != nil && !contradicted(enc, body) {
			return decodeAs(enc, body)
		}
	}
	if utf8.Valid(body) {
		return string(body)
	}
	return decodeAs(guess(body), body)
}

func byteOrderMark(body []byte) (encoding.Encoding, int) {
	switch {
	case bytes.HasPrefix(body, []byte("\xef\xbb\xbf")):
		return unicode.UTF8, 3
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2
	}
	return nil, 0
}

func decodeAs(enc encoding.Encoding, body []byte) string {
	if enc != unicode.UTF8 {
		if decoded, err := enc.NewDecoder().Bytes(body); err == nil {
			body = decoded
		}
	}
	return strings.ToValidUTF8(string(body), "\uFFFD")
}

// lookup returns nil for labels that name no encoding, and for those that the standard decodes to nothing
// ("replacement").
func lookup(label string) encoding.Encoding {
	enc, err := htmlindex.Get(label)
	if err != nil || enc == encoding.Replacement {
		return nil
	}
	return enc
}

// contradicted reports whether the bytes cannot be the UTF-8 that a server or a template claims: more of them are
// invalid than there are characters beyond ASCII.
func contradicted(enc encoding.Encoding, body []byte) bool {
	if enc != unicode.UTF8 || utf8.Valid(body) {
		return false
	}
	invalid, valid := 0, 0
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		switch {
		case r == utf8.RuneError && size == 1:
			invalid++
		case size > 1:
			valid++
		}
		body = body[size:]
	}
	return invalid > valid
}

// declaredCharset finds the label in <meta charset>, <meta http-equiv=content-type> or the XML declaration. A label
// of UTF-16 cannot be true where the label itself could be read as ASCII: the standard says UTF-8.
func declaredCharset(body []byte) string {
	body = body[:min(len(body), metaPrescan)]
	label := xmlEncoding(body)
	z := html.NewTokenizer(bytes.NewReader(body))
	for label == "" {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data == "body" {
				return ""
			}
			if t.Data == "meta" {
				label = metaCharset(t.Attr)
			}
		}
	}
	if strings.HasPrefix(strings.ToLower(label), "utf-16") {
		return "utf-8"
	}
	return label
}

func metaCharset(attrs []html.Attribute) string {
	var pragma bool
	var content string
	for _, a := range attrs {
		switch a.Key {
		case "charset":
			return strings.TrimSpace(a.Val)
		case "http-equiv":
			pragma = strings.EqualFold(strings.TrimSpace(a.Val), "content-type")
		case "content":
			content = a.Val
		}
	}
	if !pragma {
		return ""
	}
	// The parameter as HTML reads it, which is more lenient than mime.ParseMediaType.
	_, label, _ := strings.Cut(strings.ToLower(content), "charset")
	label, ok := strings.CutPrefix(strings.TrimSpace(label), "=")
	if !ok {
		return ""
	}
	label, _, _ = strings.Cut(strings.Trim(label, " \t\n\f\r\"'"), ";")
	return strings.Trim(label, " \t\n\f\r\"'")
}

func xmlEncoding(body []byte) string {
	if !bytes.HasPrefix(body, []byte("<?xml")) {
		return ""
	}
	declaration, _, ok := bytes.Cut(body, []byte("?>"))
	if !ok {
		return ""
	}
	_, label, _ := strings.Cut(string(declaration), "encoding=")
	if label == "" {
		return ""
	}
	label, _, _ = strings.Cut(label[1:], label[:1])
	return label
}

// guess names the encoding of text that declares none. It looks at the part that is not ASCII, which alone can tell.
func guess(body []byte) encoding.Encoding {
	start := slices.IndexFunc(body, func(b byte) bool { return b >= utf8.RuneSelf })
	sample := body[max(start, 0):]
	found := chardet.Detect(sample[:min(len(sample), detectSample)])
	if enc := lookup(found.Encoding); enc != nil && found.Confidence >= 0.5 {
		return enc
	}
	return charmap.Windows1252 // what most of the undeclared web is written in, and what browsers assume
}
