//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// sources counts sockets, to spread them over source addresses: each has only 28,000 ports, and a used port rests for a
// minute.
var sources atomic.Uint32

// connect opens a socket without Go's poller, and does the handshake. It sends hello, if any, as the first frame. early
// is what was received after the answer.
func connect(addr, path string, hello []byte, headers ...string) (fd int, early []byte, err error) {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return -1, nil, err
	}
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, nil, err
	}
	early, err = shake(fd, to, path, hello, headers)
	if err != nil {
		return -1, nil, errors.Join(err, unix.Close(fd))
	}
	return fd, early, nil
}

func shake(fd int, to netip.AddrPort, path string, hello []byte, headers []string) ([]byte, error) {
	n := sources.Add(1)
	from := unix.SockaddrInet4{Addr: [4]byte{127, 0, byte(1 + n/5000%200), 1}}
	timeout := unix.NsecToTimeval(patience.Nanoseconds())
	err := errors.Join(
		unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1),
		unix.Bind(fd, &from),
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout),
		unix.Connect(fd, &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}),
	)
	if err != nil {
		return nil, err
	}
	ask := request("GET", path, to.String(), nil, append(headers, "Upgrade", "websocket", "Connection", "Upgrade",
		"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")...)
	if err := sendAll(fd, ask); err != nil {
		return nil, err
	}
	var got []byte
	buf := make([]byte, 4096)
	for {
		n, err := unix.Read(fd, buf)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return nil, errors.Join(err, fmt.Errorf("the handshake was cut off after %q", got))
		}
		got = append(got, buf[:n]...)
		if head, rest, ok := bytes.Cut(got, []byte("\r\n\r\n")); ok {
			if !bytes.HasPrefix(head, []byte("HTTP/1.1 101")) {
				return nil, fmt.Errorf("the handshake was refused: %.200s", got)
			}
			if hello != nil {
				err = sendAll(fd, clientFrame(1, hello))
			}
			return rest, err
		}
	}
}

func sendAll(fd int, b []byte) error {
	for len(b) > 0 {
		n, err := unix.Write(fd, b)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		b = b[max(n, 0):]
	}
	return nil
}

// ephemeral returns a free loopback port, for a server that restarts on the same port.
func ephemeral() (string, error) {
	ln, err := listenLoopback()
	if err != nil {
		return "", err
	}
	defer ln.Close() //nolint:errcheck // no connection came
	return "127.0.0.1:" + strconv.Itoa(ln.Addr().(*net.TCPAddr).Port), nil
}

// localPort returns the local port of a socket.
func localPort(fd int) (int, error) {
	name, err := unix.Getsockname(fd)
	if err != nil {
		return 0, err
	}
	at, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return 0, errors.New("not an address of IPv4")
	}
	return at.Port, nil
}
