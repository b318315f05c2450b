package demopress_test

import (
	"io"
	"net"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"exportwatch/demopress"
)

func serveMailbox(t *testing.T, dir string) *demopress.Mailbox {
	t.Helper()
	m, err := demopress.ServeMailbox(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestMailboxKeepsMails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	m := serveMailbox(t, dir)
	mail := "Subject: licence\r\n\r\n.a line that begins with a dot\r\nNvidia’s H20\r\n"
	for range 2 {
		if err := smtp.SendMail(m.Addr, nil, "watch@demo.test", []string{"a@demo.test", "b@demo.test"}, []byte(mail)); err != nil {
			t.Fatal(err)
		}
	}
	if m.Count() != 2 {
		t.Errorf("Count() = %d, want 2", m.Count())
	}
	for _, name := range []string{"0001.eml", "0002.eml"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != mail {
			t.Errorf("%s: %q, want %q", name, got, mail)
		}
	}
}

func TestMailboxNumbersOn(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"0007.eml", "0041.eml", "notes.txt", "0099.txt", "draft.eml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := serveMailbox(t, dir)
	if err := smtp.SendMail(m.Addr, nil, "a@demo.test", []string{"b@demo.test"}, []byte("Subject: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "0042.eml")); err != nil {
		t.Error(err)
	}
	if m.Count() != 1 {
		t.Errorf("Count() = %d, want 1: old mails do not count", m.Count())
	}
}

func TestMailboxHasBounds(t *testing.T) {
	dir := t.TempDir()
	m := serveMailbox(t, dir)
	big := []byte("Subject: x\r\n\r\n" + strings.Repeat("0123456789abcdef\r\n", 300_000))
	if err := smtp.SendMail(m.Addr, nil, "a@demo.test", []string{"b@demo.test"}, big); err == nil {
		t.Error("a mail of 5 MB was taken")
	}
	crowd := make([]string, 101)
	for i := range crowd {
		crowd[i] = "b@demo.test"
	}
	if err := smtp.SendMail(m.Addr, nil, "a@demo.test", crowd, []byte("Subject: x\r\n\r\n")); err == nil {
		t.Error("a mail to 101 recipients was taken")
	}
	expectEmpty(t, dir)
}

func TestMailboxLeavesNoHalfMail(t *testing.T) {
	dir := t.TempDir()
	m := serveMailbox(t, dir)
	conn, err := net.Dial("tcp", m.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c, err := smtp.NewClient(conn, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Mail("a@demo.test"); err != nil {
		t.Fatal(err)
	}
	if err := c.Rcpt("b@demo.test"); err != nil {
		t.Fatal(err)
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("Subject: cut off\r\n\r\nThe line goes dead in the mid")); err != nil {
		t.Fatal(err)
	}
	if err := c.Text.W.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, conn) // ends when the mailbox has hung up
	expectEmpty(t, dir)
}

func TestMailboxClosesAtOnce(t *testing.T) {
	// The server may not have begun to accept: Close must not leave the listener behind.
	m := serveMailbox(t, t.TempDir())
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	if conn, err := net.Dial("tcp", m.Addr); err == nil {
		conn.Close()
		t.Error("a closed mailbox still accepts")
	}
}

func TestMailboxTellsThatItCannotWrite(t *testing.T) {
	dir := t.TempDir()
	m := serveMailbox(t, dir)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	err := smtp.SendMail(m.Addr, nil, "a@demo.test", []string{"b@demo.test"}, []byte("Subject: x\r\n\r\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "451") {
		t.Errorf("error %v, want a 451, which lets the sender try again", err)
	}
	if m.Count() != 0 {
		t.Errorf("Count() = %d, want 0", m.Count())
	}
}

func expectEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 0 {
		t.Errorf("left in the mailbox: %v", entries)
	}
}
