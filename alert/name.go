package alert

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// The database keeps slugs. A reader of a mail gets them in a readable form; it is made from the slug alone, so an
// unknown one still reads well.

// typeNames are the types of the ontology, as a subject line says them before the status.
var typeNames = map[string]string{
	"license":       "Licence",
	"control":       "Export control",
	"listing":       "Listing",
	"investigation": "Investigation",
	"enforcement":   "Enforcement",
	"backdoor":      "Backdoor claim",
	"legislation":   "Legislation",
	"diversion":     "Diversion",
	"purchase_curb": "Purchase curb",
	"supply":        "Supply",
}

// spellings are the words of slugs that are not written with one capital.
var spellings = map[string]string{
	"bytedance": "ByteDance", "deepseek": "DeepSeek", "ofac": "OFAC", "mofcom": "MOFCOM", "mss": "MSS", "gpus": "GPUs",
	"rtx": "RTX", "nvidia": "NVIDIA", "tsmc": "TSMC", "smic": "SMIC", "asml": "ASML", "cxmt": "CXMT", "ymtc": "YMTC",
	"naura": "NAURA", "amec": "AMEC", "smee": "SMEE", "humain": "HUMAIN", "techinsights": "TechInsights",
	"aerovironment": "AeroVironment", "bafa": "BAFA", "ecju": "ECJU", "hmrc": "HMRC", "fiod": "FIOD", "meti": "METI",
	"motie": "MOTIE", "kftc": "KFTC", "uama": "UAMA", "jimddu": "JIMDDU", "moea": "MOEA", "miti": "MITI", "samr": "SAMR",
	"miit": "MIIT", "ndrc": "NDRC", "ustr": "USTR", "and": "and", "of": "of", "for": "for", "co": "Co", "lam": "Lam",
	"arm": "Arm", "new": "New", "jet": "Jet", "ke": "Ke", "san": "San",
}

// typeName says a type and status: "Licence granted".
func typeName(typ, status string) string {
	name, ok := typeNames[typ]
	if !ok {
		name = slugName(typ)
	}
	return strings.TrimSpace(name + " " + strings.ReplaceAll(status, "_", " "))
}

// slugName turns nvidia-h20 into "NVIDIA H20". Words with a digit, and short words without one, are mostly
// designations and acronyms: they get capitals.
func slugName(slug string) string {
	words := strings.FieldsFunc(slug, func(r rune) bool { return r == '-' || r == '_' })
	for i, w := range words {
		words[i] = wordName(w)
	}
	return strings.Join(words, " ")
}

func wordName(w string) string {
	if s, ok := spellings[w]; ok {
		return s
	}
	if len(w) <= 3 || strings.ContainsFunc(w, unicode.IsDigit) {
		return strings.ToUpper(w)
	}
	return strings.ToUpper(w[:1]) + w[1:]
}

// authorityName is slugName with the country spelled out, except where the letters are the usual name.
func authorityName(slug string) string {
	country, rest, ok := strings.Cut(slug, "-")
	if !ok || len(country) != 2 {
		return slugName(slug)
	}
	if country == "us" || country == "uk" || country == "eu" {
		return slugName(slug)
	}
	return countryName(strings.ToUpper(country)) + " " + slugName(rest)
}

// countryName is the English name of an ISO 3166-1 alpha-2 code, or the code where there is none.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.English.Regions().Name(region); name != "" {
		return name
	}
	return code
}

func names(slugs []string, name func(string) string) []string {
	out := make([]string, len(slugs))
	for i, s := range slugs {
		out[i] = clean(name(s), maxName)
	}
	return out
}
