package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	gomail "github.com/wneessen/go-mail"

	"exportwatch/store"
)

// Result is what became of the alerts.
type Result struct {
	Queued   int     // new deliveries
	Skipped  int     // changes that a subscription asks for, but old, undated, or told as background
	Sent     int     // taken by the server
	Deferred int     // due, and still queued
	Failed   int     // given up
	Errors   []error // why mails were deferred or failed; each names its subscription and recipient, or the server
}

// Send queues what is new and delivers what is due. Mail that could not be delivered stays queued and is reported in
// the Result; the error says that the store failed, or that ctx ended, and then the Result counts what was done until
// then. A mail under way when ctx ends gets a few seconds to finish.
func Send(ctx context.Context, st *store.Store, c Config, now time.Time) (Result, error) {
	r, err := queue(ctx, st, c, now)
	if err != nil {
		return r, err
	}
	due, err := st.Deliveries(ctx, stateQueued, now, 0)
	if err != nil {
		return r, err
	}
	if len(due) == 0 {
		return r, nil
	}
	installation, err := st.Installation(ctx)
	if err != nil {
		return r, err
	}
	p := post{st: st, c: c, now: now, installation: installation, r: &r}
	defer p.hangUp()
	for i, d := range due {
		if err := ctx.Err(); err != nil {
			r.Deferred += len(due) - i
			return r, err
		}
		err := p.deliver(ctx, d)
		if _, down := errors.AsType[*serverError](err); down {
			// It says nothing about the mails: all that remain stay due as they are.
			r.Deferred += len(due) - i
			r.Errors = append(r.Errors, err)
			return r, ctx.Err()
		}
		if err != nil {
			r.Deferred += len(due) - i
			return r, err
		}
	}
	return r, nil
}

// post is one round of deliveries.
type post struct {
	st           *store.Store
	c            Config
	now          time.Time
	installation string
	r            *Result
	session      *session // nil: not connected
	broken       int      // connections in a row that broke before they delivered anything
}

// maxBroken connections that break in a row, without a mail delivered, mean that the server has a problem, not a mail.
const maxBroken = 3

// deliver tries one delivery and keeps what became of it. It returns a *serverError when no mail can be delivered now,
// or that of the store.
func (p *post) deliver(ctx context.Context, d store.Delivery) error {
	if p.broken >= maxBroken {
		return &serverError{p.c.SMTP.address(), fmt.Errorf("the connection broke %d times in a row", p.broken)}
	}
	sub, ok := p.c.subscription(d)
	if !ok {
		return p.orphan(ctx, d)
	}
	ch, err := p.st.Change(ctx, d.ChangeID)
	if err != nil {
		return err
	}
	m, err := Compose(p.installation, ch, sub, d, p.c)
	if err != nil {
		return p.failed(ctx, d, err)
	}

	v, err := p.hand(ctx, m)
	if err != nil {
		return err
	}
	switch {
	case v.err == nil:
		p.broken = 0
		return p.sent(ctx, d)
	case v.server:
		return &serverError{p.c.SMTP.address(), v.err}
	case v.permanent:
		return p.failed(ctx, d, v.err)
	}
	if err := p.deferred(ctx, d, v.err); err != nil {
		return err
	}
	if v.broken {
		p.broken++
	}
	return nil
}

// hand gives a mail to the server, connecting where needed. An older connection that ends before the mail went over
// says nothing about this mail (servers close idle and busy ones): it gets a second chance on a fresh one.
func (p *post) hand(ctx context.Context, m *gomail.Msg) (verdict, error) {
	for {
		fresh := p.session == nil
		if fresh {
			s, err := dial(ctx, p.c.SMTP)
			if err != nil {
				return verdict{}, err
			}
			p.session = s
		}
		v := p.session.send(m)
		if v.broken {
			p.session.cut()
			p.session = nil
		}
		if fresh || !v.broken || v.inDoubt {
			return v, nil
		}
	}
}

func (p *post) hangUp() {
	if p.session != nil {
		p.session.close()
		p.session = nil
	}
}

// sent marks a delivery at once. The mark must be written even when ctx has ended meanwhile, since the server has the
// mail; if it cannot be, the round stops, so that no more mails go out without one.
func (p *post) sent(ctx context.Context, d store.Delivery) error {
	if err := p.st.MarkSent(context.WithoutCancel(ctx), d.ID, p.now); err != nil {
		return fmt.Errorf("mark %s as sent (the server has it, the next send may repeat it): %w", d.MessageID, err)
	}
	p.r.Sent++
	return nil
}

func (p *post) deferred(ctx context.Context, d store.Delivery, reason error) error {
	if p.expired(d) {
		return p.failed(ctx, d, fmt.Errorf("given up after %d attempts: %w", d.Attempts+1, reason))
	}
	next := p.now.Add(pause(d.Attempts))
	if err := p.st.MarkAttempt(context.WithoutCancel(ctx), d.ID, reason.Error(), next, false); err != nil {
		return err
	}
	p.r.Deferred++
	p.r.Errors = append(p.r.Errors, deliveryError(d, reason))
	return nil
}

func (p *post) failed(ctx context.Context, d store.Delivery, reason error) error {
	if err := p.st.MarkAttempt(context.WithoutCancel(ctx), d.ID, reason.Error(), p.now, true); err != nil {
		return err
	}
	p.r.Failed++
	p.r.Errors = append(p.r.Errors, deliveryError(d, reason))
	return nil
}

// orphan is a delivery that the configuration no longer asks for. It is not sent, and not thrown away before its time:
// the file may be the wrong one.
func (p *post) orphan(ctx context.Context, d store.Delivery) error {
	reason := errors.New("the configuration has no such subscription, or it no longer names this recipient")
	if p.now.Sub(d.QueuedAt) > maxQueued {
		return p.failed(ctx, d, reason)
	}
	p.r.Deferred++
	p.r.Errors = append(p.r.Errors, deliveryError(d, reason))
	return nil
}

func deliveryError(d store.Delivery, reason error) error {
	return fmt.Errorf("subscription %s, change %d to %s: %w", d.Subscription, d.ChangeID, d.Recipient, reason)
}

// subscription finds the one of a delivery, if it still names the recipient.
func (c Config) subscription(d store.Delivery) (Subscription, bool) {
	i := slices.IndexFunc(c.Subscriptions, func(s Subscription) bool { return s.Name == d.Subscription })
	if i < 0 || !slices.Contains(c.Subscriptions[i].To, d.Recipient) {
		return Subscription{}, false
	}
	return c.Subscriptions[i], true
}

// pauses before the next attempt: soon enough for greylisting, rare enough for a server that is down for days.
var pauses = []time.Duration{
	5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour,
}

// pause is the one after an attempt, when so many went before it.
func pause(attempts int) time.Duration { return pauses[min(attempts, len(pauses)-1)] }

// maxQueued is how long a mail is tried; RFC 5321 (4.5.4.1) asks for 4 to 5 days at least.
const maxQueued = 7 * 24 * time.Hour

// expired says whether one more deferral is the last. Age alone is not enough: the program may not have run for days.
func (p *post) expired(d store.Delivery) bool {
	return p.now.Sub(d.QueuedAt) > maxQueued && d.Attempts+1 >= len(pauses)
}
