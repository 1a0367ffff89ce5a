package uploads

import (
	"errors"
	"image/jpeg"
	"io"
)

func decodeJPEG(src source, allow func(still) error) (still, error) {
	c, err := jpeg.DecodeConfig(src.reader())
	if err != nil {
		return still{}, err
	}
	st := whole(c)
	header := readJPEG(src.reader())
	st.orientation = header.orientation
	if header.progressive {
		// Each sample waits as a coefficient of four bytes for the scans that make it precise.
		st.memory = int64(float64(st.width) * float64(st.height) * header.planes * (1 + 4))
	}
	if err := allow(st); err != nil {
		return still{}, err
	}
	st.pixels, err = jpeg.Decode(&scanLimit{r: src.reader()})
	return st, err
}

// maxScans is how often a JPEG may go over all its pixels. Progressive ones do it about ten times; one
// made to harm can ask for it with every sixty bytes. Metadata can look like a scan to scanLimit, by
// chance: once in 64 kB.
const maxScans = 100

// scanLimit counts the start-of-scan markers that pass, and fails at too many.
type scanLimit struct {
	r     io.Reader
	scans int
	last  byte
}

func (l *scanLimit) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for _, b := range p[:n] {
		if l.last == 0xFF && b == markerSOS {
			l.scans++
		}
		l.last = b
	}
	if l.scans > maxScans {
		return 0, errors.New("too many scans")
	}
	return n, err
}
