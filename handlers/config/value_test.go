package config

import "testing"

func TestLifetime(t *testing.T) {
	for text, want := range map[string]string{"2160h": "2160h", "90m": "1h30m", "60m": "1h", "1m": "1m",
		"1h0m5s": "1h0m5s", "20h10m": "20h10m"} {
		var l lifetime
		if err := l.Set(text); err != nil || l.String() != want {
			t.Errorf("%q: %v, %v", text, &l, err)
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]size{"25MB": 25 << 20, "25 mb": 25 << 20, "1GB": 1 << 30, "500kb": 500 << 10,
		"12": 12, "7B": 7} {
		var s size
		if err := s.Set(text); err != nil || s != want {
			t.Errorf("%q: %d, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "MB", "-1", "1.5MB", "9999999999GB", "1TB"} {
		if err := new(size).Set(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
