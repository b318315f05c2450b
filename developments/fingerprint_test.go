package developments

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const wire = `The US Commerce Department has begun to issue licences that let Nvidia sell its H20 chip to China, two people familiar with the matter said on Friday, removing a hurdle in the way of the company's sales in its fourth largest market.

The department did not answer a request for comment. Nvidia declined to comment. The decision comes a week after the company's chief met the president in Washington and argued that a ban would only help its rivals in Shenzhen.

Shares of the chipmaker rose by two percent in late trading in New York. Analysts expect sales worth several billion dollars in the quarter if deliveries start before the end of the month.`

func TestCopies(t *testing.T) {
	original := FingerprintOf("US begins to issue licences", wire)
	sentences := strings.SplitAfter(wire, ". ")
	for name, text := range map[string]string{
		"typography":      strings.NewReplacer("'", "’", ", ", " – ", "\n\n", "\n").Replace(wire),
		"capitals":        strings.ToUpper(wire),
		"full width":      strings.ReplaceAll(wire, "H20", "Ｈ２０"),
		"a credit line":   wire + "\n\n(Reporting by A. Wong.)",
		"shortened":       strings.Join(sentences[:len(sentences)-1], ""),
		"another lead":    "WASHINGTON, Aug 8 - In a turn that few had expected, " + wire,
		"a house's style": strings.NewReplacer("two percent", "2%", "said on Friday", "told this newspaper on Friday", "several billion dollars", "billions of dollars").Replace(wire),
	} {
		if !original.IsCopy(FingerprintOf("Another headline", text)) {
			t.Errorf("%s: not taken for a copy", name)
		}
	}
}

func TestOtherTexts(t *testing.T) {
	texts := []string{
		"", "Nvidia may sell H20 chips to China again.", "AMD has asked for leave to sell H200 chips to the Emirates.", wire,
		"Washington has started to hand out the permits that Nvidia needs to ship the H20 to Chinese customers, according to two people familiar with the matter. Nvidia declined to comment.",
		"美国商务部已开始向英伟达发放对华出口H20芯片的许可证，消除了该公司进入这一关键市场的障碍。", "美国商务部尚未发放任何许可证，企业仍在等待。",
	}
	for i, a := range texts {
		for _, b := range texts[:i] {
			if FingerprintOf("Title", a).IsCopy(FingerprintOf("Title", b)) {
				t.Errorf("%q is taken for a copy of %q", a, b)
			}
		}
	}
	if FingerprintOf("One title of many words", "Short.").IsCopy(FingerprintOf("Quite another headline", "Short.")) {
		t.Error("short texts under different titles are taken for copies")
	}
	if FingerprintOf("", "").IsCopy(FingerprintOf("", "?!")) {
		t.Error("no text is taken for a copy of no text")
	}
}

// Eight edited words in a text of 125 leave it a copy; one of which every other word differs is none.
func TestEdits(t *testing.T) {
	original := FingerprintOf("", wire)
	random := rand.New(rand.NewPCG(3, 5))
	copies := func(edits int) (found int) {
		for range 100 {
			fields := strings.Fields(wire)
			for n, i := range random.Perm(len(fields))[:edits] {
				fields[i] = fmt.Sprintf("edit%d", n)
			}
			if original.IsCopy(FingerprintOf("", strings.Join(fields, " "))) {
				found++
			}
		}
		return found
	}
	if got := copies(8); got < 95 {
		t.Errorf("%d of 100 copies with 8 edited words are found, want 95", got)
	}
	if got := copies(60); got > 5 {
		t.Errorf("%d of 100 texts with 60 edited words are taken for copies, want 5 at most", got)
	}
}
