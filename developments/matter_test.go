package developments

import "testing"

func TestMatterOf(t *testing.T) {
	for _, test := range []struct {
		name string
		in   Development
		want Matter
	}{
		{"nothing to hang on", Development{Type: "control", Country: "US", Destinations: []string{"CN"}}, Matter{}},
		{
			"party and item",
			Development{Companies: []string{"nvidia"}, Items: []string{"nvidia-h20"}, Destinations: []string{"CN"}, Country: "US"},
			Matter{Party: "nvidia", Item: "nvidia-h20", Destination: "CN", Country: "US"},
		},
		{"first of several", Development{Companies: []string{"amd", "nvidia"}, Items: []string{"amd-mi308", "nvidia-h20"}}, Matter{Party: "amd", Item: "amd-mi308"}},
		{"an item alone", Development{Items: []string{"gallium"}, Country: "CN"}, Matter{Item: "gallium", Country: "CN"}},
	} {
		if got := MatterOf(test.in); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}
