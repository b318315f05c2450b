package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"exportwatch/crawler"
	"exportwatch/developments"
	"exportwatch/extract"
)

// SaveArticle writes the fetch, the page state and the article of a visit with all that follows from it: version,
// extraction, search index, events, developments, matters and changes. It is all or nothing, in one transaction.
//
// An article is known by the key of its canonical address, or by that of the address visited. Bytes that are known
// already add nothing but the fetch. Other bytes are an edit: events that are still there keep their ids, new ones
// are added, vanished ones are marked as withdrawn. A page that is no article (a paywall, a consent wall) is stored
// under the address visited, has no events, and takes nothing from an article that was there before.
func (s *Store) SaveArticle(ctx context.Context, save Save) (Saved, error) {
	if save.Visit.Page == nil {
		return Saved{}, fmt.Errorf("save article %s: the visit has no page", save.Visit.Fetch.URL)
	}
	w, err := newArticleWriter(save, s.zip)
	if err == nil {
		err = s.write(ctx, func(tx *sql.Tx) error { return w.write(ctx, tx) })
	}
	if err != nil {
		return Saved{}, fmt.Errorf("save article %s: %w", save.Visit.Fetch.URL, err)
	}
	return w.saved, nil
}

// articleWriter is one Save on its way into the database.
type articleWriter struct {
	Save
	visited  crawler.PageState // of the address asked for
	key      string            // identity of the article, if it is a new one
	hash     string            // of the bytes
	html     []byte            // compressed
	headers  string            // JSON
	print    developments.Fingerprint
	official bool // the source is an authority's or company's own

	saved Saved
}

// newArticleWriter does all that needs no database, so that the transaction is short.
func newArticleWriter(save Save, zip *zstd.Encoder) (*articleWriter, error) {
	page := save.Visit.Page
	sum := sha256.Sum256(page.Body)
	w := &articleWriter{Save: save, hash: hex.EncodeToString(sum[:])}
	w.Article.Title, w.Article.Text = clean(save.Article.Title), clean(save.Article.Text)
	w.Article.Authors = slices.Clone(save.Article.Authors)
	for i, author := range w.Article.Authors {
		w.Article.Authors[i] = clean(author)
	}
	w.Article.URL = clean(cmp.Or(save.Article.URL, page.URL, save.Visit.Fetch.URL))
	w.print = developments.FingerprintOf(w.Article.Title, w.Article.Text)
	w.html = zip.EncodeAll(page.Body, nil)

	var err error
	if w.headers, err = keptHeaders(page.Header); err != nil {
		return nil, fmt.Errorf("headers: %w", err)
	}
	if w.visited, err = visitedPage(save.Visit, w.hash); err != nil {
		return nil, err
	}
	w.key = w.visited.Key
	if save.Article.Kind == extract.KindArticle {
		// Another kind of page claims addresses that are not its own: each consent wall of a site the same one.
		if w.key, err = crawler.Key(w.Article.URL); err != nil {
			return nil, err
		}
	}
	w.visited.Settled = true // it is stored now
	w.Visit.State = &w.visited
	return w, nil
}

// keptHeaders are those that say something of the document, as a JSON object. Cookies are nobody's business.
func keptHeaders(header http.Header) (string, error) {
	kept := map[string]string{}
	for _, name := range []string{"Content-Language", "Content-Type", "Date", "Etag", "Last-Modified", "Link"} {
		if value := header.Get(name); value != "" {
			kept[name] = clean(value)
		}
	}
	object, err := json.Marshal(kept)
	return string(object), err
}

// visitedPage is what to remember of the address visited: what the crawler says, else what the page says.
func visitedPage(v crawler.Visit, hash string) (crawler.PageState, error) {
	if v.State != nil {
		return *v.State, nil
	}
	key, err := crawler.Key(v.Fetch.URL)
	return crawler.PageState{
		Key:          key,
		URL:          v.Fetch.URL,
		SourceID:     v.Fetch.SourceID,
		ETag:         v.Page.Header.Get("Etag"),
		LastModified: v.Page.Header.Get("Last-Modified"),
		BodyHash:     hash,
		FetchedAt:    v.Page.FetchedAt,
		Status:       v.Page.Status,
	}, err
}

// known is an article as it is before the write.
type known struct {
	id         int64
	kind       extract.Kind
	extraction int64
}

func (w *articleWriter) write(ctx context.Context, tx *sql.Tx) error {
	if err := saveVisit(ctx, tx, w.RunID, w.Visit); err != nil {
		return err
	}
	before, err := w.find(ctx, tx)
	if err != nil {
		return err
	}
	if before.id == 0 {
		if before.id, err = w.insert(ctx, tx); err != nil {
			return fmt.Errorf("insert article: %w", err)
		}
		w.saved.New = true
	}
	w.saved.ArticleID = before.id
	if err := w.linkPages(ctx, tx); err != nil {
		return fmt.Errorf("link pages: %w", err)
	}
	extraction, err := w.saveText(ctx, tx)
	if err != nil {
		return err
	}
	if extraction == before.extraction || before.kind == extract.KindArticle && w.Article.Kind != extract.KindArticle {
		return nil
	}
	if before.kind != extract.KindArticle && w.Article.Kind == extract.KindArticle {
		w.saved.New = true
	}
	if err := w.show(ctx, tx, extraction, before.kind); err != nil {
		return fmt.Errorf("update article: %w", err)
	}
	return w.saveEvents(ctx, tx, extraction)
}

// find looks the article up, by its canonical address and then by the address visited.
func (w *articleWriter) find(ctx context.Context, tx *sql.Tx) (known, error) {
	if err := tx.QueryRowContext(ctx, `SELECT kind = 'official' FROM sources WHERE id = ?`, w.Visit.Fetch.SourceID).Scan(&w.official); err != nil {
		return known{}, fmt.Errorf("source %q: %w", w.Visit.Fetch.SourceID, err)
	}
	var k known
	err := tx.QueryRowContext(ctx, `SELECT id, kind, extraction_id FROM (
			SELECT id, kind, extraction_id, 1 AS choice FROM articles WHERE key = ?
			UNION ALL
			SELECT a.id, a.kind, a.extraction_id, 2 FROM pages p JOIN articles a ON a.id = p.article_id WHERE p.key = ?)
		ORDER BY choice LIMIT 1`, w.key, w.visited.Key).Scan(&k.id, &k.kind, &k.extraction)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return known{}, fmt.Errorf("find article: %w", err)
	}
	return k, nil
}

func (w *articleWriter) insert(ctx context.Context, tx *sql.Tx) (id int64, err error) {
	published, day, precision := publication(w.Article.Published)
	err = tx.QueryRowContext(ctx, `INSERT INTO articles
			(key, url, external_id, source_id, first_seen, published, published_day, precision, lang, kind, fingerprint)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		w.key, w.Article.URL, w.ExternalID, w.Visit.Fetch.SourceID, stamp(w.Now), published, day, precision,
		w.Article.Lang, w.Article.Kind, fingerprint{&w.print}).Scan(&id)
	return id, err
}

// publication is a date of publication as three columns: moment, day, precision.
func publication(p extract.Published) (published, day any, precision string) {
	switch {
	case !p.At.IsZero():
		return stamp(p.At), cmp.Or(p.Day, p.At.UTC().Format(time.DateOnly)), "time"
	case p.Day != "":
		return nil, p.Day, "day"
	default:
		return nil, nil, "unknown"
	}
}

// linkPages notes that the address visited leads to this article, and so do the addresses that it was redirected to
// and that it calls its own: they need no fetch.
func (w *articleWriter) linkPages(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `UPDATE pages SET article_id = ?, processed_at = ? WHERE key = ?`,
		w.saved.ArticleID, stamp(w.Now), w.visited.Key)
	if err != nil || w.Article.Kind != extract.KindArticle {
		return err
	}
	for _, address := range []string{w.Visit.Page.URL, w.Article.URL} {
		key, err := crawler.Key(address)
		if err != nil {
			continue // no address that anybody could ask for
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO pages (key, url, source_id, article_id, settled) VALUES (?, ?, ?, ?, 1)
			ON CONFLICT DO NOTHING`, key, address, w.Visit.Fetch.SourceID, w.saved.ArticleID)
		if err != nil {
			return err
		}
	}
	return nil
}

// saveText writes version, extraction and search index, each where it is new, and returns the extraction's id.
func (w *articleWriter) saveText(ctx context.Context, tx *sql.Tx) (extraction int64, err error) {
	page := w.Visit.Page
	_, err = tx.ExecContext(ctx, `INSERT INTO versions (article_id, hash, fetched_at, status, content_type, charset, headers, html)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		w.saved.ArticleID, w.hash, stamp(page.FetchedAt), page.Status, clean(page.ContentType), clean(page.Charset), w.headers, w.html)
	if err != nil {
		return 0, fmt.Errorf("insert version: %w", err)
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO extractions (version_id, extractor, extracted_at, kind, title, authors, text)
		SELECT id, ?, ?, ?, ?, ?, ? FROM versions WHERE article_id = ? AND hash = ?
		ON CONFLICT DO NOTHING RETURNING id`,
		extract.Revision, stamp(w.Now), w.Article.Kind, w.Article.Title, array(w.Article.Authors), w.Article.Text,
		w.saved.ArticleID, w.hash).Scan(&extraction)
	switch {
	case errors.Is(err, sql.ErrNoRows): // known already
		err = tx.QueryRowContext(ctx, `SELECT x.id FROM extractions x JOIN versions v ON v.id = x.version_id
			WHERE v.article_id = ? AND v.hash = ? AND x.extractor = ?`,
			w.saved.ArticleID, w.hash, extract.Revision).Scan(&extraction)
		return extraction, err
	case err != nil:
		return 0, fmt.Errorf("insert extraction: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO article_search (rowid, title, text) VALUES (?, ?, ?)`,
		extraction, searchable(w.Article.Title), searchable(w.Article.Text))
	if err != nil {
		return 0, fmt.Errorf("index text: %w", err)
	}
	return extraction, nil
}

// show makes an extraction the one that is shown and searched. A day of publication that is known stays: sites move it
// with each edit. What becomes an article only now takes the address that it calls its own.
func (w *articleWriter) show(ctx context.Context, tx *sql.Tx, extraction int64, before extract.Kind) error {
	published, day, precision := publication(w.Article.Published)
	_, err := tx.ExecContext(ctx, `UPDATE articles SET extraction_id = ?, lang = ?, kind = ?, fingerprint = ? WHERE id = ?`,
		extraction, w.Article.Lang, w.Article.Kind, fingerprint{&w.print}, w.saved.ArticleID)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE articles SET published = ?, published_day = ?, precision = ?
		WHERE id = ? AND (published_day IS NULL OR published IS NULL AND published_day = ?)`,
		published, day, precision, w.saved.ArticleID, day)
	if err != nil || before == extract.KindArticle || w.Article.Kind != extract.KindArticle {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE articles SET key = ?, url = ? WHERE id = ?`, w.key, w.Article.URL, w.saved.ArticleID)
	return err
}
