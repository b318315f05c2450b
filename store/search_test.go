package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestSearchable(t *testing.T) {
	for in, want := range map[string]string{
		"Nvidia's H20": "Nvidia's H20",
		"出口管制":         " 出口 口管 管制 制 ",
		"向英伟达发放H20芯片":  " 向英 英伟 伟达 达发 发放 放 H20 芯片 片 ",
		"スーパーコンピューター。": " スー ーパ パー ーコ コン ンピ ピュ ュー ータ ター ー 。",
		"수출통제 조치":      " 수출 출통 통제 제   조치 치 ",
		"Ｈ２０ ﾁｯﾌﾟ":     "H20  チッ ップ プ ",
		"":             "",
	} {
		if got := searchable(in); got != want {
			t.Errorf("searchable(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	s, run := open(t)
	texts := map[string]string{
		"en": "The Bureau of Industry and Security's well-known rule let Société Générale's client export H20 chips.",
		"zh": "美国商务部已开始向英伟达发放对华出口H20芯片的许可证。",
		"ja": "米商務省は輸出管理規則に基づき、半導体製造装置の許可を出した。",
		"ko": "산업통상자원부는 반도체 수출통제를 강화했다.",
		"fr": "Le département du Commerce a accordé des licences à Nvidia.",
	}
	for lang, text := range texts {
		a := article(run, "harbour", "/"+lang, text, now)
		a.Article.Lang = lang
		a.Article.Title = "Headline " + lang
		save(t, s, a)
	}
	for query, want := range map[string]string{
		"H20":             "en zh",
		"h20 CHIPS":       "en",
		"chips licences":  "",
		"societe":         "en", // accents do not matter
		"département":     "fr",
		"headline":        "en fr ja ko zh",
		"well-known":      "en",
		"许可证":             "zh",
		"许可":              "zh",
		"可证":              "zh",
		"证":               "zh", // the last character before a full stop
		"许":               "zh",
		"出口许可":            "", // not neighbours in the text
		"出口 许可":           "zh",
		"英伟达H20":          "zh",
		"輸出管理":            "ja",
		"半導体製造装置":         "ja",
		"수출통제":            "ko",
		"반도체 수출":          "ko",
		"Ｈ２０":             "en zh",
		`"`:               "error",
		"":                "en fr ja ko zh", // does not narrow
		"- * ( )":         "error",
		`H20" OR "Nvidia`: "",
		"H20 OR Nvidia":   "",
		"H20 AND":         "en", // a word like others
		"title:H20":       "",
		"NEAR(H20 chips)": "",
		"chip*":           "",
		"^headline":       "en fr ja ko zh",
		"-H20":            "en zh",
		"{title} : H20":   "",
		"NOT H20":         "",
		"H20 'x":          "",
		"\x00H20":         "en zh",
		"H20\xff":         "en zh",
	} {
		t.Run(query, func(t *testing.T) {
			rows, err := s.Articles(t.Context(), Filter{Match: query})
			var langs []string
			for _, r := range rows {
				langs = append(langs, r.Lang)
			}
			slices.Sort(langs)
			got := strings.Join(langs, " ")
			if err != nil {
				got = "error"
				if !strings.Contains(err.Error(), fmt.Sprintf("%q", query)) {
					t.Errorf("error %q does not name the query", err)
				}
			}
			if got != want {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}

func FuzzMatch(f *testing.F) {
	for _, seed := range []string{`H20`, `"`, `出口管制`, `a" OR b`, "NEAR(", "\x00", "\xff\xfe", "﷽ ﷽", "ー", "-", "١٢"} {
		f.Add(seed)
	}
	s, run := open(f)
	save(f, s, article(run, "harbour", "/h20", sentence, now))
	f.Fuzz(func(t *testing.T, words string) {
		query, err := match(words)
		if err != nil {
			return
		}
		if _, err := collect(t.Context(), s.reader, scanText, `SELECT rowid FROM article_search WHERE article_search MATCH ?`, query); err != nil {
			t.Errorf("match(%q) = %q: %v", words, query, err)
		}
	})
}

// Cutting a text into runs loses nothing, and a run of any script becomes as many tokens as it has characters.
func FuzzSearchable(f *testing.F) {
	for _, seed := range []string{"出口管制", "H20芯片", "수출 통제를", "a", "ー", "é", "１", "\xff出"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var all strings.Builder
		for run, ideographic := range runs(text) {
			all.WriteString(run)
			if run == "" || ideographic && len(strings.Fields(searchable(run))) == 0 {
				t.Errorf("runs(%q) yields %q", text, run)
			}
		}
		if all.String() != text {
			t.Errorf("the runs of %q are %q", text, all.String())
		}
	})
}
