package uploads

import (
	"bufio"
	"errors"
	"image/jpeg"
	"io"
)

func decodeJPEG(src source, allow func(still) error) (still, error) {
	header := readJPEG(src.reader())
	scans, err := countScans(src.reader())
	if err != nil {
		return still{}, err
	}
	st := whole(header.width, header.height, header.planes)
	st.orientation = header.orientation
	// To undo the compression of a sample costs about two more, and each scan goes over all of them.
	st.work = st.memory * int64(2+scans)
	if header.progressive {
		st.memory *= 1 + 4 // each sample waits as a coefficient of four bytes for the scans that make it precise
	}
	if err := allow(st); err != nil {
		return still{}, err
	}
	st.pixels, err = jpeg.Decode(src.reader())
	return st, err
}

// maxScans is how often a JPEG may go over all its pixels. Progressive ones do it about ten times; one
// made to harm can ask for it with every sixty bytes.
const maxScans = 100

// countScans counts the start-of-scan markers of a whole file, at most maxScans of them. Among pixels there are none
// but the real ones: T.81, B.1.1.5. Metadata can look like a scan, by chance: once in 64 kB.
func countScans(r *bufio.Reader) (scans int, err error) {
	for {
		_, err := r.ReadSlice(0xFF)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return scans, err
		}
		if next, peekErr := r.Peek(1); err == nil && peekErr == nil && next[0] == markerSOS {
			if scans++; scans > maxScans {
				return scans, errors.New("too many scans")
			}
		}
	}
}
