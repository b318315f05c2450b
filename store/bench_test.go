package store

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkSaveArticle measures one article a transaction with all that follows from it (one event in ten articles),
// and beside it, in the same run on the same disk, a bare INSERT of the same text a transaction: the ratio says what
// the house adds to what SQLite needs, on whatever machine.
func BenchmarkSaveArticle(b *testing.B) {
	paragraph := strings.Repeat("The department said on Friday that it had begun to review the applications of several makers of chips. ", 4)
	text := strings.Repeat(paragraph+"\n\n", 6) // about 2.5 kB, as a news article has

	b.Run("article", func(b *testing.B) {
		s, run := open(b)
		i := 0
		for b.Loop() {
			a := article(run, "harbour", fmt.Sprint("/", i), fmt.Sprint(i, " ", text), now.Add(time.Duration(i)*time.Minute))
			if i%10 == 0 {
				a = article(run, "harbour", fmt.Sprint("/", i), fmt.Sprint(i, " ", text), now.Add(time.Duration(i)*time.Minute), granted(true))
			}
			save(b, s, a)
			i++
		}
	})
	b.Run("insert", func(b *testing.B) {
		s, _ := open(b)
		if _, err := s.writer.ExecContext(b.Context(), `CREATE TABLE plain (id INTEGER PRIMARY KEY, url TEXT UNIQUE, text TEXT)`); err != nil {
			b.Fatal(err)
		}
		i := 0
		for b.Loop() {
			err := s.write(b.Context(), func(tx *sql.Tx) error {
				_, err := tx.ExecContext(b.Context(), `INSERT INTO plain (url, text) VALUES (?, ?)`, fmt.Sprint("/", i), fmt.Sprint(i, " ", text))
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}
