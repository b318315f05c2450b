package extract

// Language is the language of a text as BCP 47, for text that no page came with. Empty: too short to tell.
func Language(text string) string { return textLanguage(text) }
