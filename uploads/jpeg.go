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
	// Decompressing a sample costs about two more, and each scan touches all samples.
	st.work = st.memory * int64(2+scans)
	if header.progressive {
		st.memory *= 1 + 4 // progressive samples are kept as coefficients of four bytes until all scans are read
	}
	if err := allow(st); err != nil {
		return still{}, err
	}
	st.pixels, err = jpeg.Decode(src.reader())
	return st, err
}

// maxScans bounds the scans of a JPEG. Progressive pictures have about ten; one made to harm can have one per sixty
// bytes.
const maxScans = 100

// countScans counts the start-of-scan markers of a whole file, up to maxScans. Within pixels every marker is real:
// T.81, B.1.1.5. Metadata can look like one by chance: once in 64 kB.
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
