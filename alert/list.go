package alert

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"exportwatch/store"
)

// Row is one alert: a change as one subscription tells it. The keys are those of `exportwatch alerts list`, the first
// ones the same as of a development.
type Row struct {
	Kind          string        `json:"kind"` // "alert", since a development has the same keys
	ID            string        `json:"id"`   // the X-Alert-Id of its mails
	Type          string        `json:"type"`
	Status        string        `json:"status"`
	Companies     []string      `json:"companies"`
	Items         []string      `json:"items"`
	Authority     string        `json:"authority"`
	Destinations  []string      `json:"destinations"`
	FirstSeen     string        `json:"first_seen"`  // when the change was seen
	ArticleIDs    []string      `json:"article_ids"` // the article that caused it
	URLs          []string      `json:"urls"`
	DevelopmentID int64         `json:"development_id"`
	Change        string        `json:"change"` // new, confirmed, withdrawn
	Subscription  string        `json:"subscription"`
	State         string        `json:"state"`   // failed when one delivery is, else queued when one is, else sent
	SentAt        string        `json:"sent_at"` // of the last delivery; empty while one is not sent
	Reason        string        `json:"reason"`  // the sentence and the rule behind it
	Deliveries    []DeliveryRow `json:"deliveries"`
}

// DeliveryRow is one mail of an alert.
type DeliveryRow struct {
	Recipient string `json:"recipient"`
	State     string `json:"state"` // queued, sent, failed
	Attempts  int    `json:"attempts"`
	MessageID string `json:"message_id"`
	QueuedAt  string `json:"queued_at"`
	NextTry   string `json:"next_try"`
	SentAt    string `json:"sent_at"`
	Error     string `json:"error"`
}

// List returns all alerts, the oldest change first, within a change by subscription.
func List(ctx context.Context, st *store.Store) ([]Row, error) {
	installation, err := st.Installation(ctx)
	if err != nil {
		return nil, err
	}
	ds, err := st.Deliveries(ctx, "", time.Time{}, 0)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(ds, func(a, b store.Delivery) int {
		return cmp.Or(cmp.Compare(a.ChangeID, b.ChangeID), cmp.Compare(a.Subscription, b.Subscription))
	})
	rows := []Row{}
	for len(ds) > 0 {
		n := 1
		for n < len(ds) && ds[n].ChangeID == ds[0].ChangeID && ds[n].Subscription == ds[0].Subscription {
			n++
		}
		ch, err := st.Change(ctx, ds[0].ChangeID)
		if err != nil {
			return nil, err
		}
		rows = append(rows, rowOf(installation, ch, ds[:n]))
		ds = ds[n:]
	}
	return rows, nil
}

// rowOf sums up the deliveries of one change and subscription, of which there is at least one.
func rowOf(installation string, ch store.Change, ds []store.Delivery) Row {
	d := ch.Development
	row := Row{
		Kind:          "alert",
		ID:            alertID(installation, ch.ID, ds[0].Subscription),
		Type:          d.Type,
		Status:        d.Status,
		Companies:     d.Companies,
		Items:         d.Items,
		Authority:     d.Authority,
		Destinations:  d.Destinations,
		FirstSeen:     timeText(ch.At),
		ArticleIDs:    []string{articleID(ch)},
		URLs:          []string{ch.Event.URL},
		DevelopmentID: d.ID,
		Change:        string(ch.Kind),
		Subscription:  ds[0].Subscription,
		State:         stateSent,
		Reason:        fmt.Sprintf("%s: %s", ch.Event.Rule, ch.Event.Evidence.Quote),
	}
	for _, x := range ds {
		row.Deliveries = append(row.Deliveries, DeliveryRow{
			Recipient: x.Recipient,
			State:     x.State,
			Attempts:  x.Attempts,
			MessageID: x.MessageID,
			QueuedAt:  timeText(x.QueuedAt),
			NextTry:   timeText(x.NextTry),
			SentAt:    timeText(x.SentAt),
			Error:     x.LastError,
		})
		row.SentAt = max(row.SentAt, timeText(x.SentAt))
		if x.State == stateFailed || x.State == stateQueued && row.State != stateFailed {
			row.State = x.State
		}
	}
	if row.State != stateSent {
		row.SentAt = ""
	}
	return row
}

// articleID is that of the article behind a change. The development knows those that an import gave; one whose event
// was withdrawn is no longer among them.
func articleID(ch store.Change) string {
	d := ch.Development
	if i := slices.Index(d.URLs, ch.Event.URL); i >= 0 && i < len(d.ArticleIDs) {
		return d.ArticleIDs[i]
	}
	return strconv.FormatInt(ch.Event.ArticleID, 10)
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
