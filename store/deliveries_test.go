package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func deliveries(t testing.TB, s *Store, state string, due time.Time) []Delivery {
	t.Helper()
	ds, err := s.Deliveries(t.Context(), state, due, 0)
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

// withChanges opens a database in which three things happened.
func withChanges(t testing.TB) *Store {
	t.Helper()
	s, run := open(t)
	for _, item := range []string{"nvidia-h20", "nvidia-h200", "nvidia-b20"} {
		e := granted(true)
		e.Items = []string{item}
		save(t, s, article(run, "harbour", "/"+item, sentence+" "+item, now, e))
	}
	return s
}

func TestSubscriptionStartsAtNow(t *testing.T) {
	s := withChanges(t)
	for range 2 {
		if cursor, err := s.Subscribe(t.Context(), "desk", now); err != nil || cursor != 3 {
			t.Errorf("cursor %d, %v; want 3", cursor, err)
		}
	}
	if err := s.Queue(t.Context(), "desk", 5, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Queue(t.Context(), "desk", 4, nil); err != nil {
		t.Fatal(err)
	}
	if cursor, err := s.Subscribe(t.Context(), "desk", now); err != nil || cursor != 5 {
		t.Errorf("cursor %d, %v; want 5: it never goes back", cursor, err)
	}
}

func TestChanges(t *testing.T) {
	s := withChanges(t)
	for _, test := range []struct {
		after int64
		limit int
		want  string
	}{{0, 0, "[nvidia-h20] [nvidia-h200] [nvidia-b20]"}, {1, 0, "[nvidia-h200] [nvidia-b20]"}, {0, 1, "[nvidia-h20]"}, {1, 1, "[nvidia-h200]"}, {3, 0, ""}} {
		changes, err := s.Changes(t.Context(), test.after, test.limit)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(changes, func(c Change) string { return "[" + c.Development.Items[0] + "]" }); got != test.want {
			t.Errorf("after %d, limit %d: %s, want %s", test.after, test.limit, got, test.want)
		}
	}
	one, err := s.Change(t.Context(), 2)
	if err != nil || one.ID != 2 || one.Event.Items[0] != "nvidia-h200" || one.Event.DevelopmentID != one.Development.ID {
		t.Errorf("%+v, %v", one, err)
	}
	if _, err := s.Change(t.Context(), 4); !errors.Is(err, ErrNotFound) {
		t.Errorf("change 4: %v", err)
	}
}

func TestDeliveries(t *testing.T) {
	s := withChanges(t)
	if _, err := s.Subscribe(t.Context(), "desk", now); err != nil {
		t.Fatal(err)
	}
	queued := []Delivery{
		{ChangeID: 1, Subscription: "desk", Recipient: "a@desk.test", QueuedAt: now, NextTry: now, MessageID: "<1.a@x>"},
		{ChangeID: 1, Subscription: "desk", Recipient: "b@desk.test", QueuedAt: now, NextTry: now, MessageID: "<1.b@x>"},
		{ChangeID: 2, Subscription: "desk", Recipient: "a@desk.test", QueuedAt: now, NextTry: now.Add(time.Hour), MessageID: "<2.a@x>"},
	}
	for range 2 { // a second time adds nothing
		if err := s.Queue(t.Context(), "desk", 3, queued); err != nil {
			t.Fatal(err)
		}
		again := queued[0]
		again.MessageID = "<other>"
		queued[0] = again
	}
	want := []Delivery{
		{ID: 1, ChangeID: 1, Subscription: "desk", Recipient: "a@desk.test", State: "queued", QueuedAt: now, NextTry: now, MessageID: "<1.a@x>"},
		{ID: 2, ChangeID: 1, Subscription: "desk", Recipient: "b@desk.test", State: "queued", QueuedAt: now, NextTry: now, MessageID: "<1.b@x>"},
		{ID: 3, ChangeID: 2, Subscription: "desk", Recipient: "a@desk.test", State: "queued", QueuedAt: now, NextTry: now.Add(time.Hour), MessageID: "<2.a@x>"},
	}
	if diff := cmp.Diff(want, deliveries(t, s, "", time.Time{})); diff != "" {
		t.Errorf("queued (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[:2], deliveries(t, s, "queued", now)); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}

	sent := now.Add(time.Minute)
	for range 2 { // the second keeps the time of the first
		if err := s.MarkSent(t.Context(), 1, sent); err != nil {
			t.Fatal(err)
		}
		sent = sent.Add(time.Hour)
	}
	if err := s.MarkAttempt(t.Context(), 2, "450 try later\x00", now.Add(10*time.Minute), false); err != nil {
		t.Fatal(err)
	}
	if err := s.MarkAttempt(t.Context(), 3, "550 no such user", now, true); err != nil {
		t.Fatal(err)
	}
	want[0].State, want[0].SentAt, want[0].Attempts = "sent", now.Add(time.Minute), 1
	want[1].NextTry, want[1].LastError, want[1].Attempts = now.Add(10*time.Minute), "450 try later ", 1
	want[2].State, want[2].NextTry, want[2].LastError, want[2].Attempts = "failed", now, "550 no such user", 1
	if diff := cmp.Diff(want, deliveries(t, s, "", time.Time{})); diff != "" {
		t.Errorf("after trying (-want +got):\n%s", diff)
	}
	if got := deliveries(t, s, "queued", now); len(got) != 0 {
		t.Errorf("due again at once: %+v", got)
	}
	for name, err := range map[string]error{
		"attempt of one that was sent": s.MarkAttempt(t.Context(), 1, "late", now, true),
		"attempt of nobody":            s.MarkAttempt(t.Context(), 9, "late", now, true),
		"sent mark of nobody":          s.MarkSent(t.Context(), 9, now),
		"queue of no subscription":     s.Queue(t.Context(), "nobody", 1, nil),
	} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", name, err)
		}
	}
	whole(t, s)
}

// Either all deliveries are queued and the cursor has moved, or nothing.
func TestQueueIsAllOrNothing(t *testing.T) {
	s := withChanges(t)
	if _, err := s.Subscribe(t.Context(), "desk", now); err != nil {
		t.Fatal(err)
	}
	err := s.Queue(t.Context(), "desk", 9, []Delivery{
		{ChangeID: 1, Recipient: "a@desk.test", QueuedAt: now, NextTry: now, MessageID: "<same>"},
		{ChangeID: 2, Recipient: "a@desk.test", QueuedAt: now, NextTry: now, MessageID: "<same>"}, // a Message-ID is never used twice
	})
	if err == nil {
		t.Fatal("two deliveries share a Message-ID")
	}
	if got := deliveries(t, s, "", time.Time{}); len(got) != 0 {
		t.Errorf("half a queue: %+v", got)
	}
	if cursor, err := s.Subscribe(t.Context(), "desk", now); err != nil || cursor != 3 {
		t.Errorf("cursor %d, %v; want 3", cursor, err)
	}
}

func TestInstallation(t *testing.T) {
	s, _ := open(t)
	id, err := s.Installation(t.Context())
	if err != nil || len(id) < 16 {
		t.Fatalf("%q, %v", id, err)
	}
	if again, err := reopen(t, s.path, Options{}).Installation(t.Context()); err != nil || again != id {
		t.Errorf("opened again: %q, %v; want %q", again, err, id)
	}
	other, _ := open(t)
	if got, err := other.Installation(t.Context()); err != nil || got == id {
		t.Errorf("another database has the same id %q, %v", got, err)
	}
}

// A damaged database is an error, not a panic.
func TestChangeWithoutItsRows(t *testing.T) {
	for _, statement := range []string{
		`UPDATE changes SET development_id = 99`,
		`UPDATE changes SET event_id = 99`,
	} {
		t.Run(statement, func(t *testing.T) {
			s, run := open(t)
			broken(statement)(t, s, run)
			if _, err := s.Changes(t.Context(), 0, 0); err == nil || !strings.Contains(err.Error(), "change 1: no row 99 of its") || !strings.Contains(err.Error(), "exportwatch doctor") {
				t.Errorf("error %v", err)
			}
		})
	}
}
