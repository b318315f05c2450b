package crawler

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// didYouMean returns a question that names the word that is nearest to a mistyped one, if any is near.
func didYouMean(word string, known []string) string {
	nearest, distance := "", 1+len(word)/2
	for _, candidate := range known {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), candidate); d < distance {
			nearest, distance = candidate, d
		}
	}
	if nearest == "" {
		return "; known are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf(" (did you mean %s ?)", nearest)
}
