package alert

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"exportwatch/crawler"
	"exportwatch/extract"
	"exportwatch/rules"
	"exportwatch/store"
)

// open opens the database of a test; a second call with the same path is a second process.
func open(t *testing.T, path string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// told is a database in which the subscriptions of c exist and after that n licences came up, each for another
// company, at noon.
func told(t *testing.T, c Config, n int) *store.Store {
	t.Helper()
	st := open(t, filepath.Join(t.TempDir(), "exportwatch.db"))
	if err := Register(t.Context(), st, c, noon); err != nil {
		t.Fatal(err)
	}
	tell(t, st, n)
	return st
}

func tell(t *testing.T, st *store.Store, n int) { t.Helper(); tellFrom(t, st, 1, n) }

// tellFrom saves the articles with these numbers.
func tellFrom(t *testing.T, st *store.Store, first, last int) {
	t.Helper()
	ctx := t.Context()
	src := crawler.Source{ID: "chipwire", Name: "Chip Wire", Homepage: "https://chipwire.test/", Country: "US", Language: "en", Kind: "trade_press", Timezone: "UTC"}
	if err := st.SyncSources(ctx, []crawler.Source{src}, noon); err != nil {
		t.Fatal(err)
	}
	run, err := st.BeginRun(ctx, store.Run{Kind: "run", Started: noon, Version: "test", Ruleset: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for i := first; i <= last; i++ {
		url := fmt.Sprintf("https://chipwire.test/%d", i)
		quote := fmt.Sprintf("Commerce granted Company %d a licence.", i)
		_, err := st.SaveArticle(ctx, store.Save{
			RunID: run, Now: noon, Ruleset: "test",
			Visit: crawler.Visit{
				Fetch: crawler.Fetch{SourceID: src.ID, URL: url, FinalURL: url, Purpose: crawler.PurposeArticle, At: noon, Status: 200, Outcome: crawler.OutcomeOK},
				Page:  &crawler.Page{SourceID: src.ID, URL: url, RequestURL: url, FetchedAt: noon, Status: 200, Header: http.Header{}, ContentType: "text/html", Body: []byte(quote)},
				State: &crawler.PageState{Key: strings.TrimPrefix(url, "https://"), URL: url, SourceID: src.ID, FetchedAt: noon, Status: 200},
			},
			Article: extract.Article{
				URL: url, SourceID: src.ID, Title: fmt.Sprintf("A licence for company %d", i), Lang: "en", Kind: extract.KindArticle, Text: quote,
				Published: extract.Published{At: noon.Add(-time.Hour), Day: "2025-08-08"},
			},
			Events: []rules.Event{{
				Type: "license", Status: "granted", Companies: []string{fmt.Sprintf("company-%d", i)}, Items: []string{}, Authority: "us-commerce",
				Destinations: []string{"CN"}, Current: true, Attribution: "reported", Rule: "license-granted", Score: 1,
				Evidence: rules.Evidence{Field: "text", Start: 0, End: len(quote), Quote: quote},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// configFor is one subscription with these recipients, at this server.
func configFor(s *server, to ...string) Config {
	return Config{
		From:          "watch@example.org",
		SMTP:          SMTP{Host: s.host, Port: s.port, TLS: tlsNone},
		Subscriptions: []Subscription{{Name: "licences", To: to}},
	}
}

func send(t *testing.T, st *store.Store, c Config, now time.Time) Result {
	t.Helper()
	r, err := Send(t.Context(), st, c, now)
	if err != nil {
		t.Fatalf("send: %v (%+v)", err, r)
	}
	return r
}

func expect(t *testing.T, got Result, queued, sent, deferred, failed int) {
	t.Helper()
	want := Result{Queued: queued, Sent: sent, Deferred: deferred, Failed: failed, Errors: got.Errors}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant queued %d, sent %d, deferred %d, failed %d", got, queued, sent, deferred, failed)
	}
}

const ana, bo = "ana@example.org", "bo@example.org"

func TestSendOnce(t *testing.T) {
	var s server
	s.start(t)
	c := configFor(&s, ana, bo)
	st := told(t, c, 3)
	expect(t, send(t, st, c, noon), 6, 6, 0, 0)
	expect(t, send(t, st, c, noon.Add(time.Hour)), 0, 0, 0, 0)

	mails := s.taken()
	if len(mails) != 6 || s.connected() != 1 {
		t.Fatalf("%d mails over %d connections, want 6 over 1", len(mails), s.connected())
	}
	ids := map[string]bool{}
	for _, m := range mails {
		ids[m.messageID(t)] = true
		h, _, _ := parts(t, m.raw)
		if m.from != "watch@example.org" || h.Get("To") != "<"+m.to+">" {
			t.Errorf("from %s to %s, header %s", m.from, m.to, h.Get("To"))
		}
	}
	if len(ids) != 6 {
		t.Errorf("%d Message-IDs for 6 mails", len(ids))
	}
}

// A second process that opened the database before the first one sent must not send again.
func TestSendOnceAcrossProcesses(t *testing.T) {
	var s server
	s.start(t)
	c := configFor(&s, ana)
	path := filepath.Join(t.TempDir(), "exportwatch.db")
	first, second := open(t, path), open(t, path)
	if err := Register(t.Context(), first, c, noon); err != nil {
		t.Fatal(err)
	}
	tell(t, first, 2)
	if n, err := Queue(t.Context(), second, c, noon); n != 2 || err != nil {
		t.Fatalf("queued %d, %v", n, err)
	}
	expect(t, send(t, first, c, noon), 0, 2, 0, 0)
	expect(t, send(t, second, c, noon), 0, 0, 0, 0)
	if n := len(s.seen()); n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
}

func TestTemporaryRefusal(t *testing.T) {
	for name, misbehave := range map[string]func(*server, *atomic.Bool){
		"at the end of DATA": func(s *server, down *atomic.Bool) {
			s.onData = func(int, *smtp.Conn) error { return refuseWhile(down, 451) }
		},
		"of the recipient": func(s *server, down *atomic.Bool) {
			s.onRcpt = func(string) error { return refuseWhile(down, 450) }
		},
		"of the sender": func(s *server, down *atomic.Bool) {
			s.onMail = func(string) error { return refuseWhile(down, 452) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s server
			var down atomic.Bool
			down.Store(true)
			misbehave(&s, &down)
			s.start(t)
			c := configFor(&s, ana)
			st := told(t, c, 1)

			r := send(t, st, c, noon)
			expect(t, r, 1, 0, 1, 0)
			if len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Error(), "ana@example.org: ") || !strings.Contains(r.Errors[0].Error(), "not now") {
				t.Errorf("errors %v", r.Errors)
			}
			down.Store(false)
			expect(t, send(t, st, c, noon.Add(4*time.Minute)), 0, 0, 0, 0) // before its time
			expect(t, send(t, st, c, noon.Add(5*time.Minute)), 0, 1, 0, 0)
			expect(t, send(t, st, c, noon.Add(24*time.Hour)), 0, 0, 0, 0)
			if n := len(s.taken()); n != 1 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

func refuseWhile(down *atomic.Bool, code int) error {
	if down.Load() {
		return refuse(code, "not now")
	}
	return nil
}

func TestPermanentRefusalOfOneRecipient(t *testing.T) {
	var s server
	s.onRcpt = func(to string) error {
		if to == ana {
			return refuse(550, "no \x1b[31msuch user, "+strings.Repeat("sorry, ", 200))
		}
		return nil
	}
	s.start(t)
	c := configFor(&s, ana, bo)
	st := told(t, c, 2)
	expect(t, send(t, st, c, noon), 4, 2, 0, 2)
	expect(t, send(t, st, c, noon.Add(24*time.Hour)), 0, 0, 0, 0)
	if s.connected() != 1 {
		t.Errorf("%d connections", s.connected())
	}

	rows, err := List(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 {
		t.Fatalf("%d alerts, want 2", len(rows))
	}
	d := rows[0].Deliveries
	if rows[0].State != stateFailed || len(d) != 2 || d[0].State != stateFailed || d[1].State != stateSent {
		t.Errorf("row %+v", rows[0])
	}
	if !strings.Contains(d[0].Error, "550") || strings.Contains(d[0].Error, "\x1b") || strings.Contains(d[0].Error, "affected") || len(d[0].Error) > 2*maxReason {
		t.Errorf("reason %q", d[0].Error)
	}
}

// Every second mail goes over and the connection is cut before the 250. Such a mail waits, the next one takes a new
// connection, and the repeat is the same mail.
func TestCutBeforeTheAnswer(t *testing.T) {
	var s server
	s.onData = func(n int, c *smtp.Conn) error {
		if n <= 2*maxBroken && n%2 == 0 {
			return cutoff(c)
		}
		return nil
	}
	s.start(t)
	c := configFor(&s, ana)
	st := told(t, c, 2*maxBroken+1)
	expect(t, send(t, st, c, noon), 2*maxBroken+1, maxBroken+1, maxBroken, 0)
	expect(t, send(t, st, c, noon.Add(5*time.Minute)), 0, maxBroken, 0, 0)
	expect(t, send(t, st, c, noon.Add(time.Hour)), 0, 0, 0, 0)

	mails := s.seen()
	if len(mails) != 3*maxBroken+1 {
		t.Fatalf("%d mails, want %d", len(mails), 3*maxBroken+1)
	}
	for i := range maxBroken {
		cut, repeat := mails[2*i+1], mails[2*maxBroken+1+i]
		if !bytes.Equal(cut.raw, repeat.raw) {
			t.Errorf("the repeat differs:\n%s\n%s", cut.raw, repeat.raw)
		}
	}
	if mails[0].messageID(t) == mails[1].messageID(t) {
		t.Error("two mails under one Message-ID")
	}
}

// The process dies between the 250 and the mark: the next one repeats this mail under its Message-ID, and no other.
func TestCutBeforeTheMark(t *testing.T) {
	path := filepath.Join(t.TempDir(), "exportwatch.db")
	st := open(t, path)
	var s server
	s.onData = func(n int, _ *smtp.Conn) error {
		if n == 2 {
			st.Close()
		}
		return nil
	}
	s.start(t)
	c := configFor(&s, ana)
	if err := Register(t.Context(), st, c, noon); err != nil {
		t.Fatal(err)
	}
	tell(t, st, 4)
	r, err := Send(t.Context(), st, c, noon)
	if err == nil || !strings.Contains(err.Error(), "the next send may repeat it") {
		t.Errorf("error %v", err)
	}
	expect(t, r, 4, 1, 3, 0)
	if n := len(s.seen()); n != 2 {
		t.Fatalf("%d mails, want the round to stop after 2", n)
	}

	expect(t, send(t, open(t, path), c, noon), 0, 3, 0, 0)
	var ids []string
	for _, m := range s.seen() {
		ids = append(ids, m.messageID(t))
	}
	if len(ids) != 5 || ids[1] != ids[2] {
		t.Errorf("Message-IDs %q, want the second repeated", ids)
	}
}

// After a refused DATA the transaction is still open: the next MAIL must not run into it.
func TestRefusedDATA(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewScanner(conn)
		fmt.Fprint(conn, "220 mail.test\r\n")
		open, refused, body := false, false, false
		for in.Scan() {
			answer := "250 fine"
			switch verb, _, _ := strings.Cut(in.Text(), " "); {
			case body && in.Text() != ".":
				continue
			case body:
				body, open = false, false
			case verb == "MAIL" && open:
				answer = "503 a transaction is open"
			case verb == "MAIL":
				open = true
			case verb == "RSET":
				open = false
			case verb == "DATA" && !refused:
				refused, answer = true, "554 no"
			case verb == "DATA":
				body, answer = true, "354 go on"
			}
			fmt.Fprintf(conn, "%s\r\n", answer)
		}
	}()
	c := configFor(&server{host: "127.0.0.1", port: l.Addr().(*net.TCPAddr).Port}, ana)
	st := told(t, c, 2)
	expect(t, send(t, st, c, noon), 2, 1, 0, 1)
}

// Servers close a connection after some mails, or when idle: the next mail goes over a new one, in the same round.
func TestServerEndsTheSession(t *testing.T) {
	for name, end := range map[string]func(*smtp.Conn) error{
		"with 421":       func(*smtp.Conn) error { return refuse(421, "enough for now") },
		"without a word": cutoff,
	} {
		t.Run(name, func(t *testing.T) {
			var s server
			var conn atomic.Pointer[smtp.Conn] // one that has taken two mails
			s.onData = func(n int, c *smtp.Conn) error {
				if n%2 == 0 {
					conn.Store(c)
				}
				return nil
			}
			s.onMail = func(string) error {
				if c := conn.Swap(nil); c != nil {
					return end(c)
				}
				return nil
			}
			s.start(t)
			c := configFor(&s, ana)
			st := told(t, c, 5)
			expect(t, send(t, st, c, noon), 5, 5, 0, 0)
			if n := len(s.seen()); n != 5 || s.connected() != 3 {
				t.Errorf("%d mails over %d connections, want 5 over 3", n, s.connected())
			}
		})
	}
}

// A connection that always breaks is a problem of the server: the rest stays due as it is.
func TestConnectionBreaksAgainAndAgain(t *testing.T) {
	var s server
	var down atomic.Bool
	down.Store(true)
	s.onData = func(_ int, c *smtp.Conn) error {
		if down.Load() {
			return cutoff(c)
		}
		return nil
	}
	s.start(t)
	c := configFor(&s, ana)
	st := told(t, c, 6)
	r := send(t, st, c, noon)
	expect(t, r, 6, 0, 6, 0)
	if n := len(s.seen()); n != maxBroken {
		t.Errorf("%d tries, want %d", n, maxBroken)
	}
	down.Store(false)
	expect(t, send(t, st, c, noon), 0, 3, 0, 0) // those that were not tried
	expect(t, send(t, st, c, noon.Add(5*time.Minute)), 0, 3, 0, 0)
}

func TestServerDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := server{host: "127.0.0.1", port: l.Addr().(*net.TCPAddr).Port}
	l.Close()
	c := configFor(&gone, ana, bo)
	st := told(t, c, 2)
	r := send(t, st, c, noon)
	expect(t, r, 4, 0, 4, 0)
	if len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Error(), "mail server 127.0.0.1:") {
		t.Errorf("errors %v", r.Errors)
	}
	var s server
	s.start(t)
	back := configFor(&s, ana, bo)
	expect(t, send(t, st, back, noon), 0, 4, 0, 0)
}

// What the server says of us, not of a mail, fails no mail.
func TestServerRefusesUs(t *testing.T) {
	for name, misbehave := range map[string]func(*server, *atomic.Bool){
		"at the banner": func(s *server, down *atomic.Bool) {
			s.onConnect = func() error { return refuseWhile(down, 421) }
		},
		"the sender": func(s *server, down *atomic.Bool) {
			s.onMail = func(string) error { return refuseWhile(down, 550) }
		},
		"without TLS": func(s *server, down *atomic.Bool) {
			s.onRcpt = func(string) error { return refuseWhile(down, 530) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s server
			var down atomic.Bool
			down.Store(true)
			misbehave(&s, &down)
			s.start(t)
			c := configFor(&s, ana)
			st := told(t, c, 2)
			r := send(t, st, c, noon)
			expect(t, r, 2, 0, 2, 0)
			if len(r.Errors) != 1 {
				t.Errorf("errors %v", r.Errors)
			}
			down.Store(false)
			expect(t, send(t, st, c, noon), 0, 2, 0, 0)
		})
	}
}

func TestTLS(t *testing.T) {
	cert, pool := certificate(t)
	for _, tt := range []struct {
		name     string
		starttls bool   // the server offers it
		implicit bool   // the server speaks TLS from the first byte
		mode     string // of the configuration
		trust    bool
		says     string // the error; empty: the mail is sent
	}{
		{name: "STARTTLS is the default", starttls: true, trust: true},
		{name: "implicit TLS", implicit: true, mode: tlsImplicit, trust: true},
		{name: "STARTTLS with an unknown certificate", starttls: true, says: "SSL_CERT_FILE"},
		{name: "implicit TLS with an unknown certificate", implicit: true, mode: tlsImplicit, says: "certificate"},
		{name: "no STARTTLS", trust: true, says: "offers no STARTTLS"},
		{name: "implicit TLS, and a server in plain text", mode: tlsImplicit, trust: true, says: "tls: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := server{implicit: tt.implicit}
			if tt.starttls || tt.implicit {
				s.tls = cert
			}
			s.start(t)
			c := configFor(&s, ana)
			c.SMTP.TLS, c.SMTP.RootCAs = tt.mode, nil
			if tt.trust {
				c.SMTP.RootCAs = pool
			}
			st := told(t, c, 1)
			r := send(t, st, c, noon)
			mails := s.seen()
			if tt.says == "" {
				expect(t, r, 1, 1, 0, 0)
				if len(mails) != 1 || !mails[0].encrypted {
					t.Errorf("not over TLS: %v", mails)
				}
				return
			}
			expect(t, r, 1, 0, 1, 0)
			if len(mails) != 0 || len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Error(), tt.says) {
				t.Errorf("%d mails, errors %v; want none and one with %q", len(mails), r.Errors, tt.says)
			}
		})
	}
}

// A server, or somebody in between, offers STARTTLS and then talks rubbish: nothing may follow in plain text.
func TestBrokenSTARTTLS(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	after := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		fmt.Fprint(conn, "220 mail.test\r\n")
		in.ReadString('\n')
		fmt.Fprint(conn, "250-mail.test\r\n250 STARTTLS\r\n")
		in.ReadString('\n')
		fmt.Fprint(conn, "220 go ahead\r\n")
		in.Peek(1) // the client has begun its handshake
		fmt.Fprint(conn, "this is no TLS\r\n")
		rest, _ := io.ReadAll(in)
		after <- string(rest)
	}()
	c := configFor(&server{host: "127.0.0.1", port: l.Addr().(*net.TCPAddr).Port}, ana)
	c.SMTP.TLS, c.SMTP.Username, c.SMTP.Password = tlsStart, "u", "secret"
	st := told(t, c, 1)
	expect(t, send(t, st, c, noon), 1, 0, 1, 0)
	rest := <-after
	for _, word := range []string{"MAIL", "AUTH", "EHLO", "secret"} {
		if strings.Contains(rest, word) {
			t.Errorf("in plain text: %q", rest)
		}
	}
}

func TestAuthentication(t *testing.T) {
	cert, pool := certificate(t)
	s := server{tls: cert, onAuth: func(user, password string) error {
		if user != "u" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		return nil
	}}
	s.start(t)
	c := configFor(&s, ana)
	c.SMTP.TLS, c.SMTP.RootCAs, c.SMTP.Username, c.SMTP.Password = tlsStart, pool, "u", "wrong"
	st := told(t, c, 2)

	r := send(t, st, c, noon)
	expect(t, r, 2, 0, 2, 0)
	if len(r.Errors) != 1 || !strings.Contains(r.Errors[0].Error(), "check smtp.username and the password in $EXPORTWATCH_SMTP_PASSWORD") {
		t.Errorf("errors %v", r.Errors)
	}
	if strings.Contains(fmt.Sprint(r.Errors), "wrong") {
		t.Errorf("the password stands in the error: %v", r.Errors)
	}
	c.SMTP.Password = "secret"
	expect(t, send(t, st, c, noon), 0, 2, 0, 0)
}

// A server that never answers costs one timeout for each of a few mails, and the rest stays due.
func TestSilentServer(t *testing.T) {
	var s server
	release := make(chan struct{})
	s.onData = func(int, *smtp.Conn) error {
		<-release
		return nil
	}
	s.start(t)
	t.Cleanup(func() { close(release) }) // before the server is stopped
	c := configFor(&s, ana)
	c.SMTP.Timeout = 20 * time.Millisecond
	st := told(t, c, 5)
	r := send(t, st, c, noon)
	expect(t, r, 5, 0, 5, 0)
	if n := len(r.Errors); n != maxBroken+1 || !strings.Contains(r.Errors[0].Error(), "timeout") {
		t.Errorf("errors %v", r.Errors)
	}
}

// The end of the context stops between two mails. The mail under way still gets its mark.
func TestStop(t *testing.T) {
	var s server
	ctx, stop := context.WithCancel(t.Context())
	s.onData = func(n int, _ *smtp.Conn) error {
		if n == 2 {
			stop()
		}
		return nil
	}
	s.start(t)
	c := configFor(&s, ana)
	st := told(t, c, 5)
	r, err := Send(ctx, st, c, noon)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	expect(t, r, 5, 2, 3, 0)
	expect(t, send(t, st, c, noon), 0, 3, 0, 0)
	if n := len(s.seen()); n != 5 {
		t.Errorf("%d mails, want 5", n)
	}
}

// Once the context has ended, neither an old deadline nor a new one holds the process up.
func TestLeavingConnection(t *testing.T) {
	for name, set := range map[string]func(conn net.Conn, stop func()){
		"deadline before": func(conn net.Conn, stop func()) { conn.SetDeadline(time.Now().Add(time.Hour)); stop() },
		"deadline after":  func(conn net.Conn, stop func()) { stop(); synctest.Wait(); conn.SetDeadline(time.Now().Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				here, there := net.Pipe()
				defer there.Close()
				conn := leave(ctx, here)
				defer conn.Close()
				begin := time.Now()
				set(conn, stop)
				if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("read: %v", err)
				}
				if d := time.Since(begin); d != grace {
					t.Errorf("after %v, want %v", d, grace)
				}
			})
		})
	}
}

// A delivery is tried for a week, and then once more at least after a pause of the program.
func TestGivesUp(t *testing.T) {
	var s server
	s.onData = func(int, *smtp.Conn) error { return refuse(451, "not now") }
	s.start(t)
	c := configFor(&s, ana)
	st := told(t, c, 1)
	expect(t, send(t, st, c, noon), 1, 0, 1, 0)
	late := noon.Add(30 * 24 * time.Hour) // the machine was off
	tries := 1
	for now := late; ; now = now.Add(12 * time.Hour) {
		tries++
		r := send(t, st, c, now)
		if r.Failed == 1 {
			if !strings.Contains(r.Errors[0].Error(), "given up after 8 attempts") {
				t.Errorf("errors %v", r.Errors)
			}
			break
		}
		expect(t, r, 0, 0, 1, 0)
		if tries > len(pauses) {
			t.Fatal("never gives up")
		}
	}
	expect(t, send(t, st, c, late.AddDate(1, 0, 0)), 0, 0, 0, 0)
	if n := len(s.seen()); n != len(pauses) {
		t.Errorf("%d tries, want %d", n, len(pauses))
	}
}

// Who was taken out of the configuration gets nothing more, and a wrong file loses nothing.
func TestRecipientNoLongerConfigured(t *testing.T) {
	var s server
	s.start(t)
	c := configFor(&s, ana, bo)
	st := told(t, c, 1)
	if _, err := Queue(t.Context(), st, c, noon); err != nil {
		t.Fatal(err)
	}
	without := configFor(&s, bo)
	expect(t, send(t, st, without, noon), 0, 1, 1, 0)
	expect(t, send(t, st, c, noon), 0, 1, 0, 0)

	c.Subscriptions[0].Name = "renamed"
	st = told(t, configFor(&s, ana), 1)
	if _, err := Queue(t.Context(), st, configFor(&s, ana), noon); err != nil {
		t.Fatal(err)
	}
	expect(t, send(t, st, c, noon.AddDate(0, 0, 6)), 0, 0, 1, 0)
	expect(t, send(t, st, c, noon.AddDate(0, 0, 8)), 0, 0, 0, 1)
}

func TestQueue(t *testing.T) {
	c := configFor(&server{}, ana)
	st := told(t, c, 0)
	tell(t, st, 3)

	// A subscription of today hears nothing of yesterday, and two of them do not disturb each other.
	c.Subscriptions = append(c.Subscriptions,
		Subscription{Name: "late", To: []string{ana, bo}},
		Subscription{Name: "later", To: []string{bo}, Companies: []string{"company-5"}})
	if err := Register(t.Context(), st, c, noon); err != nil {
		t.Fatal(err)
	}
	r, err := queue(t.Context(), st, c, noon)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, r, 3, 0, 0, 0)
	tellFrom(t, st, 4, 5)
	r, err = queue(t.Context(), st, c, noon)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, r, 2+4+1, 0, 0, 0)
	r, err = queue(t.Context(), st, c, noon)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, r, 0, 0, 0, 0)

	// What is too old is skipped for good.
	c.Subscriptions[0].MaxAge = time.Minute
	tellFrom(t, st, 6, 6)
	r, err = queue(t.Context(), st, c, noon)
	if err != nil || r.Skipped != 1 || r.Queued != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestList(t *testing.T) {
	var s server
	s.start(t)
	c := configFor(&s, ana, bo)
	st := told(t, c, 2)
	expect(t, send(t, st, c, noon), 4, 4, 0, 0)
	rows, err := List(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 {
		t.Fatalf("%d alerts, want 2", len(rows))
	}
	got := rows[1]
	h, _, _ := parts(t, s.taken()[2].raw)
	want := Row{
		Kind: "alert", ID: h.Get("X-Alert-Id"), Type: "license", Status: "granted", Companies: []string{"company-2"}, Items: []string{},
		Authority: "us-commerce", Destinations: []string{"CN"}, FirstSeen: "2025-08-08T12:00:00Z", ArticleIDs: []string{"2"},
		URLs: []string{"https://chipwire.test/2"}, DevelopmentID: 2, Change: "new", Subscription: "licences", State: "sent",
		SentAt: "2025-08-08T12:00:00Z", Reason: "license-granted: Commerce granted Company 2 a licence.", Deliveries: got.Deliveries,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d := got.Deliveries; len(d) != 2 || d[0].MessageID != h.Get("Message-ID") || d[0].Recipient != ana || d[1].Recipient != bo {
		t.Errorf("deliveries %+v", d)
	}

	for _, tt := range []struct{ deliveries, want string }{
		{"sent sent", "sent"}, {"sent queued", "queued"}, {"failed queued", "failed"}, {"queued failed sent", "failed"},
	} {
		var ds []store.Delivery
		for state := range strings.FieldsSeq(tt.deliveries) {
			ds = append(ds, store.Delivery{State: state, SentAt: noon})
		}
		row := rowOf("", english(), ds)
		if row.State != tt.want || (row.SentAt != "") != (tt.want == stateSent) {
			t.Errorf("%s: %s, sent at %q", tt.deliveries, row.State, row.SentAt)
		}
	}

	empty, err := List(t.Context(), told(t, c, 1))
	if err != nil || empty == nil || len(empty) != 0 {
		t.Errorf("without alerts: %v, %v; want an empty list", empty, err)
	}
}
