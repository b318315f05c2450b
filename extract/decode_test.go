package extract_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"

	"exportwatch/extract"
)

func TestDecode(t *testing.T) {
	const (
		french   = "L’été dernier, l’entreprise a reçu son agrément – « enfin », dit-elle."
		japanese = "経済産業省は八日、東光精機が申請していた洗浄装置の輸出を許可したと発表した。申請から許可までに四カ月を要した。"
		chinese  = "商务部十一日宣布，自即日起暂停受理两类稀有材料的出口许可申请，已经发放的许可不受影响。"
		korean   = "산업통상자원부는 어제 반도체 장비의 수출을 허가했다고 발표했다. 심사에는 넉 달이 걸렸다."
		russian  = "Министерство вчера выдало лицензию на вывоз станков, сообщила пресс-служба ведомства."
	)
	tests := []struct {
		name    string
		charset string // of the header
		meta    string
		text    string
		bytesIn string // the encoding of the bytes
		prefix  string
		want    string // text when empty
	}{
		{name: "UTF-8, undeclared", text: french, bytesIn: "utf-8"},
		{name: "mark before header", charset: "windows-1252", text: french, bytesIn: "utf-8", prefix: "\xef\xbb\xbf"},
		{name: "UTF-16 by its mark", charset: "utf-8", text: japanese, bytesIn: "utf-16le", prefix: "\ufeff"},
		{name: "header before meta", charset: "shift_jis", meta: `<meta charset="euc-jp">`, text: japanese, bytesIn: "shift_jis"},
		{name: "ISO-8859-1 means windows-1252", charset: "ISO-8859-1", text: french, bytesIn: "windows-1252"},
		{name: "meta charset", meta: `<meta charset=gb2312>`, text: chinese, bytesIn: "gbk"},
		{name: "meta http-equiv", meta: `<meta content="text/html; charset='EUC-KR'; x=y" http-equiv=Content-Type>`, text: korean, bytesIn: "euc-kr"},
		{name: "meta behind a long script", meta: "<script>" + strings.Repeat("var a;", 1000) + `</script><meta charset="euc-jp">`, text: japanese, bytesIn: "euc-jp"},
		{name: "meta in a comment is none", meta: `<!-- <meta charset="utf-16"> --><meta charset="koi8-r">`, text: russian, bytesIn: "koi8-r"},
		{name: "meta UTF-16 is UTF-8", meta: `<meta charset="utf-16">`, text: french, bytesIn: "utf-8"},
		{name: "XML declaration", prefix: `<?xml version="1.0" encoding="windows-1251"?>`, text: russian, bytesIn: "windows-1251"},
		{name: "claims UTF-8 and is not", charset: "utf-8", meta: `<meta charset="iso-8859-1">`, text: french, bytesIn: "windows-1252"},
		{name: "unknown label", charset: "x-klingon", text: french, bytesIn: "utf-8"},
		{name: "label that decodes to nothing", charset: "iso-2022-kr", text: french, bytesIn: "utf-8"},
		{name: "guess Shift_JIS", text: japanese, bytesIn: "shift_jis"},
		{name: "guess GBK", text: chinese, bytesIn: "gbk"},
		{name: "guess EUC-KR", text: korean, bytesIn: "euc-kr"},
		{name: "guess windows-1252", text: french, bytesIn: "windows-1252"},
		{name: "broken UTF-8 is replaced", charset: "utf-8", text: french + " Caf\xe9", bytesIn: "", want: french + " Caf\uFFFD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := "<html><head>" + tt.meta + "</head><body><p>" + tt.text + "</p></body></html>"
			if tt.bytesIn == "utf-16le" {
				source = tt.prefix + source
			}
			body := encode(t, tt.bytesIn, source)
			if tt.bytesIn != "utf-16le" {
				body = append([]byte(tt.prefix), body...)
			}
			p := page("https://a.test/x", body)
			p.Charset = tt.charset
			a, err := extract.Extract(p, extract.Hints{})
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want == "" {
				want = tt.text
			}
			if a.Text != want {
				t.Errorf("text\n%q, want\n%q", a.Text, want)
			}
		})
	}
}

func encode(t *testing.T, name, s string) []byte {
	t.Helper()
	if name == "" {
		return []byte(s)
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := encoding.HTMLEscapeUnsupported(enc.NewEncoder()).Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRender(t *testing.T) {
	const filler = "<p>A paragraph that is long enough, with commas, to be taken for the text of an article by anyone.</p>"
	tests := []struct{ name, html, want string }{
		{"one line a paragraph", "<p>one\n  two\u00a0three</p>", "one two three"},
		{"inline elements do not split words", "<p>H<sub>2</sub>O and <b>bold</b>ly</p>", "H2O and boldly"},
		{"two breaks end a paragraph, one does not", "<p>one<br>two<br> <br>three</p>", "one two\n\nthree"},
		{"lists", "<ul><li>one, and more of it</li><li><p>two, and more of it</p></li></ul>", "- one, and more of it\n\n- two, and more of it"},
		{"headings", "<h2>Part two of it</h2><p>text</p>", "Part two of it\n\ntext"},
		{"cells", "<table><tr><th>Model</th><th>Units</th></tr><tr><td>LX-2</td><td>3</td></tr></table>", "Model | Units\n\nLX-2 | 3"},
		{"preformatted", "<pre>one\ntwo\n\nthree</pre>", "one two\n\nthree"},
		{"quotes", "<p>He said <q>no</q>.</p>", `He said "no".`},
		{"readings", "<p><ruby>検査<rt>けんさ</rt></ruby></p>", "検査"},
		{"composed", "<p>e<i>\u0301</i>te\u0301</p>", "été"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := extractPage(t, "", "<body><article>"+filler+filler+filler+tt.html+filler+"</article></body>", extract.Hints{})
			parts := strings.Split(a.Text, "\n\n")
			if len(parts) < 5 {
				t.Fatalf("text %q", a.Text)
			}
			if got := strings.Join(parts[3:len(parts)-1], "\n\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
