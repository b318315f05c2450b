package alert

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a real SMTP server on loopback. The functions are its misbehaviour; nil ones take everything.
type server struct {
	host     string
	port     int
	tls      *tls.Config
	implicit bool // TLS from the first byte

	onConnect func() error
	onMail    func(from string) error
	onRcpt    func(to string) error
	onData    func(n int, c *smtp.Conn) error // after the mail has been read
	onAuth    func(user, password string) error

	mu          sync.Mutex
	connections int
	mails       []received
}

// received is one mail that went over, taken or not.
type received struct {
	from, to  string
	encrypted bool
	taken     bool
	raw       []byte
}

func (m received) messageID(t *testing.T) string {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(m.raw))
	if err != nil {
		t.Fatal(err)
	}
	return msg.Header.Get("Message-ID")
}

func (s *server) start(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.host, s.port = "127.0.0.1", l.Addr().(*net.TCPAddr).Port
	srv := smtp.NewServer(s)
	srv.Domain = "mail.test"
	srv.TLSConfig = s.tls
	srv.ErrorLog = discard{}
	if s.implicit {
		l = tls.NewListener(l, s.tls)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(l)
	}()
	t.Cleanup(func() {
		srv.Close()
		<-done
	})
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.connections++
	s.mu.Unlock()
	if s.onConnect != nil {
		if err := s.onConnect(); err != nil {
			return nil, err
		}
	}
	return &serverSession{s: s, c: c}, nil
}

// taken returns the mails that got a 250.
func (s *server) taken() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []received
	for _, m := range s.mails {
		if m.taken {
			out = append(out, m)
		}
	}
	return out
}

// seen returns all mails that went over.
func (s *server) seen() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

func (s *server) connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

type serverSession struct {
	s    *server
	c    *smtp.Conn
	mail received
}

func (s *serverSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.from = from
	if s.s.onMail != nil {
		return s.s.onMail(from)
	}
	return nil
}

func (s *serverSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	if s.s.onRcpt != nil {
		return s.s.onRcpt(to)
	}
	return nil
}

func (s *serverSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := s.mail
	m.raw = raw
	_, m.encrypted = s.c.TLSConnectionState()
	s.s.mu.Lock()
	s.s.mails = append(s.s.mails, m)
	n := len(s.s.mails)
	s.s.mu.Unlock()
	if s.s.onData != nil {
		if err := s.s.onData(n, s.c); err != nil {
			return err
		}
	}
	s.s.mu.Lock()
	s.s.mails[n-1].taken = true
	s.s.mu.Unlock()
	return nil
}

func (s *serverSession) Reset()        { s.mail = received{} }
func (s *serverSession) Logout() error { return nil }

func (s *serverSession) AuthMechanisms() []string {
	if s.s.onAuth == nil {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *serverSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error { return s.s.onAuth(user, password) }), nil
}

// cutoff closes the connection where an answer should come.
func cutoff(c *smtp.Conn) error {
	c.Conn().Close()
	return errors.New("cut")
}

func refuse(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// certificate makes one for 127.0.0.1, and the pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:        true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}
