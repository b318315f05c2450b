package developments

import (
	"fmt"
	"strings"
	"testing"
)

const wire = `The US Commerce Department has begun to issue licences that let Nvidia sell its H20 chip to China, two people familiar with the matter said on Friday, removing a hurdle in the way of the company's sales in its fourth largest market.

The department did not answer a request for comment. Nvidia declined to comment. The decision comes a week after the company's chief met the president in Washington and argued that a ban would only help its rivals in Shenzhen.

Shares of the chipmaker rose by two percent in late trading in New York. Analysts expect sales worth several billion dollars in the quarter if deliveries start before the end of the month.`

func TestOriginOfCopies(t *testing.T) {
	want := Origin("US begins to issue licences", wire)
	for name, text := range map[string]string{
		"typography":    strings.NewReplacer("'", "’", ", ", " – ", "\n\n", "\n").Replace(wire),
		"capitals":      strings.ToUpper(wire),
		"full width":    strings.ReplaceAll(wire, "H20", "Ｈ２０"),
		"a credit line": wire + "\n\n(Reporting by A. Wong.)",
	} {
		if got := Origin("Another headline", text); got != want {
			t.Errorf("%s: origin %s, want %s", name, got, want)
		}
	}
}

func TestOriginOfOtherTexts(t *testing.T) {
	texts := []string{
		"", "Nvidia may sell H20 chips to China again.", "Nvidia may sell H200 chips to China again.", wire,
		"美国商务部已开始向英伟达发放对华出口H20芯片的许可证，消除了该公司进入这一关键市场的障碍。", "美国商务部尚未发放任何许可证。",
	}
	seen := map[string]string{}
	for _, text := range texts {
		origin := Origin("Title", text)
		if other, ok := seen[origin]; ok {
			t.Errorf("%q and %q share the origin %s", text, other, origin)
		}
		seen[origin] = text
	}
	if Origin("One title", "Short.") == Origin("Another title", "Short.") {
		t.Error("short texts under different titles share an origin")
	}
}

// One edited word must keep the fingerprint of most copies: that is what it is for.
func TestOriginSurvivesSmallEdits(t *testing.T) {
	want := Origin("", wire)
	fields := strings.Fields(wire)
	kept := 0
	for i := range fields {
		edited := append([]string{}, fields...)
		edited[i] = fmt.Sprintf("edited%d", i)
		if Origin("", strings.Join(edited, " ")) == want {
			kept++
		}
	}
	if share := float64(kept) / float64(len(fields)); share < 0.9 {
		t.Errorf("%.0f %% of the copies with one edited word keep the origin, want 90 %% or more", 100*share)
	}
}
