// Package demopress is the small world that exportwatch shows and tests itself in: a press of invented sites that
// answer over TLS on names under .test, and a mailbox that speaks SMTP. Crawler and mailer meet real sockets, real
// certificates and real protocols, and nothing of it ever leaves the machine (RFC 6761 reserves .test).
package demopress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// root is the directory of the press in the file system that Serve is given.
const root = "press"

// Press serves all sites of the demo press until it is closed.
type Press struct {
	RootCAs *x509.CertPool // trusts the sites of this press and nothing else

	fsys   fs.FS
	sites  sites
	secure endpoint
	plain  endpoint

	mu       sync.Mutex
	requests []Request
}

type endpoint struct {
	server *http.Server
	addr   string
}

// Request is one request that a site of the press has answered.
type Request struct {
	TLS       bool
	Host      string
	Path      string // with the query
	UserAgent string
	Status    int
	Time      time.Time // of its arrival
}

// Serve starts the press that lies in the directory press of fsys (that of package testdata, or a test's own): one
// folder a host, press.yaml for what files cannot say, and the sources in press/sources. It listens on loopback only.
func Serve(fsys fs.FS) (*Press, error) {
	dir, err := fs.Sub(fsys, root)
	if err != nil {
		return nil, fmt.Errorf("open the demo press: %w", err)
	}
	sites, err := openSites(dir)
	if err != nil {
		return nil, fmt.Errorf("open the demo press: %w", err)
	}
	certificate, roots, err := issue(sites.hosts)
	if err != nil {
		return nil, fmt.Errorf("make certificates of the demo press: %w", err)
	}
	p := &Press{RootCAs: roots, fsys: fsys, sites: sites}
	if p.secure, err = listen(p.logged(sites), certificate); err != nil {
		return nil, fmt.Errorf("serve the demo press: %w", err)
	}
	if p.plain, err = listen(p.logged(http.HandlerFunc(toHTTPS)), nil); err != nil {
		p.secure.server.Close()
		return nil, fmt.Errorf("serve the demo press: %w", err)
	}
	return p, nil
}

// Dial connects the addresses of the press, ports 80 and 443, to its listeners, and refuses every other address as
// one that does not exist. It suits http.Transport.DialContext.
func (p *Press) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	target, ok := map[string]string{"80": p.plain.addr, "443": p.secure.addr}[port]
	if !ok || !slices.Contains(p.sites.hosts, strings.ToLower(host)) {
		return nil, &net.DNSError{Err: "not an address of the demo press", Name: addr, IsNotFound: true}
	}
	return new(net.Dialer).DialContext(ctx, network, target)
}

// Sources returns the file system and the directory of the sources that name the sites of the press.
func (p *Press) Sources() (fsys fs.FS, dir string) { return p.fsys, root + "/sources" }

// Requests returns what the sites have answered so far, in the order of the answers.
func (p *Press) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// Close stops the press at once, open connections included.
func (p *Press) Close() error {
	return errors.Join(p.secure.server.Close(), p.plain.server.Close())
}

// listen serves h on a free port of loopback, over TLS where there is a certificate.
func listen(h http.Handler, certificate *tls.Certificate) (endpoint, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return endpoint{}, err
	}
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		// Clients that distrust the certificate or leave early are the business of the tests, not of a terminal.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	if certificate == nil {
		go server.Serve(l)
		return endpoint{server, l.Addr().String()}, nil
	}
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}}
	go server.ServeTLS(l, "", "")
	return endpoint{server, l.Addr().String()}, nil
}

// logged notes each request with the status of its answer, before the visitor can know of that answer.
func (p *Press) logged(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := Request{
			TLS:       r.TLS != nil,
			Host:      hostOf(r),
			Path:      r.URL.RequestURI(),
			UserAgent: r.UserAgent(),
			Time:      time.Now(),
		}
		h.ServeHTTP(logWriter{w, func(status int) {
			p.mu.Lock()
			defer p.mu.Unlock()
			request.Status = status
			p.requests = append(p.requests, request)
		}}, r)
	})
}

// logWriter tells of the status on its way out. All handlers of the press call WriteHeader.
type logWriter struct {
	http.ResponseWriter
	log func(status int)
}

func (w logWriter) WriteHeader(status int) {
	w.log(status)
	w.ResponseWriter.WriteHeader(status)
}

// toHTTPS moves a visitor to the same address over TLS, as nearly every site of the real press does.
func toHTTPS(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "https://"+hostOf(r)+r.URL.RequestURI(), http.StatusMovedPermanently)
}

// hostOf returns the name that a request is meant for, lower case and without a port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return strings.ToLower(host)
}
