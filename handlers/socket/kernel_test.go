package socket

import (
	"bytes"
	"net"
	"testing"
)

// A client that does not read is detected before the kernel has buffered megabytes for it.
func TestKernelKeepsLittle(t *testing.T) {
	s := openSite(t, usual, false)
	line, e := s.dial()
	if err := line.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	must(t, line, raw(0x80|opText, "hello"))
	if _, _, err := next(line); err != nil {
		t.Fatal(err)
	}
	frame := Text(bytes.Repeat([]byte("x"), 32<<10))
	sent := 0
	for e.conn.Send(frame, 0) && sent < 16<<20 {
		sent += len(frame)
	}
	if sent > 4*kernelBuffer {
		t.Errorf("the kernel took %d bytes, want at most %d", sent, 4*kernelBuffer)
	}
}
