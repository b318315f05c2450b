package alert

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// serverError says that the server takes no mail at all now. It says nothing about a single delivery.
type serverError struct {
	address string
	err     error
}

func (e *serverError) Error() string {
	return fmt.Sprintf("mail server %s: %s", e.address, clean(e.err.Error(), maxReason)) // it may quote the server
}

func (e *serverError) Unwrap() error { return e.err }

// session is a connection to the server, good for many mails.
type session struct {
	client *gomail.Client
	smtp   *smtp.Client
	conn   net.Conn
}

// grace is how long the mail under way may take after the context has ended: a 250 that still comes saves a repeat.
const grace = 5 * time.Second

// dial connects, with TLS and authentication as configured. Its errors are *serverError.
func dial(ctx context.Context, c SMTP) (*session, error) {
	s := &session{}
	tlsConfig := &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}
	policy := gomail.TLSMandatory
	if c.TLS == tlsImplicit || c.TLS == tlsNone {
		policy = gomail.NoTLS
	}
	options := []gomail.Option{
		gomail.WithPort(c.port()),
		gomail.WithTimeout(c.timeout()),
		gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(tlsConfig),
		gomail.WithoutNoop(),     // costs a round trip; a connection that is gone shows at MAIL just as well
		gomail.WithoutRset(),     // would stand between the server's 250 and our mark, and its failure look like one of the mail
		gomail.WithoutSMTPUTF8(), // all that we send is ASCII; a relay that asks for more could be refused further on
		gomail.WithDialContextFunc(func(dialing context.Context, network, _ string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(dialing, network, c.address()) // go-mail's own lacks the brackets of IPv6
			if err != nil {
				return nil, err
			}
			s.conn = leave(ctx, conn)
			if c.TLS == tlsImplicit {
				// As a *tls.Conn, so that go-mail knows that a password may go over it.
				return tls.Client(s.conn, tlsConfig), nil
			}
			return s.conn, nil
		}),
	}
	if c.Username != "" {
		// PLAIN and LOGIN refuse a connection without TLS by themselves.
		options = append(options, gomail.WithUsername(c.Username), gomail.WithPassword(c.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	var err error
	if s.client, err = gomail.NewClient(c.Host, options...); err != nil {
		return nil, &serverError{c.address(), err}
	}
	if s.smtp, err = s.client.DialToSMTPClientWithContext(ctx); err != nil {
		s.cut() // go-mail leaves the connection open
		return nil, &serverError{c.address(), advise(err, c)}
	}
	return s, nil
}

// advise adds what the user can do to the refusals that a wrong configuration causes.
func advise(err error, c SMTP) error {
	if refusal, ok := errors.AsType[*textproto.Error](err); ok && (refusal.Code == 534 || refusal.Code == 535) {
		return fmt.Errorf("%w (check smtp.username and the password in $%s)", err, c.passwordEnv())
	}
	if strings.Contains(err.Error(), "does not support STARTTLS") {
		return errors.New("it offers no STARTTLS, and mail does not go out in plain text (check smtp.port; smtp.tls: tls is for port 465, none for a server on this machine)")
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("%w (check smtp.host: the certificate must be for that name; one that no authority has signed must be among those that this machine trusts, SSL_CERT_FILE can name a file of them)", err)
	}
	return err
}

// leavingConn is a connection with little time left once its context has ended, whoever sets a deadline.
type leavingConn struct {
	net.Conn
	ctx  context.Context
	stop func() bool // ends the watch over the context
}

func leave(ctx context.Context, conn net.Conn) net.Conn {
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now().Add(grace)) })
	return leavingConn{conn, ctx, stop}
}

func (c leavingConn) SetDeadline(t time.Time) error {
	if err := c.Conn.SetDeadline(t); err != nil {
		return err
	}
	if c.ctx.Err() != nil {
		return c.Conn.SetDeadline(time.Now().Add(grace))
	}
	return nil
}

func (c leavingConn) Close() error {
	c.stop()
	return c.Conn.Close()
}

// verdict is what the server says of one mail.
type verdict struct {
	err       error // nil: taken
	permanent bool  // it will never take this mail
	server    bool  // it takes no mail from us as things are configured
	broken    bool  // the connection is of no more use
	inDoubt   bool  // the connection broke when the server may have taken the mail
}

// send hands one mail over.
func (s *session) send(m *gomail.Msg) verdict {
	err := s.client.SendWithSMTPClient(s.smtp, m)
	if err == nil {
		return verdict{}
	}
	refusal, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return verdict{err: err, broken: true}
	}
	v := verdict{err: reasonOf(refusal)}
	switch code := refusal.ErrorCode(); {
	case refusal.Reason == gomail.ErrGetSender, refusal.Reason == gomail.ErrGetRcpts:
		v.permanent = true
	case code == 0: // not an answer of the server: the connection broke, timed out, or talks rubbish
		v.broken = true
		v.inDoubt = refusal.Reason == gomail.ErrWriteContent || refusal.Reason == gomail.ErrSMTPDataClose
	case code == 421: // RFC 5321, 3.8: the server closes the connection
		v.broken = true
	case refusal.IsTemp():
	case code == 530:
		v.server = true
		v.err = fmt.Errorf("%w (it wants TLS or a password: check smtp.tls and smtp.username)", v.err)
	case refusal.Reason == gomail.ErrSMTPMailFrom:
		v.server = true
		v.err = fmt.Errorf("%w (it refuses the sender: check from)", v.err)
	default:
		v.permanent = true
	}
	if refusal.Reason == gomail.ErrSMTPData && !v.broken {
		// The server still holds the transaction open, and go-mail resets only after MAIL and RCPT.
		v.broken = s.smtp.Reset() != nil
	}
	return v
}

// reasonOf is what the server said, without the recipient and Message-ID that go-mail appends. Its text is as
// untrusted as that of a page.
func reasonOf(err *gomail.SendError) error {
	text, _, _ := strings.Cut(err.Error(), ", affected ")
	return errors.New(clean(text, maxReason))
}

// close takes leave, and does not wait long for the answer.
func (s *session) close() {
	s.conn.SetDeadline(time.Now().Add(grace))
	_ = s.client.CloseWithSMTPClient(s.smtp) // all mails are settled: nothing depends on the answer to QUIT
	s.cut()
}

// cut ends the connection without a word.
func (s *session) cut() {
	if s.conn != nil {
		s.conn.Close()
	}
}

func (c SMTP) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.port())) }
