package alert

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const goodConfig = `
from: Export watch <watch@example.org>
link_base: https://exportwatch.example.org
smtp:
  host: mail.example.org
  port: 2587
  tls: starttls
  username: watch
  password_env: MAIL_PASSWORD
  timeout: 10s
subscriptions:
  - name: licences-china
    to: [ana@example.org, Bo <bo@example.org>]
    types: [license/granted, control]
    companies: [nvidia]
    items: [nvidia-h20]
    destinations: [CN]
    authorities: [us-commerce]
    sources: [chipwire]
    max_age: 48h
    confirmed: true
    withdrawn: true
  - name: all
    to: [ana@example.org]
`

func getenv(name string) string {
	return map[string]string{"MAIL_PASSWORD": "secret"}[name]
}

func TestParseConfig(t *testing.T) {
	got, err := parseConfig("alerts.yaml", []byte(goodConfig), getenv)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		From: "Export watch <watch@example.org>", LinkBase: "https://exportwatch.example.org",
		SMTP: SMTP{Host: "mail.example.org", Port: 2587, TLS: "starttls", Username: "watch", PasswordEnv: "MAIL_PASSWORD", Timeout: 10 * time.Second, Password: "secret"},
		Subscriptions: []Subscription{
			{
				Name: "licences-china", To: []string{"ana@example.org", "bo@example.org"}, Types: []string{"license/granted", "control"},
				Companies: []string{"nvidia"}, Items: []string{"nvidia-h20"}, Destinations: []string{"CN"}, Authorities: []string{"us-commerce"},
				Sources: []string{"chipwire"}, MaxAge: 48 * time.Hour, Confirmed: true, Withdrawn: true,
			},
			{Name: "all", To: []string{"ana@example.org"}},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(SMTP{}, "RootCAs")); diff != "" {
		t.Error(diff)
	}
}

func TestParseConfigErrors(t *testing.T) {
	const minimal = "from: w@example.org\nsmtp: {host: mail.example.org}\nsubscriptions:\n- {name: a, to: [x@example.org]}\n"
	if _, err := parseConfig("a.yaml", []byte(minimal), getenv); err != nil {
		t.Fatalf("the minimal configuration: %v", err)
	}
	for _, tt := range []struct {
		name, yaml string
		want       []string // of each error, the beginning
	}{
		{"empty", "", []string{"a.yaml: is empty"}},
		{"comment only", "# later\n", []string{"a.yaml: is empty"}},
		{"not YAML", "from: [a\n", []string{"a.yaml:1: "}},
		{"a list", "- a\n", []string{"a.yaml:1: "}},
		{"two documents", minimal + "---\nfrom: x\n", []string{"a.yaml:5: a second document"}},
		{"unknown key", minimal + "form: x\n", []string{`a.yaml:5: unknown field "form"`}},
		{"unknown key inside", strings.Replace(minimal, "host:", "hots:", 1), []string{`a.yaml:2: unknown field "hots"`}},
		{"key twice", minimal + "from: x@example.org\n", []string{`a.yaml:5: `}},
		{"wrong kind of value", strings.Replace(minimal, "[x@example.org]", "x@example.org", 1), []string{"a.yaml:4: "}},
		{"no duration", strings.Replace(minimal, "name: a,", "name: a, max_age: 3 days,", 1), []string{"a.yaml"}},
		{"everything missing", "link_base: ''\n", []string{"a.yaml:1: from is missing", "a.yaml:1: smtp.host is missing", "a.yaml:1: subscriptions is missing"}},
		{"bad sender", strings.Replace(minimal, "w@example.org", "watch", 1), []string{`a.yaml:1: from: not a mail address: "watch"`}},
		{"sender with a line break", strings.Replace(minimal, "w@example.org", `"w@example.org\r\nBcc: x@example.org"`, 1), []string{`a.yaml:1: from: not a mail address`}},
		{"bad link", minimal + "link_base: ftp://x\n", []string{"a.yaml:5: link_base: "}},
		{"port in the host", strings.Replace(minimal, "mail.example.org", "mail.example.org:25", 1), []string{"a.yaml:2: smtp.host: "}},
		{"bad port", strings.Replace(minimal, "{host", "{port: 70000, host", 1), []string{"a.yaml:2: smtp.port: "}},
		{"bad tls", strings.Replace(minimal, "{host", "{tls: maybe, host", 1), []string{`a.yaml:2: smtp.tls: "maybe" is none of`}},
		{"negative timeout", strings.Replace(minimal, "{host", "{timeout: -1s, host", 1), []string{"a.yaml:2: smtp.timeout: "}},
		{"password in plain text", strings.Replace(minimal, "{host", "{tls: none, username: u, password_env: MAIL_PASSWORD, host", 1), []string{"a.yaml:2: smtp.username with smtp.tls: none"}},
		{"no password", strings.Replace(minimal, "{host", "{username: u, host", 1), []string{"a.yaml:2: smtp.username is set but the environment variable EXPORTWATCH_SMTP_PASSWORD is not"}},
		{"bad name", strings.Replace(minimal, "name: a", "name: A b", 1), []string{`a.yaml:4: name: "A b"`}},
		{"name twice", minimal + "- name: a\n  to: [x@example.org]\n", []string{`a.yaml:5: name: "a" is used twice`}},
		{"no recipient", minimal + "- name: b\n", []string{`a.yaml:5: subscription b: to is missing`}},
		{"bad recipient", minimal + "- name: b\n  to:\n  - c@example.org\n  - d\n", []string{`a.yaml:8: to: not a mail address: "d"`}},
		{"recipient twice", minimal + "- name: b\n  to:\n  - c@example.org\n  - C <c@example.org>\n", []string{`a.yaml:8: to: c@example.org is named twice`}},
		{"recipient beyond ASCII", minimal + "- name: b\n  to: [zoé@example.org]\n", []string{`a.yaml:6: to: only ASCII`}},
		{"unknown type", minimal + "- name: b\n  to: [c@example.org]\n  types:\n  - licence\n", []string{`a.yaml:8: types: no event type "licence"`}},
		{"unknown status", minimal + "- name: b\n  to: [c@example.org]\n  types: [license/given]\n", []string{`a.yaml:7: types: no status "given"`}},
		{"no status", minimal + "- name: b\n  to: [c@example.org]\n  types: [license/]\n", []string{`a.yaml:7: types: "license/" lacks`}},
		{"names instead of slugs", minimal + "- name: b\n  to: [c@example.org]\n  companies: [NVIDIA]\n  destinations: [China]\n", []string{`a.yaml:7: companies: "NVIDIA"`, `a.yaml:8: destinations: "China"`}},
		{"negative age", minimal + "- name: b\n  to: [c@example.org]\n  max_age: -72h\n", []string{`a.yaml:7: max_age: `}},
		{"too large", minimal + strings.Repeat("#", maxConfig), []string{"a.yaml: larger than"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseConfig("a.yaml", []byte(tt.yaml), getenv)
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(tt.want) {
				t.Fatalf("%d errors, want %d:\n%v", len(lines), len(tt.want), err)
			}
			for i, line := range lines {
				if !strings.HasPrefix(line, tt.want[i]) {
					t.Errorf("got  %s\nwant %s…", line, tt.want[i])
				}
			}
		})
	}
}

func TestLoadConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alerts.yaml")
	if _, err := LoadConfig(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte(goodConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MAIL_PASSWORD", "from the environment")
	c, err := LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.SMTP.Password != "from the environment" {
		t.Errorf("password %q", c.SMTP.Password)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte(goodConfig))
	f.Add([]byte("subscriptions: [{name: a, to: [x@example.org], types: [license/]}]"))
	f.Add([]byte("subscriptions:\n- &a {name: b}\n- *a\n"))
	f.Add([]byte("smtp: null\nfrom: !!binary aGk=\n"))
	f.Add([]byte("? {a: b}\n: c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseConfig("a.yaml", data, getenv)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "a.yaml") {
				t.Errorf("an error without the file: %v", err)
			}
			return
		}
		// What the loader lets through can be composed.
		for _, sub := range c.Subscriptions {
			composed(t, english(), sub, c)
		}
	})
}
