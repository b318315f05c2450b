package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Queue adds deliveries and moves the cursor of a subscription past the changes that they are for, in one
// transaction: a change is either queued and passed, or neither. A delivery of the same change to the same recipient
// of the same subscription that is there already stays as it is.
func (s *Store) Queue(ctx context.Context, subscription string, cursor int64, ds []Delivery) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, d := range ds {
			_, err := tx.ExecContext(ctx, `INSERT INTO deliveries
					(change_id, subscription, recipient, state, queued_at, next_try, message_id)
				VALUES (?, ?, ?, 'queued', ?, ?, ?) ON CONFLICT (change_id, subscription, recipient) DO NOTHING`,
				d.ChangeID, subscription, d.Recipient, stamp(d.QueuedAt), stamp(d.NextTry), d.MessageID)
			if err != nil {
				return fmt.Errorf("change %d to %s: %w", d.ChangeID, d.Recipient, err)
			}
		}
		result, err := tx.ExecContext(ctx, `UPDATE subscriptions SET cursor = max(cursor, ?) WHERE name = ?`, cursor, subscription)
		return affected(result, err)
	})
	if err != nil {
		return fmt.Errorf("queue for subscription %s: %w", subscription, err)
	}
	return nil
}

// Deliveries returns deliveries in the order in which they were queued: those in a state ("" is any) that may be
// tried at due (the zero time is any); limit 0 is all.
func (s *Store) Deliveries(ctx context.Context, state string, due time.Time, limit int) ([]Delivery, error) {
	var w where
	if state != "" {
		w.add(`state = ?`, state)
	}
	if !due.IsZero() {
		w.add(`next_try <= ?`, stamp(due))
	}
	deliveries, err := collect(ctx, s.reader, scanDelivery, `SELECT id, change_id, subscription, recipient, state, attempts,
			queued_at, next_try, sent_at, message_id, last_error
		FROM deliveries`+w.String()+` ORDER BY id`+Filter{Limit: limit}.limit(&w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	return deliveries, nil
}

func scanDelivery(rows *sql.Rows) (d Delivery, err error) {
	err = rows.Scan(&d.ID, &d.ChangeID, &d.Subscription, &d.Recipient, &d.State, &d.Attempts,
		instant{&d.QueuedAt}, instant{&d.NextTry}, instant{&d.SentAt}, &d.MessageID, &d.LastError)
	return d, err
}

// MarkSent notes that a delivery was sent. When it returns, the mark is on the disk and outlives a power cut, since
// only the mark keeps the mail from being sent again. Marking twice keeps the first time.
func (s *Store) MarkSent(ctx context.Context, id int64, at time.Time) error {
	err := transact(ctx, s.durable, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = 'sent', sent_at = coalesce(sent_at, ?), last_error = '',
			attempts = attempts + (state <> 'sent') WHERE id = ?`, stamp(at), id)
		return affected(result, err)
	})
	if err != nil {
		return fmt.Errorf("mark delivery %d as sent: %w", id, err)
	}
	return nil
}

// MarkAttempt notes that a delivery could not be sent and when to try again; final gives it up. One that was sent
// already is [ErrNotFound].
func (s *Store) MarkAttempt(ctx context.Context, id int64, reason string, next time.Time, final bool) error {
	state := "queued"
	if final {
		state = "failed"
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = ?, attempts = attempts + 1, last_error = ?, next_try = ?
			WHERE id = ? AND state <> 'sent'`, state, clean(reason), stamp(next), id)
		return affected(result, err)
	})
	if err != nil {
		return fmt.Errorf("mark attempt of delivery %d: %w", id, err)
	}
	return nil
}

// affected turns an update that met no row into ErrNotFound.
func affected(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// Installation returns the random id of this database, for the right-hand side of Message-IDs. It never changes.
func (s *Store) Installation(ctx context.Context) (id string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'installation'`).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("installation id: %w", explain(err))
	}
	return id, nil
}
