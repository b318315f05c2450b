package rules

import (
	"math/bits"
	"slices"
)

// A set of labels, or of other small numbers.
type set []uint64

// newSet returns an empty set of numbers below n.
func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(n label)           { s[n/64] |= 1 << (n % 64) }
func (s set) remove(n label)        { s[n/64] &^= 1 << (n % 64) }
func (s set) has(n label) bool      { return s[n/64]&(1<<(n%64)) != 0 }
func (s set) hasAny(l []label) bool { return slices.ContainsFunc(l, s.has) }

// all goes through the members in order.
func (s set) all(yield func(label) bool) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if !yield(label(i*64 + bits.TrailingZeros64(word))) {
				return
			}
		}
	}
}
