package alert

import (
	"crypto/x509"
	"time"
)

// Config says who is told what, and by which server. The zero value of a setting is its default.
type Config struct {
	From          string         `yaml:"from"`      // sender: "exportwatch@example.org" or "Export watch <exportwatch@example.org>"
	LinkBase      string         `yaml:"link_base"` // where the dashboard answers; empty: mails link to the articles only
	SMTP          SMTP           `yaml:"smtp"`
	Subscriptions []Subscription `yaml:"subscriptions"`
}

// SMTP is the server that takes the mails.
type SMTP struct {
	Host        string        `yaml:"host"`
	Port        int           `yaml:"port"`         // default 587 with starttls, 465 with tls, 25 with none
	TLS         string        `yaml:"tls"`          // starttls (default; never falls back to plain text), tls from the first byte, none
	Username    string        `yaml:"username"`     // empty: no authentication
	PasswordEnv string        `yaml:"password_env"` // environment variable that holds the password. Default EXPORTWATCH_SMTP_PASSWORD
	Timeout     time.Duration `yaml:"timeout"`      // of connecting and of each mail. Default 30s

	Password string         `yaml:"-"` // LoadConfig reads it from the environment
	RootCAs  *x509.CertPool `yaml:"-"` // nil: those of the system
}

// Subscription is one filter and those who want to hear what passes it. Filters of different kinds must all pass; of
// one kind, one value suffices; an empty one lets all pass.
type Subscription struct {
	Name         string        `yaml:"name"`         // lower-case slug; the cursor and all deliveries hang on it
	To           []string      `yaml:"to"`           // addresses; each gets a mail of its own
	Types        []string      `yaml:"types"`        // "license" or "license/granted". Default license
	Companies    []string      `yaml:"companies"`    // slugs
	Items        []string      `yaml:"items"`        // slugs
	Destinations []string      `yaml:"destinations"` // ISO 3166-1 alpha-2
	Authorities  []string      `yaml:"authorities"`  // slugs, as recorded: us-commerce does not include us-bis
	Sources      []string      `yaml:"sources"`      // ids of the source that told it first
	MaxAge       time.Duration `yaml:"max_age"`      // of the article at the time of the change. Default 72h
	Confirmed    bool          `yaml:"confirmed"`    // also tell when what was reported is confirmed officially
	Withdrawn    bool          `yaml:"withdrawn"`    // also tell when it is withdrawn
}

// Ways to protect the connection to the server.
const (
	tlsStart    = "starttls"
	tlsImplicit = "tls"
	tlsNone     = "none"
)

const (
	defaultType        = "license"
	defaultPasswordEnv = "EXPORTWATCH_SMTP_PASSWORD"
	defaultTimeout     = 30 * time.Second
	defaultMaxAge      = 72 * time.Hour
)

func (s Subscription) maxAge() time.Duration {
	if s.MaxAge == 0 {
		return defaultMaxAge
	}
	return s.MaxAge
}

func (s SMTP) port() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.TLS == tlsImplicit:
		return 465
	case s.TLS == tlsNone:
		return 25
	}
	return 587
}

func (s SMTP) timeout() time.Duration {
	if s.Timeout == 0 {
		return defaultTimeout
	}
	return s.Timeout
}

func (s SMTP) passwordEnv() string {
	if s.PasswordEnv == "" {
		return defaultPasswordEnv
	}
	return s.PasswordEnv
}
