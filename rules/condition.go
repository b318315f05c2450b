package rules

// A condition is an entity, or any of a kind.
type condition struct {
	entity *Entity // nil: any of the kind
	kind   label
}

// grounds are what a sentence or paragraph names for certain: the entities with all that they belong to, and their kinds.
// A name that itself needs others near is no ground for another.
type grounds struct {
	entities set // by their number
	kinds    set
}

func (rs *Ruleset) newGrounds() grounds {
	return grounds{newSet(len(rs.entities)), newSet(int(firstLexiconLabel))}
}

func (g grounds) clear() {
	clear(g.entities)
	clear(g.kinds)
}

func (g grounds) add(spans []span) {
	for i := range spans {
		s := &spans[i]
		if s.entity == nil || len(s.near) > 0 {
			continue
		}
		g.kinds.add(s.label)
		g.entities.add(s.entity.number)
		for _, above := range s.entity.above {
			g.entities.add(above)
		}
	}
}

func (g grounds) hold(c condition) bool {
	if c.entity == nil {
		return g.kinds.has(c.kind)
	}
	return g.entities.has(c.entity.number)
}
