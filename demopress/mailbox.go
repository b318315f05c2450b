package demopress

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Bounds of the mailbox. An alert is a few kilobytes to a handful of people.
const (
	maxMessageBytes = 4 << 20
	maxRecipients   = 100
)

// Mailbox is an SMTP server on loopback that delivers every mail into one folder, whoever it is for.
type Mailbox struct {
	Addr string // host:port

	dir      string
	listener net.Listener
	server   *smtp.Server
	served   chan struct{} // closed when the server has stopped accepting

	mu     sync.Mutex
	closed bool
	last   int // number of the newest file in dir
	count  int
}

// ServeMailbox starts a mailbox that leaves each mail in dir as NNNN.eml, numbered on from the files that are there.
// It makes the folder where it is missing.
func ServeMailbox(dir string) (*Mailbox, error) {
	last, err := lastNumber(dir)
	if err != nil {
		return nil, fmt.Errorf("open mailbox: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve mailbox: %w", err)
	}
	m := &Mailbox{
		Addr:     listener.Addr().String(),
		dir:      dir,
		listener: listener,
		served:   make(chan struct{}),
		last:     last,
	}
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return delivery{m}, nil }))
	m.server.Domain = "localhost"
	m.server.MaxMessageBytes = maxMessageBytes
	m.server.MaxRecipients = maxRecipients
	m.server.ReadTimeout = time.Minute
	m.server.WriteTimeout = time.Minute
	m.server.EnableSMTPUTF8 = true
	m.server.ErrorLog = log.New(io.Discard, "", 0) // the client hears of errors in the dialogue
	go func() {
		defer close(m.served)
		m.server.Serve(listener)
	}()
	return m, nil
}

// Count returns the number of mails delivered since the start.
func (m *Mailbox) Count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count
}

// Close stops the mailbox at once. What was delivered stays, a mail cut off before its end leaves nothing, and
// nothing is written after Close has returned.
func (m *Mailbox) Close() error {
	m.mu.Lock()
	m.closed = true // the server does not wait for its dialogues
	m.mu.Unlock()
	err := m.server.Close()
	// The server closes the listeners that it has begun to serve. Where it has not come to that yet, this does.
	if cerr := m.listener.Close(); cerr != nil && !errors.Is(cerr, net.ErrClosed) {
		err = errors.Join(err, cerr)
	}
	<-m.served
	return err
}

// store writes one mail under the next number. The file appears under its name only when it is whole.
func (m *Mailbox) store(mail []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return errors.New("it is closed")
	}
	tmp, err := os.CreateTemp(m.dir, ".incoming-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // nothing is left of it once it is renamed
	_, err = tmp.Write(mail)
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), filepath.Join(m.dir, fmt.Sprintf("%04d.eml", m.last+1))); err != nil {
		return err
	}
	m.last++
	m.count++
	return nil
}

// lastNumber makes dir where it is missing and returns the highest number of a mail in it, 0 for none.
func lastNumber(dir string) (int, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	last := 0
	for _, e := range entries {
		name, isMail := strings.CutSuffix(e.Name(), ".eml")
		if n, err := strconv.Atoi(name); isMail && err == nil {
			last = max(last, n)
		}
	}
	return last, nil
}

// delivery is one SMTP dialogue. The protocol's state is the server's business; only DATA leaves a trace.
type delivery struct{ box *Mailbox }

func (delivery) Reset()                               {}
func (delivery) Logout() error                        { return nil }
func (delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (delivery) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (d delivery) Data(r io.Reader) error {
	mail, err := io.ReadAll(r) // the server bounds it
	if err != nil {
		return err
	}
	if err := d.box.store(mail); err != nil {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The mailbox cannot write: " + err.Error()}
	}
	return nil
}
