package uploads

import (
	"errors"
	"testing"
)

func TestFree(t *testing.T) {
	s, _ := openStore(t, Options{})
	if n, err := s.Free(); !errors.Is(err, errors.ErrUnsupported) && (err != nil || n <= 0) {
		t.Error(n, err)
	}
}
