package alert

import (
	"bytes"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"exportwatch/rules"
	"exportwatch/store"
)

var update = flag.Bool("update", false, "write the golden files")

var (
	noon    = time.Date(2025, 8, 8, 12, 0, 0, 0, time.UTC)
	install = "5f2a" // a real one is longer
)

// english is a licence as one English article tells it.
func english() store.Change {
	return store.Change{
		ID: 7, Kind: "new", At: noon,
		Development: store.DevelopmentRow{
			ID: 3, Type: "license", Status: "granted", Companies: []string{"nvidia"}, Items: []string{"nvidia-h20"},
			Authority: "us-commerce", Destinations: []string{"CN"}, Date: "2025-08-08", Current: true, Articles: 1, Origins: 1,
			ArticleIDs: []string{"11"}, URLs: []string{"https://chipwire.test/2025/08/h20-licences"},
		},
		Event: store.EventRow{
			ID: 5, Type: "license", Status: "granted", Current: true, Attribution: "reported", Rule: "license-granted-active",
			Evidence:  rules.Evidence{Field: "text", Quote: "The Commerce Department has begun to issue licences that let Nvidia ship its H20 accelerators to customers in China, an official said on Friday."},
			ArticleID: 11, URL: "https://chipwire.test/2025/08/h20-licences", Title: "US starts to issue H20 licences", Source: "chipwire", SourceName: "Chip Wire",
			Lang: "en", Published: "2025-08-08T10:30:00Z",
		},
	}
}

// french is a confirmed licence of two companies, told by a French article that gives its day only.
func french() store.Change {
	return store.Change{
		ID: 8, Kind: "confirmed", At: noon,
		Development: store.DevelopmentRow{
			ID: 4, Type: "license", Status: "granted", Companies: []string{"amd", "nvidia"}, Items: []string{"amd-mi308", "nvidia-h20"},
			Authority: "us-bis", Destinations: []string{"CN"}, Current: true, Official: true, Articles: 5, Origins: 3,
		},
		Event: store.EventRow{
			ID: 6, Type: "license", Status: "granted", Current: true, Attribution: "official", Rule: "licence-accordee",
			Evidence:  rules.Evidence{Field: "text", Quote: "« Les licences ont été délivrées à Nvidia et à AMD », a confirmé le Bureau de l’industrie et de la sécurité."},
			ArticleID: 12, URL: "https://puces.test/actualité/licences?id=12&page=1", Title: "Puces d’IA : Washington a délivré les licences à Nvidia et AMD", Source: "puces", SourceName: "Puces",
			Lang: "fr", Published: "2025-08-07",
		},
	}
}

func testConfig() Config {
	return Config{
		From: "Export watch <watch@example.org>",
		SMTP: SMTP{Host: "127.0.0.1", TLS: tlsNone},
		Subscriptions: []Subscription{
			{Name: "licences", To: []string{"ana@example.org", "bo@example.org"}},
			{Name: "everything", To: []string{"ana@example.org"}, Types: []string{"license", "control/imposed"}, Confirmed: true, Withdrawn: true},
		},
	}
}

func composed(t *testing.T, ch store.Change, sub Subscription, c Config) []byte {
	t.Helper()
	d := deliveries(install, ch, sub, c, noon.Add(time.Minute))[0]
	m, err := Compose(install, ch, sub, d, c)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGoldenMails(t *testing.T) {
	c := testConfig()
	withDashboard := c
	withDashboard.LinkBase = "https://exportwatch.example.org/"
	for _, tt := range []struct {
		golden string
		change store.Change
		sub    Subscription
		config Config
	}{
		{"english.eml", english(), c.Subscriptions[0], c},
		{"french.eml", french(), c.Subscriptions[1], withDashboard},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			got := composed(t, tt.change, tt.sub, tt.config)
			path := filepath.Join("testdata", tt.golden)
			if *update {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("mail differs (-want +got); -update writes it anew:\n%s", diff)
			}
			if again := composed(t, tt.change, tt.sub, tt.config); !bytes.Equal(got, again) {
				t.Error("the same delivery made two different mails")
			}
		})
	}
}

// parts decodes a mail as a reader's program does.
func parts(t *testing.T, raw []byte) (h mail.Header, text, html string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	var body []string
	for {
		p, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		body = append(body, strings.ReplaceAll(string(b), "\r\n", "\n"))
	}
	if len(body) != 2 {
		t.Fatalf("%d parts, want text and HTML", len(body))
	}
	return m.Header, body[0], body[1]
}

// knownTags are the elements of our own template.
var knownTags = strings.Fields("!DOCTYPE html head meta title body h1 p table tr th td blockquote span a br code")

func TestHostileText(t *testing.T) {
	const evil = "A\r\nBcc: thief@example.net\r\n\r\n<script>alert(1)</script> \x00\x1b[31m\u202egnp.exe\u2066 =?utf-8?q?=0D=0ABcc:_x@y.z?= \xff\"'><img src=x onerror=alert(1)>"
	ch := english()
	d, e := &ch.Development, &ch.Event
	d.Type, d.Status, d.Companies, d.Items, d.Authority, d.Date = evil, evil, []string{evil}, []string{evil}, evil, evil
	d.Destinations = []string{evil}
	e.Evidence.Quote, e.Evidence.Field, e.Title, e.Source, e.SourceName, e.Rule, e.Lang, e.Published, e.Attribution = evil, evil, evil, evil, evil, evil, evil, evil, evil
	untitled := ch
	untitled.Development.Companies, untitled.Development.Items = nil, nil

	for name, ch := range map[string]store.Change{"all slots": ch, "title in the subject": untitled} {
		for _, address := range []string{"https://a.test/x", "javascript:alert(1)", "https://a.test/\r\nBcc: x", "data:text/html,x", "https://a.test/\"><script>", "https://nvidіa.test/", "https://a.test@b.test/", "//a.test/", ""} {
			t.Run(name+" "+address, func(t *testing.T) {
				ch := ch
				ch.Event.URL = address
				raw := composed(t, ch, testConfig().Subscriptions[0], testConfig())
				h, text, html := parts(t, raw)

				if len(h) != 10 || h.Get("Bcc") != "" {
					t.Errorf("headers of the page's making: %v", h)
				}
				subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
				if err != nil {
					t.Fatal(err)
				}
				for part, s := range map[string]string{"subject": subject, "text": strings.ReplaceAll(text, "\n", ""), "html": strings.ReplaceAll(html, "\n", "")} {
					if c := clean(s, len(s)+1); strings.Join(strings.Fields(s), " ") != c {
						t.Errorf("%s holds hidden or control characters: %q", part, s)
					}
				}
				if n := len([]rune(subject)); n > maxSubject+1 {
					t.Errorf("subject of %d characters", n)
				}
				for line := range strings.SplitSeq(string(raw), "\r\n") {
					if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") || !isASCII(line) {
						t.Errorf("line of %d bytes, or with bytes that do not belong there: %q", len(line), line)
					}
				}
				for _, m := range regexp.MustCompile(`</?([^\s>]*)`).FindAllStringSubmatch(html, -1) {
					if !slices.Contains(knownTags, m[1]) {
						t.Errorf("HTML holds an element %s", m[0])
					}
				}
				for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
					if m[1] != "https://a.test/x" && m[1] != "https://a.test/%22%3E%3Cscript%3E" {
						t.Errorf("link to %q", m[1])
					}
				}
			})
		}
	}
}

func TestPlainPartIsReadable(t *testing.T) {
	ch := english()
	ch.Event.URL = "https://chipwire.test/" + strings.Repeat("a-very-long-path/", 20)
	ch.Event.Evidence.Quote = strings.Repeat("美国商务部已开始发放许可证，允许英伟达向中国出口H20芯片。", 6)
	_, text, _ := parts(t, composed(t, ch, testConfig().Subscriptions[0], testConfig()))
	if !strings.Contains(text, "\n"+ch.Event.URL+"\n") {
		t.Errorf("the link does not stand on a line of its own:\n%s", text)
	}
	var quoted strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if columnsOf(line) > textColumns && !strings.HasPrefix(line, "https://") {
			t.Errorf("%d columns: %s", columnsOf(line), line)
		}
		if rest, ok := strings.CutPrefix(line, "> "); ok {
			quoted.WriteString(rest)
		}
	}
	if quoted.String() != ch.Event.Evidence.Quote {
		t.Errorf("the quote came out as %q", quoted.String())
	}
}

func TestHeadline(t *testing.T) {
	for _, tt := range []struct {
		change func(*store.Change)
		want   string
	}{
		{func(*store.Change) {}, "Licence granted: NVIDIA · H20 → China (US Commerce)"},
		{func(ch *store.Change) { ch.Kind = "withdrawn" }, "Withdrawn: Licence granted: NVIDIA · H20 → China (US Commerce)"},
		{func(ch *store.Change) { ch.Development.Companies, ch.Development.Items = nil, nil }, "Licence granted: US starts to issue H20 licences"},
		{func(ch *store.Change) {
			ch.Development.Companies = []string{"amd", "intel", "nvidia", "tsmc", "sk-hynix"}
			ch.Development.Authority, ch.Development.Destinations = "", nil
		}, "Licence granted: AMD, Intel, NVIDIA and 2 more · H20"},
		{func(ch *store.Change) {
			ch.Development.Type, ch.Development.Status, ch.Development.Authority = "purchase_curb", "urged", "cn-mofcom"
			ch.Development.Items, ch.Development.Destinations = []string{"ai-chips", "5g-equipment"}, []string{"DE", "XX"}
		}, "Purchase curb urged: NVIDIA · AI Chips, 5G Equipment → Germany, XX (China MOFCOM)"},
	} {
		ch := english()
		tt.change(&ch)
		if got := headline(ch); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}
