package demopress_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"exportwatch/demopress"
	"exportwatch/testdata"
)

const (
	chipwireFeed = "https://www.chipwire.test/feed.xml"
	cp1252Meta   = "https://www.journal-du-numerique.test/materiel/2025/wuxi-licence.html"
	cp1252Header = "https://www.journal-du-numerique.test/materiel/2025/amd-mi308.html"
)

func servePress(t *testing.T) *demopress.Press {
	t.Helper()
	p, err := demopress.Serve(testdata.Press)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// visitor is a client that neither follows redirects nor undoes encodings: it sees what the press sends.
func visitor(t *testing.T, p *demopress.Press) *http.Client {
	transport := &http.Transport{
		DialContext:        p.Dial,
		TLSClientConfig:    &tls.Config{RootCAs: p.RootCAs},
		DisableCompression: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get returns an answer with its whole body. Header fields come in pairs of name and value.
func get(t *testing.T, c *http.Client, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "test/1")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

func TestPressAnswers(t *testing.T) {
	p := servePress(t)
	c := visitor(t, p)
	tests := []struct {
		url         string
		status      int
		contentType string
		location    string
	}{
		{chipwireFeed, 200, "application/xml", ""},
		{"https://www.chipwire.test/", 200, "text/html; charset=utf-8", ""},
		{"https://www.chipwire.test/?utm_source=x", 200, "text/html; charset=utf-8", ""},
		{"https://www.chipwire.test/robots.txt", 200, "text/plain; charset=utf-8", ""},
		{"https://newsroom.commerce.test/robots.txt", 404, "text/html; charset=utf-8", ""},
		{"https://newsroom.commerce.test/releases", 301, "text/html; charset=utf-8", "/releases/"},
		{"https://www.puces-et-marches.test/feed/", 200, "application/rss+xml; charset=UTF-8", ""},
		{cp1252Meta, 200, "text/html", ""},
		{cp1252Header, 200, "text/html; charset=windows-1252", ""},
		{"https://www.chipwire.test/policy/2025/08/withdrawn-story.html", 410, "text/html; charset=utf-8", ""},
		{"https://www.straits-ledger.test/tech/moved-without-trace.html", 404, "text/html; charset=utf-8", ""},
		{"https://www.chipwire.test/%2e%2e/press.yaml", 404, "text/html; charset=utf-8", ""},
		{"http://www.chipwire.test/feed.xml?a=b", 301, "text/html; charset=utf-8", "https://www.chipwire.test/feed.xml?a=b"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			res, _ := get(t, c, tt.url)
			got := []any{res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Location")}
			if diff := cmp.Diff([]any{tt.status, tt.contentType, tt.location}, got); diff != "" {
				t.Errorf("status, type, location (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPressConditionalRequests(t *testing.T) {
	c := visitor(t, servePress(t))
	tags := map[string]string{} // by tag, the encoding that it stands for
	for _, encoding := range []string{"identity", "gzip"} {
		first, body := get(t, c, chipwireFeed, "Accept-Encoding", encoding)
		if len(body) == 0 || first.Header.Get("ETag") == "" || first.Header.Get("Last-Modified") == "" {
			t.Fatalf("%s: %d bytes, header %v; want a body and both validators", encoding, len(body), first.Header)
		}
		if other, taken := tags[first.Header.Get("ETag")]; taken {
			t.Errorf("%s and %s share a strong validator", encoding, other)
		}
		tags[first.Header.Get("ETag")] = encoding
		for _, condition := range [][2]string{
			{"If-None-Match", first.Header.Get("ETag")},
			{"If-Modified-Since", first.Header.Get("Last-Modified")},
		} {
			again, body := get(t, c, chipwireFeed, "Accept-Encoding", encoding, condition[0], condition[1])
			if again.StatusCode != http.StatusNotModified || len(body) != 0 {
				t.Errorf("%s with %s: status %d and %d bytes, want 304 and none", encoding, condition[0], again.StatusCode, len(body))
			}
		}
	}
	if changed, _ := get(t, c, chipwireFeed, "If-None-Match", `"of-yesterday"`); changed.StatusCode != http.StatusOK {
		t.Errorf("with an old ETag: status %d, want 200", changed.StatusCode)
	}
}

func TestPressGzip(t *testing.T) {
	p := servePress(t)
	_, plain := get(t, visitor(t, p), chipwireFeed)
	decoding := visitor(t, p)
	decoding.Transport.(*http.Transport).DisableCompression = false
	res, decoded := get(t, decoding, chipwireFeed)
	if !res.Uncompressed {
		t.Error("the answer to Accept-Encoding: gzip came uncompressed")
	}
	if !bytes.Equal(plain, decoded) {
		t.Error("gzip changed the bytes")
	}
}

func TestPressKeepsWindows1252(t *testing.T) {
	c := visitor(t, servePress(t))
	for _, url := range []string{cp1252Meta, cp1252Header} {
		_, body := get(t, c, url)
		want, err := testdata.Press.ReadFile("press/" + strings.TrimPrefix(url, "https://"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, body) {
			t.Errorf("%s: bytes differ from the file's", url)
		}
		for name, b := range map[string]byte{"euro sign": 0x80, "opening quote": 0x93, "apostrophe": 0x92, "ellipsis": 0x85} {
			if !bytes.Contains(body, []byte{b}) {
				t.Errorf("%s: no windows-1252 %s", url, name)
			}
		}
		if declared := bytes.Contains(body, []byte("charset=")); declared != (url == cp1252Meta) {
			t.Errorf("%s: declares a charset in the page: %v", url, declared)
		}
	}
}

func TestPressRefusesOtherAddresses(t *testing.T) {
	p := servePress(t)
	for _, addr := range []string{
		"nowhere.test:443", "example.org:443", "127.0.0.1:443", "www.chipwire.test:22", "www.chipwire.test",
		"chipwire.test.example.org:443",
	} {
		if conn, err := p.Dial(t.Context(), "tcp", addr); err == nil {
			conn.Close()
			t.Errorf("Dial(%q) connected", addr)
		}
	}
	// The authority of one press means nothing to another, nor to the system.
	c := visitor(t, p)
	c.Transport.(*http.Transport).TLSClientConfig.RootCAs = servePress(t).RootCAs
	if res, err := c.Get(chipwireFeed); err == nil {
		res.Body.Close()
		t.Error("a certificate of another authority was accepted")
	}
}

func TestPressIsTrustedAtTheHourOfTheDemo(t *testing.T) {
	p := servePress(t)
	c := visitor(t, p)
	c.Transport.(*http.Transport).TLSClientConfig.Time = func() time.Time { return loadExpected(t).Clock }
	if res, _ := get(t, c, chipwireFeed); res.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", res.StatusCode)
	}
}

func TestPressLogsRequests(t *testing.T) {
	p := servePress(t)
	c := visitor(t, p)
	get(t, c, "http://www.chipwire.test/feed.xml")
	get(t, c, chipwireFeed+"?page=2")
	get(t, c, "https://www.chipwire.test/none")
	got := p.Requests()
	for i := range got {
		if got[i].Time.IsZero() {
			t.Errorf("request %d has no time", i)
		}
		got[i].Time = p.Requests()[0].Time
	}
	at := got[0].Time
	want := []demopress.Request{
		{TLS: false, Host: "www.chipwire.test", Path: "/feed.xml", UserAgent: "test/1", Status: 301, Time: at},
		{TLS: true, Host: "www.chipwire.test", Path: "/feed.xml?page=2", UserAgent: "test/1", Status: 200, Time: at},
		{TLS: true, Host: "www.chipwire.test", Path: "/none", UserAgent: "test/1", Status: 404, Time: at},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestServeRefusesABadPress(t *testing.T) {
	page := &fstest.MapFile{Data: []byte("<p>Hello</p>")}
	tests := map[string]struct {
		press fstest.MapFS
		want  string
	}{
		"no folder":    {fstest.MapFS{}, "press"},
		"no host":      {fstest.MapFS{"press/press.yaml": {}}, "no folder is named after a host"},
		"no manifest":  {fstest.MapFS{"press/a.test/index.html": page}, "press.yaml"},
		"unknown key":  {fstest.MapFS{"press/a.test/index.html": page, "press/press.yaml": {Data: []byte("path: {}\n")}}, "[1:1]"},
		"unknown host": {fstest.MapFS{"press/a.test/index.html": page, "press/press.yaml": {Data: []byte("paths:\n  b.test/: {status: 404}\n")}}, `no folder is named "b.test"`},
		"no file":      {fstest.MapFS{"press/a.test/index.html": page, "press/press.yaml": {Data: []byte("paths:\n  a.test/x: {content_type: text/html}\n")}}, "a.test/x"},
		"no status":    {fstest.MapFS{"press/a.test/index.html": page, "press/press.yaml": {Data: []byte("paths:\n  a.test/x: {status: 999}\n")}}, "status 999"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := demopress.Serve(tt.press)
			if err == nil {
				p.Close()
				t.Fatal("served")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
		})
	}
}
