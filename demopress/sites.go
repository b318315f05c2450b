package demopress

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// manifest is press.yaml: what the files of the press cannot say of themselves.
type manifest struct {
	Modified time.Time        `yaml:"modified"` // Last-Modified of every page: embedded files have no times of their own
	Paths    map[string]reply `yaml:"paths"`    // by host and path: "www.chipwire.test/feed.xml"
}

// reply overrides how one address answers. Zero fields override nothing.
type reply struct {
	File        string `yaml:"file"`         // served instead of the file that the path names
	ContentType string `yaml:"content_type"` // instead of the one that the file's ending implies
	Redirect    string `yaml:"redirect"`     // 301 to this URL
	Status      int    `yaml:"status"`       // an error status, answered with a page that says so
}

// contentTypes are the defaults by ending.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".xml":  "application/xml",
	".txt":  "text/plain; charset=utf-8",
}

// sites answers for all hosts of the press from files, as a plain web server would.
type sites struct {
	dir      fs.FS
	hosts    []string
	manifest manifest
}

func openSites(dir fs.FS) (sites, error) {
	s := sites{dir: dir}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return sites{}, err
	}
	for _, e := range entries {
		if e.IsDir() && strings.HasSuffix(e.Name(), ".test") {
			s.hosts = append(s.hosts, e.Name())
		}
	}
	if len(s.hosts) == 0 {
		return sites{}, errors.New("no folder is named after a host under .test")
	}
	data, err := fs.ReadFile(dir, "press.yaml")
	if err != nil {
		return sites{}, err
	}
	if err := yaml.UnmarshalWithOptions(data, &s.manifest, yaml.DisallowUnknownField()); err != nil {
		return sites{}, fmt.Errorf("press.yaml: %w", err)
	}
	for address, r := range s.manifest.Paths {
		if err := s.check(address, r); err != nil {
			return sites{}, fmt.Errorf("press.yaml: %s: %w", address, err)
		}
	}
	return s, nil
}

func (s sites) check(address string, r reply) error {
	host, _, _ := strings.Cut(address, "/")
	if !slices.Contains(s.hosts, host) {
		return fmt.Errorf("no folder is named %q", host)
	}
	if r.Status != 0 && http.StatusText(r.Status) == "" {
		return fmt.Errorf("status %d does not exist", r.Status)
	}
	if r.Status != 0 || r.Redirect != "" {
		return nil
	}
	_, err := fs.Stat(s.dir, s.file(address, r))
	return err
}

// file returns the file behind an address.
func (s sites) file(address string, r reply) string {
	if r.File != "" {
		return r.File
	}
	if strings.HasSuffix(address, "/") {
		return address + "index.html"
	}
	return address
}

func (s sites) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := hostOf(r)
	if !slices.Contains(s.hosts, host) {
		refuse(w, http.StatusMisdirectedRequest)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	address := host + r.URL.Path
	reply := s.manifest.Paths[address]
	if reply.Status != 0 {
		refuse(w, reply.Status)
		return
	}
	if reply.Redirect != "" {
		http.Redirect(w, r, reply.Redirect, http.StatusMovedPermanently)
		return
	}
	name := s.file(address, reply)
	// fs.ValidPath refuses "..", so no host reaches the files of another.
	if info, err := fs.Stat(s.dir, name); err == nil && info.IsDir() {
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
		return
	}
	body, err := fs.ReadFile(s.dir, name)
	if err != nil {
		refuse(w, http.StatusNotFound)
		return
	}
	contentType := reply.ContentType
	if contentType == "" {
		contentType = contentTypes[path.Ext(name)]
	}
	s.send(w, r, contentType, body)
}

// send answers with a body, or with 304 where the visitor has it already. The bytes go out untouched but for gzip.
func (s sites) send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	h := w.Header()
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	h.Set("Vary", "Accept-Encoding")
	tag := fmt.Sprintf("%.8x", sha256.Sum256(body))
	if acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = compressed(body)
		tag += "-gzip" // two representations, two strong validators: RFC 9110 section 8.8.3.3
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", s.manifest.Modified, bytes.NewReader(body))
}

// acceptsGzip takes any mention of gzip for consent; the press has no visitors that weigh encodings.
func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

func compressed(body []byte) []byte {
	var out bytes.Buffer
	zw := gzip.NewWriter(&out)
	zw.Write(body) // a bytes.Buffer takes everything
	zw.Close()
	return out.Bytes()
}

// refuse answers with an error page such as web servers make.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", contentTypes[".html"])
	w.WriteHeader(status)
	text := http.StatusText(status)
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>%[1]d %[2]s</title></head><body><h1>%[2]s</h1></body></html>\n", status, text)
}
