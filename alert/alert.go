// Package alert tells people once when a development is new: it turns changes of developments into deliveries, and
// deliveries into mails by SMTP.
//
// What was told is kept by the store, by the key (change, subscription, recipient). A mail that the server has taken
// is marked as sent at once, with synchronous=FULL, and never goes out again. Only a cut between the end of DATA and
// that mark may repeat it, under the same Message-ID.
//
// Two processes must not run [Send] on one database at the same time: both would see the same queued deliveries. The
// commands hold the file lock of the database for that.
package alert

import (
	"context"
	"time"

	"exportwatch/store"
)

// changesAtOnce bounds how many changes are held in memory and queued in one transaction.
const changesAtOnce = 200

// Register makes the subscriptions known to the store. A new one starts at now: it tells nothing of the past. Call it
// before a cycle, so that what the cycle finds counts as later.
func Register(ctx context.Context, st *store.Store, c Config, now time.Time) error {
	for _, sub := range c.Subscriptions {
		if _, err := st.Subscribe(ctx, sub.Name, now); err != nil {
			return err
		}
	}
	return nil
}

// Queue looks at the changes since each subscription's cursor and queues a delivery to each recipient for those that
// it asks for. It returns the number of deliveries.
func Queue(ctx context.Context, st *store.Store, c Config, now time.Time) (int, error) {
	r, err := queue(ctx, st, c, now)
	return r.Queued, err
}

func queue(ctx context.Context, st *store.Store, c Config, now time.Time) (Result, error) {
	var r Result
	installation, err := st.Installation(ctx)
	if err != nil {
		return r, err
	}
	for _, sub := range c.Subscriptions {
		cursor, err := st.Subscribe(ctx, sub.Name, now)
		if err != nil {
			return r, err
		}
		for {
			changes, err := st.Changes(ctx, cursor, changesAtOnce)
			if err != nil {
				return r, err
			}
			if len(changes) == 0 {
				break
			}
			var ds []store.Delivery
			for _, ch := range changes {
				cursor = ch.ID
				if !sub.wants(ch) {
					continue
				}
				if !sub.isNews(ch) {
					r.Skipped++
					continue
				}
				ds = append(ds, deliveries(installation, ch, sub, c, now)...)
			}
			if err := st.Queue(ctx, sub.Name, cursor, ds); err != nil {
				return r, err
			}
			r.Queued += len(ds)
		}
	}
	return r, nil
}

// deliveries is one delivery for each recipient. The Message-ID is fixed here and never computed again, so that it
// outlives a change of the sender's address.
func deliveries(installation string, ch store.Change, sub Subscription, c Config, now time.Time) []store.Delivery {
	ds := make([]store.Delivery, 0, len(sub.To))
	for _, to := range sub.To {
		ds = append(ds, store.Delivery{
			ChangeID:     ch.ID,
			Subscription: sub.Name,
			Recipient:    to,
			State:        stateQueued,
			QueuedAt:     now,
			NextTry:      now,
			MessageID:    messageID(installation, ch.ID, sub.Name, to, c.From),
		})
	}
	return ds
}

// States of a delivery, as the store keeps them.
const (
	stateQueued = "queued"
	stateSent   = "sent"
	stateFailed = "failed"
)
