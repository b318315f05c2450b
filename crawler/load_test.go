package crawler

import (
	"testing"
)

func TestDefaultSources(t *testing.T) {
	sources, err := DefaultSources()
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 30 {
		t.Errorf("%d sources are shipped, want at least 30", len(sources))
	}
	for _, s := range sources {
		if s.Timezone == "" || s.Interval < DefaultInterval || s.Every == 0 || s.MaxArticles == 0 || s.Disabled {
			t.Errorf("%s: settings without defaults: %+v", s.ID, s)
		}
	}
}
