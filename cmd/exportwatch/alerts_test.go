package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"exportwatch/alert"
)

// Cron mails what stands on stderr: it must say what is left to do.
func TestReportMail(t *testing.T) {
	for _, tt := range []struct {
		result alert.Result
		want   []string
	}{
		{alert.Result{Sent: 3}, nil},
		{alert.Result{Deferred: 2, Errors: []error{errors.New("mail server mail.test: gone")}}, []string{"mail not delivered", "gone", "mails wait for another try", "queued=2"}},
		{alert.Result{Failed: 1, Errors: []error{errors.New("550 no such user")}}, []string{"550 no such user", "mails given up", "failed=1", "alerts list --state failed"}},
	} {
		var stderr bytes.Buffer
		newProgram(nil, io.Discard, &stderr).reportMail(tt.result)
		for _, want := range tt.want {
			if !strings.Contains(stderr.String(), want) {
				t.Errorf("%+v: stderr does not say %q:\n%s", tt.result, want, stderr.String())
			}
		}
		if tt.want == nil && stderr.Len() > 0 {
			t.Errorf("%+v: %s", tt.result, stderr.String())
		}
	}
}
