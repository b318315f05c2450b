package monitor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestOutlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		later, cancel := outlive(ctx, grace)
		defer cancel()
		time.Sleep(time.Hour)
		stop()
		time.Sleep(grace - time.Nanosecond)
		synctest.Wait()
		if later.Err() != nil {
			t.Error("it ends before its time")
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if later.Err() == nil {
			t.Error("it never ends")
		}
	})
}
