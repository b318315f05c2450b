package crawler

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encoders write a body under the content encoding of that name.
var encoders = map[string]func(io.Writer) io.WriteCloser{
	"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"x-gzip":  func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"deflate, raw": func(w io.Writer) io.WriteCloser {
		fw, _ := flate.NewWriter(w, flate.BestSpeed)
		return fw
	},
	"zstd": func(w io.Writer) io.WriteCloser {
		zw, _ := zstd.NewWriter(w)
		return zw
	},
	"identity": func(w io.Writer) io.WriteCloser { return plain{w} },
}

type plain struct{ io.Writer }

func (plain) Close() error { return nil }

func encode(t testing.TB, name string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := encoders[name](&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(body []byte, contentEncoding string, limit int64) ([]byte, error) {
	r, err := newDecodedBody(io.NopCloser(bytes.NewReader(body)), contentEncoding, limit, false)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestDecodedBody(t *testing.T) {
	text := bytes.Repeat([]byte("Exportgenehmigung für H20. "), 1000)
	for name := range encoders {
		header, _, _ := strings.Cut(name, ",")
		t.Run(name, func(t *testing.T) {
			encoded := encode(t, name, text)
			if got, err := decode(encoded, header, int64(len(text))); err != nil || !bytes.Equal(got, text) {
				t.Errorf("a body of exactly the limit: %d bytes, %v; want %d", len(got), err, len(text))
			}
			if _, err := decode(encoded, header, int64(len(text))-1); !errors.Is(err, errTooLarge) {
				t.Errorf("one byte more than the limit: %v, want %v", err, errTooLarge)
			}
			if got, err := decode(nil, header, 10); err != nil || len(got) != 0 {
				t.Errorf("an empty body: %q, %v", got, err)
			}
			if name == "identity" {
				return
			}
			if _, err := decode(encoded[:len(encoded)/2], header, int64(len(text))); !errors.Is(err, errEncoding) {
				t.Errorf("half a body: %v, want %v", err, errEncoding)
			}
			if _, err := decode([]byte("<html>not encoded at all</html>"), header, 1<<20); !errors.Is(err, errEncoding) {
				t.Errorf("a body that is not encoded: %v, want %v", err, errEncoding)
			}
		})
	}
	twice := encode(t, "gzip", encode(t, "br", text))
	if got, err := decode(twice, "br, GZIP", 1<<20); err != nil || !bytes.Equal(got, text) {
		t.Errorf("two layers: %d bytes, %v; want %d", len(got), err, len(text))
	}
	for _, header := range []string{"compress", "gzip, gzip, gzip", "gzip;q=1"} {
		if _, err := decode(text, header, 1<<20); !errors.Is(err, errEncoding) {
			t.Errorf("Content-Encoding: %s: %v, want %v", header, err, errEncoding)
		}
	}
}

// A bomb is refused after the limit, whatever it would unfold to, and so is one that unfolds to nothing for ever.
func TestDecodedBodyBombs(t *testing.T) {
	const limit = 1 << 20
	zeros := make([]byte, 8<<20)
	for _, name := range []string{"gzip", "br", "zstd", "deflate"} {
		bomb := encode(t, name, zeros)
		got, err := decode(bomb, name, limit)
		if !errors.Is(err, errTooLarge) || len(got) > limit {
			t.Errorf("%s: %d bytes of %d came through, %v; want at most %d and %v", name, len(got), len(zeros), err, limit, errTooLarge)
		}
	}
	nothing := encode(t, "gzip", nil)
	if got, err := decode(bytes.Repeat(nothing, limit/len(nothing)+2), "gzip", limit); !errors.Is(err, errTooLarge) {
		t.Errorf("empty members without end: %d bytes, %v; want %v", len(got), err, errTooLarge)
	}
}

// A zstd frame may ask for a window of its own, up to terabytes.
func TestDecodedBodyZstdWindow(t *testing.T) {
	for window, want := range map[int]error{8 << 20: nil, 16 << 20: errEncoding} {
		var b bytes.Buffer
		w, err := zstd.NewWriter(&b, zstd.WithWindowSize(window))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // flushed between, so that the frame cannot know that it is small
			if _, err := w.Write([]byte("text")); err != nil {
				t.Fatal(err)
			}
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := decode(b.Bytes(), "zstd", 100); !errors.Is(err, want) {
			t.Errorf("a window of %d MiB: %q, %v; want %v", window>>20, got, err, want)
		}
	}
}

// A failure of the wire is not blamed on the encoding.
func TestDecodedBodyWireFailure(t *testing.T) {
	broken := errors.New("connection reset")
	encoded := encode(t, "gzip", bytes.Repeat([]byte("text "), 10000))
	wire := io.MultiReader(bytes.NewReader(encoded[:len(encoded)-20]), failing{broken})
	r, err := newDecodedBody(io.NopCloser(wire), "gzip", 1<<20, false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadAll(r); !errors.Is(err, broken) || errors.Is(err, errEncoding) {
		t.Errorf("got %v, want %v alone", err, broken)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
