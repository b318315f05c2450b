package crawler

import "testing"

func TestKey(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"https://news.test/a", "https://news.test/a"},
		{"http://news.test/a", "https://news.test/a"},
		{"HTTPS://News.TEST:443/a#comments", "https://news.test/a"},
		{"http://news.test:80/a", "https://news.test/a"},
		{"http://news.test:443/a", "https://news.test/a"},
		{"http://news.test:8080/a", "https://news.test:8080/a"},
		{"https://news.test./a", "https://news.test/a"},
		{"https://user:secret@news.test/a", "https://news.test/a"},
		{"https://www.news.test/a", "https://www.news.test/a"},
		{"https://news.test", "https://news.test/"},
		{"https://news.test/a/", "https://news.test/a"},
		{"https://news.test/a//", "https://news.test/a"},
		{"https://news.test/a/./b/../c", "https://news.test/a/c"},
		{"https://news.test/a/%2e%2E/c", "https://news.test/c"},
		{`https:\\news.test\a`, "https://news.test/a"},
		{" https://news.test/a\n", "https://news.test/a"},
		{"https://bücher.test/Straße", "https://xn--bcher-kva.test/Stra%C3%9Fe"},
		{"https://news.test/Stra%c3%9fe", "https://news.test/Stra%C3%9Fe"},
		{"https://news.test/%61%7Eb", "https://news.test/a~b"},
		{"https://news.test/a%2Fb", "https://news.test/a%2Fb"},
		{"https://news.test/%%341", "https://news.test/%2541"},
		{"https://news.test/a?", "https://news.test/a"},
		{"https://news.test/a?id=7", "https://news.test/a?id=7"},
		{"https://news.test/a?b=2&a=1&b=1", "https://news.test/a?b=2&a=1&b=1"},
		{"https://news.test/a?UTM_Source=x&id=7&fbclid=y&", "https://news.test/a?id=7"},
		{"https://news.test/a?utm%5Fsource=x", "https://news.test/a"},
		{"https://news.test/a?at_medium=rss&at_campaign=x", "https://news.test/a"},
		{"https://news.test/a?xtor=RSS-3&mc_cid=1&mc_eid=2&gclid=3", "https://news.test/a"},
		{"https://news.test/a?ref=home&source=x&page=2", "https://news.test/a?ref=home&source=x&page=2"},
		{"https://news.test/a?utmost=1", "https://news.test/a?utmost=1"},
		{"http://[2001:DB8::1]:80/", "https://[2001:db8::1]/"},
		{"http://0x7f.1/", "https://127.0.0.1/"},
	} {
		got, err := Key(test.in)
		if err != nil || got != test.want {
			t.Errorf("Key(%q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
	for _, in := range []string{
		"", "news.test/a", "/a", "ftp://news.test/a", "mailto:a@news.test", "javascript:alert(1)", "https://",
		"https://./", "https://news.test../", "https://a b/", "https://news.test:99999/", "data:text/html,x",
	} {
		if got, err := Key(in); err == nil {
			t.Errorf("Key(%q) = %q, want an error", in, got)
		}
	}
}

func FuzzKey(f *testing.F) {
	for _, seed := range []string{
		"https://news.test/a/../b/?utm_source=x&id=%%341#f", "http://u:p@BÜCHER.test.:80//a//?&&a=%7e", "https://1.2.3../",
		"http://[::ffff:127.0.0.1]/", "https:/\\x/%2e/%", "http://a%2eb/", "https://a/;?=&==&%00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		key, err := Key(raw)
		if err != nil {
			return
		}
		again, err := Key(key)
		if err != nil || again != key {
			t.Errorf("Key(%q) = %q, whose own key is %q, %v", raw, key, again, err)
		}
	})
}

func TestResolve(t *testing.T) {
	const base = "https://news.test/tech/index.html?x=1"
	for _, test := range []struct{ ref, want string }{
		{"article?id=1", "https://news.test/tech/article?id=1"},
		{"/a/#comments", "https://news.test/a/"},
		{"//cdn.test/a", "https://cdn.test/a"},
		{"?page=2", "https://news.test/tech/index.html?page=2"},
		{"http://user:secret@other.test/a?utm_source=rss", "http://other.test/a?utm_source=rss"},
	} {
		if got, err := resolve(base, test.ref); err != nil || got != test.want {
			t.Errorf("resolve(%q) = %q, %v; want %q", test.ref, got, err, test.want)
		}
	}
	for _, ref := range []string{"mailto:a@b", "javascript:void(0)", "ftp://x/y", "http://", "https://[::1"} {
		if got, err := resolve(base, ref); err == nil {
			t.Errorf("resolve(%q) = %q, want an error", ref, got)
		}
	}
}
