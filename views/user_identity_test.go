package views

import "testing"

func TestInitial(t *testing.T) {
	for name, want := range map[string]string{"ada": "A", "ʻOkina": "O", "(ops) x": "O", "7up": "7", "東京": "東", "'": "'"} {
		if got := initial(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
