package main

import "testing"

func TestLine(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Nvidia: Lizenz für H20", "Nvidia: Lizenz für H20"},
		{"colour", "\x1b[31mred\x1b[0m", "red"},
		{"clear screen and home", "a\x1b[2J\x1b[Hb", "ab"},
		{"window title", "a\x1b]0;owned\x07b", "ab"},
		{"link", "\x1b]8;;https://evil.test\x1b\\click\x1b]8;;\x1b\\", "click"},
		{"device control", "a\x1bP+q544e\x1b\\b", "ab"},
		{"8-bit introducer", "a\u009b31mb", "ab"},
		{"8-bit string", "a\u009d0;owned\u009cb", "ab"},
		{"reset", "a\x1bcb", "ab"},
		{"character set", "a\x1b(0b", "ab"},
		{"unterminated string", "a\x1b]0;b", "a0;b"},
		{"lone escape at the end", "a\x1b", "a"},
		{"bell, backspace, delete", "a\a\b\x7fb", "ab"},
		{"carriage return hides nothing", "true\rfalse", "true false"},
		{"line breaks and tabs", " a\n\n\tb ", "a b"},
		{"right-to-left override", "invoice\u202Efdp.exe", "invoicefdp.exe"},
		{"isolates and marks", "\u2066a\u2069\u200Fb", "ab"},
		{"line separator", "a\u2028b", "a b"},
		{"not UTF-8", "caf\xe9", "caf\uFFFD"},
		{"Chinese", "英伟达获得许可证", "英伟达获得许可证"},
		{"Hebrew stays", "רישיון יצוא", "רישיון יצוא"},
		{"family of joined emoji stays", "👩‍👧", "👩‍👧"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := line(tt.in); got != tt.want {
				t.Errorf("line(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzLines(f *testing.F) {
	f.Add("a\x1b[31mb\u009b0mc\n")
	f.Add("\x1b\x1b[[0m\x1b]\x1b\\")
	f.Fuzz(func(t *testing.T, in string) {
		for _, r := range lines(in) {
			if r != '\n' && (r < ' ' || r >= 0x7f && r <= 0x9f) {
				t.Fatalf("lines(%q) lets %U through", in, r)
			}
		}
	})
}
