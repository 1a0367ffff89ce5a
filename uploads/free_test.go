package uploads

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestFree(t *testing.T) {
	s, _ := openStore(t, Options{})
	if n, err := s.Free(); !errors.Is(err, errors.ErrUnsupported) && (err != nil || n <= 0) {
		t.Error(n, err)
	}
}

// Below the reserve no file is accepted, and a file that would use the reserve is cut off.
func TestTheReserveStaysFree(t *testing.T) {
	const reserve = 10 << 20
	s, _ := openStore(t, Options{Reserve: reserve})
	free, err := int64(reserve), error(nil)
	s.free = func() (int64, error) { return free, err }
	s.Discard(mustReceive(t, s, "a.txt", []byte("the last one")))
	free--
	mustRefuse(t, s, "a.txt", strings.NewReader("one more"), NoSpace, "no room")
	mustRefuse(t, s, "a.png", bytes.NewReader(asPNG(photo(9, 9))), NoSpace, "no room")

	looks := 0
	s.free = func() (int64, error) {
		looks++
		return reserve + 3*reserveStep - int64(looks)*reserveStep, nil
	}
	c := &counter{r: repeat("", "words\n", DefaultMaxSize)}
	mustRefuse(t, s, "a.txt", c, NoSpace, "no room")
	if c.n > 5*reserveStep {
		t.Errorf("%d bytes were written until it was seen", c.n)
	}
	s.free = func() (int64, error) { return 0, errors.ErrUnsupported }
	s.Discard(mustReceive(t, s, "a.txt", []byte("a system that does not say")))
}
