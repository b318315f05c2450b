package alert

import (
	"slices"
	"time"

	"exportwatch/developments"
	"exportwatch/store"
)

// wants says whether a change is one that the subscription asks for, whatever its age. An empty filter lets all pass.
func (s Subscription) wants(ch store.Change) bool {
	d := ch.Development
	return s.tells(ch) &&
		s.wantsType(d.Type, d.Status) &&
		overlap(s.Companies, d.Companies) &&
		overlap(s.Items, d.Items) &&
		overlap(s.Destinations, d.Destinations) &&
		overlap(s.Authorities, []string{d.Authority}) &&
		overlap(s.Sources, []string{ch.Event.Source})
}

// tells says whether the subscription hears of this kind of change.
func (s Subscription) tells(ch store.Change) bool {
	switch ch.Kind {
	case developments.ChangeNew:
		return true
	case developments.ChangeConfirmed:
		return s.Confirmed
	case developments.ChangeWithdrawn:
		return s.Withdrawn
	}
	return false
}

func (s Subscription) wantsType(typ, status string) bool {
	if len(s.Types) == 0 {
		return typ == defaultType
	}
	return slices.Contains(s.Types, typ) || slices.Contains(s.Types, typ+"/"+status)
}

func overlap(want, have []string) bool {
	return len(want) == 0 || slices.ContainsFunc(have, func(v string) bool { return slices.Contains(want, v) })
}

// isNews holds back recaps and old articles, so that a first cycle over a source sends no flood: the event is news of
// its article, and the article was published not longer than MaxAge before the change. An unknown date is old.
//
// A day without a time is inside when any moment of it is, so its age counts from its end (in UTC). A date more than
// two days in the future is a wrong date and counts as unknown; less than that may be a time zone.
func (s Subscription) isNews(ch store.Change) bool {
	if !ch.Event.Current {
		return false
	}
	published, ok := publishedAt(ch.Event.Published)
	if !ok {
		return false
	}
	age := ch.At.Sub(published)
	return age >= -maxFuture && age <= s.maxAge()
}

// maxFuture is how far ahead of the change a publication may lie: a day's end, in the easternmost time zone.
const maxFuture = 48 * time.Hour

// publishedAt reads the moment or the day of a publication; of a day it returns the end.
func publishedAt(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.AddDate(0, 0, 1), true
	}
	return time.Time{}, false
}
