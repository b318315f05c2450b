-- Times are UTC RFC 3339 text of fixed width (2006-01-02T15:04:05Z); days are 2006-01-02. Offsets are bytes.
-- STRICT keeps a type error from becoming a silent text in a number's column. Nothing here needs a custom function,
-- so the sqlite3 shell and Datasette open the file as it is (SQLite 3.38 or later).

PRAGMA application_id = 0x65787077; -- "expw": tells this database from those of other programs

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;

CREATE TABLE sources (
	id             TEXT PRIMARY KEY,
	name           TEXT NOT NULL,
	homepage       TEXT NOT NULL,
	country        TEXT NOT NULL,
	language       TEXT NOT NULL,
	kind           TEXT NOT NULL,
	timezone       TEXT NOT NULL,
	settings_hash  TEXT NOT NULL,           -- of the YAML settings; a change makes the source due at once
	every_s        INTEGER NOT NULL,        -- rhythm of visits
	disabled       INTEGER NOT NULL DEFAULT 0,
	first_seen     TEXT NOT NULL,
	next_due       TEXT NOT NULL,
	last_visit     TEXT,
	last_success   TEXT,
	last_new       TEXT,                    -- when it last brought a new article
	failures       INTEGER NOT NULL DEFAULT 0, -- visits in a row that failed
	last_error     TEXT NOT NULL DEFAULT '',
	removed_at     TEXT                     -- when it was first missing from the configuration; its articles stay
) STRICT;

CREATE TABLE runs (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	kind        TEXT NOT NULL,              -- run, demo, import, reclassify, reextract
	started_at  TEXT NOT NULL,
	finished_at TEXT,                       -- NULL: still going, or killed
	version     TEXT NOT NULL,
	ruleset     TEXT NOT NULL,              -- hash of packs and gazetteers
	outcome     TEXT NOT NULL DEFAULT '',   -- ok, partial, failed, stopped, interrupted (killed); empty: still going
	counts      TEXT NOT NULL DEFAULT '{}'  -- JSON object
) STRICT;

CREATE TABLE run_sources (
	run_id    INTEGER NOT NULL REFERENCES runs(id),
	source_id TEXT NOT NULL REFERENCES sources(id),
	outcome   TEXT NOT NULL,                -- ok, failed, stopped
	error     TEXT NOT NULL DEFAULT '',
	pages     INTEGER NOT NULL DEFAULT 0,
	articles  INTEGER NOT NULL DEFAULT 0,   -- new ones
	failed    INTEGER NOT NULL DEFAULT 0,   -- fetches
	PRIMARY KEY (run_id, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fetches (
	id          INTEGER PRIMARY KEY,
	run_id      INTEGER NOT NULL REFERENCES runs(id),
	source_id   TEXT NOT NULL REFERENCES sources(id),
	url         TEXT NOT NULL,
	final_url   TEXT NOT NULL,
	purpose     TEXT NOT NULL,              -- robots, feed, listing, article
	at          TEXT NOT NULL,
	duration_ms INTEGER NOT NULL,
	status      INTEGER NOT NULL,           -- HTTP; 0: no response
	outcome     TEXT NOT NULL,              -- crawler.Outcome
	error       TEXT NOT NULL,
	bytes       INTEGER NOT NULL,           -- decoded
	next_try    TEXT
) STRICT;
CREATE INDEX fetches_by_source ON fetches(source_id, at);
CREATE INDEX fetches_by_time ON fetches(at);

CREATE TABLE hosts (
	origin            TEXT PRIMARY KEY,     -- scheme://host[:port]
	robots_status     INTEGER NOT NULL,     -- 0: unreachable
	robots_body       BLOB NOT NULL,
	robots_fetched_at TEXT NOT NULL
) STRICT;

CREATE TABLE articles (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	key           TEXT NOT NULL UNIQUE,     -- canonical URL key
	url           TEXT NOT NULL,
	external_id   TEXT NOT NULL DEFAULT '', -- id given by an import
	source_id     TEXT NOT NULL REFERENCES sources(id),
	first_seen    TEXT NOT NULL,
	published     TEXT,                     -- NULL: unknown, or only the day is known
	published_day TEXT,                     -- in the source's time zone
	precision     TEXT NOT NULL,            -- time, day, unknown
	lang          TEXT NOT NULL,
	kind          TEXT NOT NULL,            -- extract.Kind
	fingerprint   BLOB NOT NULL,            -- of the text: developments.Fingerprint, big endian
	copy_of       INTEGER REFERENCES articles(id), -- of one development, the first article with this text; NULL: a text of its own
	extraction_id INTEGER REFERENCES extractions(id) -- the one that is shown and searched; never NULL after the insert
) STRICT;
CREATE INDEX articles_by_source ON articles(source_id, first_seen);
CREATE INDEX articles_by_seen ON articles(first_seen);
CREATE INDEX articles_by_day ON articles(published_day);

CREATE TABLE pages (
	key           TEXT PRIMARY KEY,         -- URL key
	url           TEXT NOT NULL,
	source_id     TEXT NOT NULL REFERENCES sources(id),
	article_id    INTEGER REFERENCES articles(id), -- NULL: feed or listing, or nothing stored yet
	etag          TEXT NOT NULL DEFAULT '',
	last_modified TEXT NOT NULL DEFAULT '',
	body_hash     TEXT NOT NULL DEFAULT '', -- hex SHA-256
	fetched_at    TEXT,
	processed_at  TEXT,                     -- last time its content was taken in
	status        INTEGER NOT NULL DEFAULT 0,
	failures      INTEGER NOT NULL DEFAULT 0,
	next_try      TEXT,
	settled       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pages_by_article ON pages(article_id);

CREATE TABLE versions (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	article_id   INTEGER NOT NULL REFERENCES articles(id),
	hash         TEXT NOT NULL,             -- hex SHA-256 of the source bytes
	fetched_at   TEXT NOT NULL,
	status       INTEGER NOT NULL,
	content_type TEXT NOT NULL,
	charset      TEXT NOT NULL,             -- as the site declared it
	headers      TEXT NOT NULL,             -- JSON object: those that are kept
	html         BLOB,                      -- zstd; NULL: dropped by retention, or never was a page
	UNIQUE (article_id, hash)
) STRICT;

CREATE TABLE extractions (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	version_id   INTEGER NOT NULL REFERENCES versions(id),
	extractor    TEXT NOT NULL,             -- extract.Revision
	extracted_at TEXT NOT NULL,
	kind         TEXT NOT NULL,             -- extract.Kind
	title        TEXT NOT NULL,
	authors      TEXT NOT NULL,             -- JSON array
	text         TEXT NOT NULL,
	UNIQUE (version_id, extractor)
) STRICT;

CREATE TABLE matters (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	merged_into INTEGER REFERENCES matters(id),
	party       TEXT NOT NULL,              -- company slug; may be empty
	item        TEXT NOT NULL,              -- item slug; may be empty
	destination TEXT NOT NULL,              -- ISO 3166-1 alpha-2; may be empty
	country     TEXT NOT NULL,              -- of the deciding authority; may be empty
	created_at  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX matters_by_thread ON matters(party, item, destination, country) WHERE merged_into IS NULL;

CREATE TABLE developments (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	merged_into INTEGER REFERENCES developments(id),
	matter_id   INTEGER REFERENCES matters(id),
	type        TEXT NOT NULL,
	status      TEXT NOT NULL,
	authority   TEXT NOT NULL,
	country     TEXT NOT NULL,              -- of the deciding authority
	date        TEXT NOT NULL,              -- when it happened, where known: a day, a month or a year
	first_day   TEXT NOT NULL,              -- empty: known only from recaps that do not say when; last_day bounds it
	last_day    TEXT NOT NULL,
	first_seen  TEXT NOT NULL,
	last_seen   TEXT NOT NULL,
	official    INTEGER NOT NULL,           -- confirmed by the authority or the company itself
	current     INTEGER NOT NULL,           -- told as news at least once; 0: known from recaps only
	best_event  INTEGER REFERENCES events(id)
) STRICT;
CREATE INDEX developments_by_kind ON developments(type, status, last_day);
CREATE INDEX developments_by_seen ON developments(first_seen);
CREATE INDEX developments_by_matter ON developments(matter_id);

CREATE TABLE development_slots (
	development_id INTEGER NOT NULL REFERENCES developments(id),
	slot           TEXT NOT NULL,           -- company, item, destination
	value          TEXT NOT NULL,
	PRIMARY KEY (development_id, slot, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX development_slots_by_value ON development_slots(slot, value);

CREATE TABLE events (
	id               INTEGER PRIMARY KEY AUTOINCREMENT,
	article_id       INTEGER NOT NULL REFERENCES articles(id),
	extraction_id    INTEGER NOT NULL REFERENCES extractions(id),
	development_id   INTEGER NOT NULL REFERENCES developments(id),
	run_id           INTEGER NOT NULL REFERENCES runs(id),
	type             TEXT NOT NULL,
	status           TEXT NOT NULL,
	authority        TEXT NOT NULL,
	current          INTEGER NOT NULL,
	attribution      TEXT NOT NULL,         -- official, reported, opinion
	date             TEXT NOT NULL,
	rule             TEXT NOT NULL,
	ruleset          TEXT NOT NULL,
	score            REAL NOT NULL,
	cues             TEXT NOT NULL,         -- JSON array
	field            TEXT NOT NULL,         -- title, text
	start_byte       INTEGER NOT NULL,      -- byte offsets into the field of the extraction, end exclusive
	end_byte         INTEGER NOT NULL,
	quote            TEXT NOT NULL,
	known_from       TEXT NOT NULL,
	withdrawn_at     TEXT,
	withdrawn_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX events_by_article ON events(article_id);
CREATE INDEX events_by_development ON events(development_id);
CREATE INDEX events_by_kind ON events(type, status, known_from);
CREATE INDEX events_by_time ON events(known_from);

CREATE TABLE event_slots (
	event_id INTEGER NOT NULL REFERENCES events(id),
	slot     TEXT NOT NULL,                 -- company, item, destination
	value    TEXT NOT NULL,
	PRIMARY KEY (event_id, slot, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_slots_by_value ON event_slots(slot, value);

CREATE TABLE changes (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	development_id INTEGER NOT NULL REFERENCES developments(id),
	event_id       INTEGER NOT NULL REFERENCES events(id), -- the event that caused it
	run_id         INTEGER NOT NULL REFERENCES runs(id),
	kind           TEXT NOT NULL,           -- new, confirmed, withdrawn
	at             TEXT NOT NULL
) STRICT;
CREATE INDEX changes_by_event ON changes(event_id);
CREATE INDEX changes_by_development ON changes(development_id);

CREATE TABLE subscriptions (
	name       TEXT PRIMARY KEY,
	created_at TEXT NOT NULL,
	cursor     INTEGER NOT NULL             -- id of the last change that was looked at
) STRICT;

CREATE TABLE deliveries (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	change_id    INTEGER NOT NULL REFERENCES changes(id),
	subscription TEXT NOT NULL REFERENCES subscriptions(name),
	recipient    TEXT NOT NULL,
	state        TEXT NOT NULL,             -- queued, sent, failed (for good)
	attempts     INTEGER NOT NULL DEFAULT 0,
	queued_at    TEXT NOT NULL,
	next_try     TEXT NOT NULL,
	sent_at      TEXT,
	message_id   TEXT NOT NULL UNIQUE,
	last_error   TEXT NOT NULL DEFAULT '',
	UNIQUE (change_id, subscription, recipient)
) STRICT;
CREATE INDEX deliveries_by_state ON deliveries(state, next_try);

-- One row an extraction, rowid = extractions.id; articles.extraction_id leads to the current one. Rows are never
-- changed, so a plain contentless index does and every SQLite with FTS5 can read it; the text itself stands in
-- extractions. Chinese, Japanese and Korean text goes in as bigrams, since unicode61 finds no words in it.
CREATE VIRTUAL TABLE article_search USING fts5(
	title, text,
	content = '',
	tokenize = 'unicode61 remove_diacritics 2'
);

-- The views are a promise: columns may be added at the end, none is renamed or dropped. Slots are JSON arrays; a date
-- of publication is a moment where the time is known, else a day, else empty.

CREATE VIEW v_events AS
SELECT
	e.id, e.type, e.status,
	(SELECT json_group_array(value) FROM event_slots WHERE event_id = e.id AND slot = 'company') AS companies,
	e.authority,
	(SELECT json_group_array(value) FROM event_slots WHERE event_id = e.id AND slot = 'item') AS items,
	(SELECT json_group_array(value) FROM event_slots WHERE event_id = e.id AND slot = 'destination') AS destinations,
	e.date, e.current, e.attribution, e.rule, e.ruleset, e.score, e.cues,
	e.field, e.start_byte, e.end_byte, e.quote,
	e.development_id, e.article_id, a.url, x.title, a.source_id AS source, s.name AS source_name, a.lang,
	coalesce(a.published, a.published_day, '') AS published, coalesce(a.published_day, '') AS published_day,
	e.run_id, x.extractor, e.known_from,
	coalesce(e.withdrawn_at, '') AS withdrawn_at, e.withdrawn_reason
FROM events e
JOIN articles a ON a.id = e.article_id
JOIN extractions x ON x.id = e.extraction_id
JOIN sources s ON s.id = a.source_id;

-- Mentions that were withdrawn count nowhere; a development that has no other stays, with 0 articles.
CREATE VIEW v_developments AS
SELECT
	d.id, d.type, d.status,
	(SELECT json_group_array(value) FROM development_slots WHERE development_id = d.id AND slot = 'company') AS companies,
	(SELECT json_group_array(value) FROM development_slots WHERE development_id = d.id AND slot = 'item') AS items,
	d.authority, d.country,
	(SELECT json_group_array(value) FROM development_slots WHERE development_id = d.id AND slot = 'destination') AS destinations,
	d.date, d.first_day, d.last_day, d.current, d.official, d.first_seen, d.last_seen,
	(SELECT count(DISTINCT article_id) FROM events WHERE development_id = d.id AND withdrawn_at IS NULL) AS articles,
	(SELECT count(DISTINCT coalesce(a.copy_of, a.id)) FROM events e JOIN articles a ON a.id = e.article_id
		WHERE e.development_id = d.id AND e.withdrawn_at IS NULL) AS origins,
	coalesce(d.matter_id, 0) AS matter_id,
	coalesce(b.quote, '') AS quote, coalesce(a.source_id, '') AS source, coalesce(a.url, '') AS url,
	(SELECT json_group_array(id) FROM (
		SELECT DISTINCT CASE WHEN a.external_id <> '' THEN a.external_id ELSE CAST(a.id AS TEXT) END AS id
		FROM events e JOIN articles a ON a.id = e.article_id
		WHERE e.development_id = d.id AND e.withdrawn_at IS NULL ORDER BY a.first_seen, a.id)) AS article_ids,
	(SELECT json_group_array(url) FROM (
		SELECT DISTINCT a.url FROM events e JOIN articles a ON a.id = e.article_id
		WHERE e.development_id = d.id AND e.withdrawn_at IS NULL ORDER BY a.first_seen, a.id)) AS urls
FROM developments d
LEFT JOIN events b ON b.id = d.best_event
LEFT JOIN articles a ON a.id = b.article_id
WHERE d.merged_into IS NULL;

CREATE VIEW v_articles AS
SELECT
	a.id, a.url, a.source_id AS source, s.name AS source_name, x.title, x.authors, x.text,
	coalesce(a.published, a.published_day, '') AS published, coalesce(a.published_day, '') AS published_day,
	a.lang, a.kind, a.first_seen, a.external_id,
	(SELECT count(*) FROM events WHERE article_id = a.id AND withdrawn_at IS NULL) AS events,
	(SELECT count(*) FROM versions WHERE article_id = a.id) AS versions,
	coalesce(a.copy_of, 0) AS copy_of
FROM articles a
JOIN extractions x ON x.id = a.extraction_id
JOIN sources s ON s.id = a.source_id;

-- Quiet: visited with success, and no new article for 14 days up to that visit. (A machine that was off makes no
-- source quiet.)
CREATE VIEW v_source_health AS
SELECT
	s.id, s.name, s.kind, s.language, s.disabled, s.next_due,
	coalesce(s.last_visit, '') AS last_visit, coalesce(s.last_success, '') AS last_success,
	coalesce(s.last_new, '') AS last_new, s.failures, s.last_error,
	(SELECT count(*) FROM articles WHERE source_id = s.id) AS articles,
	CASE
		WHEN s.removed_at IS NOT NULL THEN 'removed'
		WHEN s.disabled THEN 'disabled'
		WHEN s.last_visit IS NULL THEN 'new'
		WHEN s.failures > 0 THEN 'failing'
		WHEN julianday(s.last_success) - julianday(coalesce(s.last_new, s.first_seen)) >= 14 THEN 'quiet'
		ELSE 'ok'
	END AS state
FROM sources s;
