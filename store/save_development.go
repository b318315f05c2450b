package store

import (
	"context"
	"database/sql"
	"time"

	"exportwatch/developments"
)

// loadCandidates loads the developments that a mention could be about: of its type and status, of its days, and with
// one company or item in common (or none on both sides, as one without any can only be its like).
func loadCandidates(ctx context.Context, tx *sql.Tx, m developments.Mention) ([]developments.Development, error) {
	first, last := developments.Candidates(m)
	parties := array(append(distinct(m.Event.Companies), m.Event.Items...))
	return collect(ctx, tx, scanCandidate, `SELECT id, coalesce(matter_id, 0), type, status,
			(SELECT json_group_array(value) FROM development_slots WHERE development_id = d.id AND slot = 'company'),
			(SELECT json_group_array(value) FROM development_slots WHERE development_id = d.id AND slot = 'item'),
			authority, country,
			(SELECT json_group_array(value) FROM development_slots WHERE development_id = d.id AND slot = 'destination'),
			date, first_day, last_day, first_seen, last_seen, official, current
		FROM developments d
		WHERE type = ? AND status = ? AND last_day >= ? AND first_day <= ? AND merged_into IS NULL AND
			CASE ? WHEN '[]'
			THEN NOT EXISTS (SELECT 1 FROM development_slots WHERE development_id = d.id AND slot IN ('company', 'item'))
			ELSE EXISTS (SELECT 1 FROM json_each(?) j JOIN development_slots s
				ON s.development_id = d.id AND s.slot IN ('company', 'item') AND s.value = j.value)
			END`,
		m.Event.Type, m.Event.Status, first, last, parties, parties)
}

func scanCandidate(rows *sql.Rows) (d developments.Development, err error) {
	err = rows.Scan(&d.ID, &d.MatterID, &d.Type, &d.Status, list{&d.Companies}, list{&d.Items}, &d.Authority, &d.Country,
		list{&d.Destinations}, &d.Date, &d.FirstDay, &d.LastDay, instant{&d.FirstSeen}, instant{&d.LastSeen}, &d.Official, &d.Current)
	return d, err
}

// saveDevelopment writes a development as it is after a mention, with the matter on which it hangs.
func saveDevelopment(ctx context.Context, tx *sql.Tx, d developments.Development, now time.Time) (id int64, err error) {
	matter, err := saveMatter(ctx, tx, developments.MatterOf(d), now)
	if err != nil {
		return 0, err
	}
	if d.ID == 0 {
		err = tx.QueryRowContext(ctx, `INSERT INTO developments (matter_id, type, status, authority, country, date,
				first_day, last_day, first_seen, last_seen, official, current)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			matter, d.Type, d.Status, d.Authority, d.Country, d.Date,
			d.FirstDay, d.LastDay, stamp(d.FirstSeen), stamp(d.LastSeen), d.Official, d.Current).Scan(&d.ID)
	} else {
		_, err = tx.ExecContext(ctx, `UPDATE developments SET matter_id = ?, authority = ?, country = ?, date = ?,
				first_day = ?, last_day = ?, first_seen = ?, last_seen = ?, official = ?, current = ? WHERE id = ?`,
			matter, d.Authority, d.Country, d.Date,
			d.FirstDay, d.LastDay, stamp(d.FirstSeen), stamp(d.LastSeen), d.Official, d.Current, d.ID)
	}
	if err != nil {
		return 0, err
	}
	return d.ID, saveSlots(ctx, tx, `INSERT INTO development_slots (development_id, slot, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		d.ID, d.Companies, d.Items, d.Destinations)
}

// saveMatter returns the id of a matter; NULL for the zero one.
func saveMatter(ctx context.Context, tx *sql.Tx, m developments.Matter, now time.Time) (id sql.NullInt64, err error) {
	if m == (developments.Matter{}) {
		return id, nil
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO matters (party, item, destination, country, created_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, m.Party, m.Item, m.Destination, m.Country, stamp(now))
	if err != nil {
		return id, err
	}
	err = tx.QueryRowContext(ctx, `SELECT id FROM matters
		WHERE party = ? AND item = ? AND destination = ? AND country = ? AND merged_into IS NULL`,
		m.Party, m.Item, m.Destination, m.Country).Scan(&id)
	return id, err
}

func saveSlots(ctx context.Context, tx *sql.Tx, insert string, id int64, companies, items, destinations []string) error {
	for _, slot := range []struct {
		name   string
		values []string
	}{{"company", companies}, {"item", items}, {"destination", destinations}} {
		for _, value := range slot.values {
			if _, err := tx.ExecContext(ctx, insert, id, slot.name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// chooseBestEvent chooses the sentence that speaks for a development: told as news, by somebody who decides, and
// found with confidence; the earlier of two that are as good.
func chooseBestEvent(ctx context.Context, tx *sql.Tx, development int64) error {
	_, err := tx.ExecContext(ctx, `UPDATE developments SET best_event = (
			SELECT id FROM events WHERE development_id = developments.id AND withdrawn_at IS NULL
			ORDER BY current DESC, attribution = 'official' DESC, score DESC, id LIMIT 1)
		WHERE id = ?`, development)
	return err
}
