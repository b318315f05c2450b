package crawler

import (
	"fmt"
	"strings"
)

// didYouMean returns a question that names the word that is nearest to a mistyped one, if any is near.
func didYouMean(word string, known []string) string {
	nearest, distance := "", 1+len(word)/2
	for _, candidate := range known {
		if d := editDistance(strings.ToLower(word), candidate); d < distance {
			nearest, distance = candidate, d
		}
	}
	if nearest == "" {
		return "; known are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf(" (did you mean %s ?)", nearest)
}

// editDistance is the number of bytes to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
