package developments

// MatterOf names the thread on which a development hangs: its first party and item, with destination and deciding
// country where known. A development that names neither party nor item hangs on none: the zero Matter. ID is not set.
func MatterOf(d Development) Matter {
	if len(d.Companies) == 0 && len(d.Items) == 0 {
		return Matter{}
	}
	return Matter{
		Party:       first(d.Companies),
		Item:        first(d.Items),
		Destination: first(d.Destinations),
		Country:     d.Country,
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
