package rules

// A condition is an entity, or any of a kind.
type condition struct {
	slug string
	kind label
}

// grounds are what a sentence or paragraph names for certain: the entities with all that they belong to, and their kinds.
// A name that itself needs others near is no ground for another.
type grounds struct {
	slugs map[string]bool
	kinds map[label]bool
}

func newGrounds() grounds { return grounds{map[string]bool{}, map[label]bool{}} }

func (g grounds) add(rs *Ruleset, spans []span) {
	for _, s := range spans {
		if s.entity != nil && len(s.entry.near) == 0 {
			g.kinds[s.label] = true
			g.include(rs, s.entity.Slug)
		}
	}
}

func (g grounds) include(rs *Ruleset, slug string) {
	if g.slugs[slug] {
		return
	}
	g.slugs[slug] = true
	if e := rs.entities[slug]; e != nil {
		for _, p := range e.Parents {
			g.include(rs, p)
		}
	}
}

func (g grounds) hold(c condition) bool {
	if c.slug == "" {
		return g.kinds[c.kind]
	}
	return g.slugs[c.slug]
}
