//go:build !sqlite_fts5

package store

// The search index needs SQLite's FTS5, which go-sqlite3 compiles in only with a build tag. Without the tag every
// database would fail at run time; this fails the build, with the one sentence that a compiler can be made to say.
var _ = exportwatch_needs_the_build_tag__go_build_dash_tags_sqlite_fts5
