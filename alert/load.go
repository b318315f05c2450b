package alert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"exportwatch/rules"
)

// LoadConfig reads alerts.yaml, and the password of the mail server from the environment. The error names each
// mistake with its line and what to do; what it returns besides is complete.
func LoadConfig(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("alerts configuration: %w", err)
	}
	return parseConfig(path, data, os.Getenv)
}

// maxConfig bounds the file: the parser needs a multiple of it.
const maxConfig = 1 << 20

func parseConfig(path string, data []byte, getenv func(string) string) (Config, error) {
	var c Config
	if len(data) > maxConfig {
		return c, fmt.Errorf("%s: larger than %d KiB, which cannot be an alerts configuration", path, maxConfig>>10)
	}
	err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&c)
	if errors.Is(err, io.EOF) {
		return c, fmt.Errorf("%s: is empty; it needs from, smtp and subscriptions", path)
	}
	if err != nil {
		return Config{}, positioned(path, err)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Config{}, positioned(path, err)
	}
	if len(file.Docs) > 1 {
		return Config{}, fmt.Errorf("%s:%d: a second document begins here; a configuration is one", path, file.Docs[1].Start.Position.Line)
	}
	k := checker{path: path, file: file}
	k.config(&c)
	if c.SMTP.Username != "" {
		if c.SMTP.Password = getenv(c.SMTP.passwordEnv()); c.SMTP.Password == "" {
			k.add("$.smtp.username", "smtp.username is set but the environment variable %s is not: put the password there", c.SMTP.passwordEnv())
		}
	}
	if len(k.errs) > 0 {
		return Config{}, errors.Join(k.errs...)
	}
	return c, nil
}

// positioned puts file and line before a message of the YAML library, and drops its excerpt of the source.
func positioned(path string, err error) error {
	yamlErr, ok := errors.AsType[yaml.Error](err)
	if !ok || yamlErr.GetToken() == nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s:%d: %s", path, yamlErr.GetToken().Position.Line, yamlErr.GetMessage())
}

// checker collects the mistakes of a file, each with its line.
type checker struct {
	path string
	file *ast.File
	errs []error
}

// add reports a mistake at a YAML path ("$.smtp.host"), or where that does not exist, at its nearest parent.
func (k *checker) add(at, format string, args ...any) {
	k.errs = append(k.errs, fmt.Errorf("%s:%d: %s", k.path, k.line(at), fmt.Sprintf(format, args...)))
}

func (k *checker) line(at string) int {
	for at != "$" {
		p, err := yaml.PathString(at)
		if err != nil {
			return 1
		}
		if node, err := p.FilterFile(k.file); err == nil {
			return node.GetToken().Position.Line
		}
		at = at[:strings.LastIndexAny(at, ".[")]
	}
	return 1
}

var (
	slug     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	sourceID = regexp.MustCompile(`^[a-z0-9]+([-_.][a-z0-9]+)*$`)
	country  = regexp.MustCompile(`^[A-Z]{2}$`)
)

func (k *checker) config(c *Config) {
	if c.From == "" {
		k.add("$", "from is missing: the address that the mails come from")
	} else if _, err := address(c.From); err != nil {
		k.add("$.from", "from: %v", err)
	}
	if c.LinkBase != "" && (link(c.LinkBase) == "" || strings.ContainsAny(c.LinkBase, "?#")) {
		k.add("$.link_base", "link_base: not a web address: %q (like https://exportwatch.example.org)", c.LinkBase)
	}
	k.smtp(c.SMTP)
	if len(c.Subscriptions) == 0 {
		k.add("$.subscriptions", "subscriptions is missing or empty: nobody would be told anything")
	}
	seen := map[string]bool{}
	for i := range c.Subscriptions {
		sub := &c.Subscriptions[i]
		at := fmt.Sprintf("$.subscriptions[%d]", i)
		if seen[sub.Name] {
			k.add(at+".name", "name: %q is used twice: each subscription needs a name of its own", sub.Name)
		}
		seen[sub.Name] = true
		k.subscription(at, sub)
	}
}

func (k *checker) smtp(s SMTP) {
	switch {
	case s.Host == "":
		k.add("$.smtp", "smtp.host is missing: the name of the mail server")
	case strings.ContainsFunc(s.Host, func(r rune) bool { return r <= ' ' || r == '/' || r >= 0x7f }) || strings.Count(s.Host, ":") == 1:
		k.add("$.smtp.host", "smtp.host: not a host name: %q (the port belongs into smtp.port)", s.Host)
	}
	if s.Port < 0 || s.Port > 65535 {
		k.add("$.smtp.port", "smtp.port: %d is not between 1 and 65535", s.Port)
	}
	if s.TLS != "" && s.TLS != tlsStart && s.TLS != tlsImplicit && s.TLS != tlsNone {
		k.add("$.smtp.tls", "smtp.tls: %q is none of starttls, tls, none", s.TLS)
	}
	if s.Timeout < 0 {
		k.add("$.smtp.timeout", "smtp.timeout: %s is negative", s.Timeout)
	}
	if s.Username != "" && s.TLS == tlsNone {
		k.add("$.smtp.username", "smtp.username with smtp.tls: none would send the password in plain text: use starttls or tls")
	}
}

func (k *checker) subscription(at string, s *Subscription) {
	if !slug.MatchString(s.Name) {
		k.add(at+".name", "name: %q is not a name of lower-case letters, digits and hyphens (like licences-china)", s.Name)
	}
	if len(s.To) == 0 {
		k.add(at, "subscription %s: to is missing or empty: at least one address", s.Name)
	}
	for i, to := range s.To {
		entry := at + ".to[" + strconv.Itoa(i) + "]"
		a, err := address(to)
		switch {
		case err != nil:
			k.add(entry, "to: %v", err)
		case slices.Contains(s.To[:i], a):
			k.add(entry, "to: %s is named twice", a)
		default:
			s.To[i] = a
		}
	}
	for i, t := range s.Types {
		entry := at + ".types[" + strconv.Itoa(i) + "]"
		kind, status, divided := strings.Cut(t, "/")
		if divided && status == "" {
			k.add(entry, "types: %q lacks the status after the slash; without the slash it means all", t)
		} else if err := rules.TheOntology().Check(kind, status); err != nil {
			k.add(entry, "types: %v", err)
		}
	}
	for _, f := range []struct {
		key    string
		values []string
		form   *regexp.Regexp
		like   string
	}{
		{"companies", s.Companies, slug, "sk-hynix"},
		{"items", s.Items, slug, "nvidia-h20"},
		{"destinations", s.Destinations, country, "CN"},
		{"authorities", s.Authorities, slug, "us-commerce"},
		{"sources", s.Sources, sourceID, "federal-register"},
	} {
		for i, v := range f.values {
			if !f.form.MatchString(v) {
				k.add(fmt.Sprintf("%s.%s[%d]", at, f.key, i), "%s: %q is not written as the database writes it (like %s)", f.key, v, f.like)
			}
		}
	}
	if s.MaxAge < 0 {
		k.add(at+".max_age", "max_age: %s is negative", s.MaxAge)
	}
}

// address returns the bare address of "Name <user@host>" or "user@host". Letters beyond ASCII would need SMTPUTF8 of
// every server on the way.
func address(s string) (string, error) {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return "", fmt.Errorf("not a mail address: %q (like watch@example.org)", s)
	}
	if !isASCII(a.Address) {
		return "", fmt.Errorf("only ASCII letters can be delivered everywhere: %q (a domain has an xn-- form)", a.Address)
	}
	return a.Address, nil
}
