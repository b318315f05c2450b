package crawler

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		start := time.Now()
		at := func(host string, interval, busy, want time.Duration) {
			t.Helper()
			release, err := p.acquire(t.Context(), host, interval)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Since(start); got != want {
				t.Errorf("%s: its turn came after %s, want %s", host, got, want)
			}
			time.Sleep(busy)
			release()
			release() // only the first counts
		}
		at("a.test", 2*time.Second, 3*time.Second, 0)
		at("b.test", 2*time.Second, 0, 3*time.Second) // another host
		at("a.test", 2*time.Second, 0, 5*time.Second) // counted from the end of the request before
		at("a.test", 9*time.Second, 0, 14*time.Second)
		at("a.test", 2*time.Second, 0, 23*time.Second) // the longest interval that was asked for stays
		time.Sleep(time.Minute)
		at("a.test", 2*time.Second, 0, 83*time.Second) // long enough ago
	})
}

func TestPacerOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		var mu sync.Mutex
		var starts []time.Duration
		start := time.Now()
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				release, err := p.acquire(t.Context(), "a.test", 2*time.Second)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				starts = append(starts, time.Since(start))
				mu.Unlock()
				time.Sleep(time.Second)
				release()
			})
		}
		all.Wait()
		for i, got := range starts {
			if want := time.Duration(3*i) * time.Second; got != want {
				t.Errorf("request %d began after %s, want %s", i, got, want)
			}
		}
	})
}

func TestPacerCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		release, err := p.acquire(t.Context(), "a.test", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.acquire(ctx, "a.test", time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the turn: %v, want the end of the context", err)
		}
		release()
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.acquire(ctx, "a.test", time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the interval: %v, want the end of the context", err)
		}
		if release, err = p.acquire(t.Context(), "a.test", time.Hour); err != nil { // the turn was given back
			t.Fatal(err)
		}
		release()
	})
}

func TestPacerPostponed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		p.postpone("a.test", time.Hour)
		p.postpone("a.test", time.Minute) // does not shorten it
		_, err := p.acquire(t.Context(), "a.test", time.Second)
		postponed, ok := errors.AsType[*postponedError](err)
		if !ok || postponed.wait != time.Hour {
			t.Fatalf("acquire: %v, want a pause of an hour", err)
		}
		time.Sleep(time.Hour)
		release, err := p.acquire(t.Context(), "a.test", time.Second)
		if err != nil {
			t.Fatalf("after the pause: %v", err)
		}
		release()
	})
}
