package store

import (
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"exportwatch/developments"
)

// moment is how a time is stored: UTC, RFC 3339 of fixed width, so that text order is time order.
const moment = "2006-01-02T15:04:05Z"

func stamp(t time.Time) string {
	return t.UTC().Format(moment)
}

// optional is stamp for a time that may be unknown: NULL.
func optional(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

// instant scans a stored time; NULL and empty text are the zero time.
type instant struct{ *time.Time }

func (i instant) Scan(value any) error {
	text, _ := value.(string)
	if text == "" {
		*i.Time = time.Time{}
		return nil
	}
	t, err := time.Parse(moment, text)
	if err != nil {
		return fmt.Errorf("stored time %q: %w", text, err)
	}
	*i.Time = t
	return nil
}

// list scans a JSON array of texts; an empty one is [] and not nil, so that it is [] again as JSON.
type list struct{ values *[]string }

func (l list) Scan(value any) error {
	text, _ := value.(string)
	*l.values = []string{}
	if err := json.Unmarshal([]byte(text), l.values); err != nil {
		return fmt.Errorf("stored list %q: %w", text, err)
	}
	return nil
}

// array is list's other direction.
func array(values []string) string {
	if len(values) == 0 {
		return "[]"
	}
	text, err := json.Marshal(values)
	if err != nil { // texts always have a JSON form
		panic(err)
	}
	return string(text)
}

// fingerprint is a developments.Fingerprint as its bytes.
type fingerprint struct{ *developments.Fingerprint }

func (f fingerprint) Value() (driver.Value, error) {
	return binary.Append(nil, binary.BigEndian, f.Fingerprint)
}

func (f fingerprint) Scan(value any) error {
	bytes, _ := value.([]byte)
	if _, err := binary.Decode(bytes, binary.BigEndian, f.Fingerprint); err != nil {
		return fmt.Errorf("stored fingerprint of %d bytes: %w", len(bytes), err)
	}
	return nil
}

// clean replaces NUL, at which C programs end a text and which PostgreSQL refuses, by a blank: one byte for one, so
// that offsets stay.
func clean(text string) string {
	return strings.ReplaceAll(text, "\x00", " ")
}
