package crawler

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

const (
	acceptEncoding = "gzip, br, zstd"
	maxEncodings   = 2       // layers of one body; more than one is already odd
	zstdWindow     = 8 << 20 // RFC 9659: the most that a body on the web may ask for
)

var (
	errTooLarge = errors.New("body too large")
	errEncoding = errors.New("bad content encoding")
)

// decodedBody undoes the content encodings of a body and lets at most limit bytes through, raw as well as decoded:
// an empty member can be repeated for ever without decoding to anything. At the limit it fails with errTooLarge, or
// ends where truncate is set.
type decodedBody struct {
	io.Reader
	raw    io.Closer
	layers []func()
}

func newDecodedBody(raw io.ReadCloser, contentEncoding string, limit int64, truncate bool) (*decodedBody, error) {
	body := &decodedBody{raw: raw}
	names := strings.FieldsFunc(strings.ToLower(contentEncoding), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	if len(names) > maxEncodings {
		return nil, fmt.Errorf("%w: %d layers", errEncoding, len(names))
	}
	wire := &limitedReader{r: raw, left: limit, truncate: truncate && len(names) == 0}
	var reader io.Reader = wire
	for _, name := range slices.Backward(names) { // applied in the order in which they are listed
		var err error
		if reader, err = body.decoder(name, reader); err != nil {
			body.closeLayers()
			return nil, err
		}
	}
	if len(names) > 0 {
		reader = &limitedReader{r: encodingErrors{reader, wire}, left: limit, truncate: truncate}
	}
	body.Reader = reader
	return body, nil
}

// decoder wraps r. Decoders that read ahead at once see an empty body as an empty body, not as a broken one.
func (b *decodedBody) decoder(name string, r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	first, err := buffered.Peek(2)
	if len(first) == 0 {
		if err == io.EOF {
			return buffered, nil
		}
		return nil, err
	}
	switch name {
	case "identity":
		return buffered, nil
	case "gzip", "x-gzip":
		reader, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errEncoding, err)
		}
		return reader, nil
	case "br":
		return brotli.NewReader(buffered), nil
	case "zstd":
		reader, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errEncoding, err)
		}
		b.layers = append(b.layers, reader.Close)
		return reader, nil
	case "deflate":
		// Named after the raw format, defined as the zlib one; both are sent. RFC 1950: the first two bytes of
		// zlib are a multiple of 31.
		if len(first) == 2 && first[0]&0x0f == 8 && (int(first[0])<<8|int(first[1]))%31 == 0 {
			reader, err := zlib.NewReader(buffered)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", errEncoding, err)
			}
			return reader, nil
		}
		return flate.NewReader(buffered), nil
	}
	return nil, fmt.Errorf("%w: %q is not one of %s", errEncoding, clip(name, maxQuote), acceptEncoding)
}

func (b *decodedBody) closeLayers() {
	for _, closeLayer := range b.layers {
		closeLayer()
	}
}

func (b *decodedBody) Close() error {
	b.closeLayers()
	return b.raw.Close()
}

// limitedReader lets left bytes through and then fails, or ends.
type limitedReader struct {
	r        io.Reader
	left     int64
	truncate bool
	err      error // the failure that ended it; io.EOF is none
}

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if l.truncate && l.left == 0 {
		return 0, io.EOF
	}
	most := l.left
	if !l.truncate {
		most++ // one byte more tells a body of exactly the limit from a longer one
	}
	if int64(len(p)) > most {
		p = p[:most]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		n, err = n-1, errTooLarge
	}
	if err != io.EOF {
		l.err = err
	}
	return n, err
}

// encodingErrors marks what a decoder complains of, unless the wire failed under it.
type encodingErrors struct {
	r    io.Reader
	wire *limitedReader
}

func (e encodingErrors) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case e.wire.err != nil:
		return n, e.wire.err
	}
	return n, fmt.Errorf("%w: %w", errEncoding, err)
}
