package socket

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const testMost = 1 << 16

// raw returns a client's frame, byte by byte: the first byte, the claimed length, and the payload.
func raw(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n <= 125:
		b = append(b, bitMask|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, bitMask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, bitMask|127), uint64(n))
	}
	key := [4]byte{1, 2, 3, 0x84}
	b = append(b, key[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^key[i&3])
	}
	return b
}

func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

// illegal are streams that a server must refuse, with the close codes: RFC 6455, sections 5 and 7.
var illegal = []struct {
	name   string
	stream []byte
	code   int
}{
	{"the first reserved bit", raw(0x80|0x40|opText, "{}"), CloseProtocol},
	{"the second reserved bit", raw(0x80|0x20|opText, "{}"), CloseProtocol},
	{"the third reserved bit", raw(0x80|0x10|opText, "{}"), CloseProtocol},
	{"all reserved bits", raw(0x80|0x70|opText, "{}"), CloseProtocol},
	{"a reserved bit of a control frame", raw(0x80|0x40|opPing, ""), CloseProtocol},
	{"opcode 3", raw(0x83, "{}"), CloseProtocol},
	{"opcode 4", raw(0x84, "{}"), CloseProtocol},
	{"opcode 5", raw(0x85, "{}"), CloseProtocol},
	{"opcode 6", raw(0x86, "{}"), CloseProtocol},
	{"opcode 7", raw(0x87, "{}"), CloseProtocol},
	{"opcode 11", raw(0x8B, ""), CloseProtocol},
	{"opcode 12", raw(0x8C, ""), CloseProtocol},
	{"opcode 13", raw(0x8D, ""), CloseProtocol},
	{"opcode 14", raw(0x8E, ""), CloseProtocol},
	{"opcode 15", raw(0x8F, ""), CloseProtocol},
	{"no mask", []byte{0x81, 2, '{', '}'}, CloseProtocol},
	{"an empty frame without a mask", []byte{0x81, 0}, CloseProtocol},
	{"a ping without a mask", []byte{0x89, 0}, CloseProtocol},
	{"a ping in parts", raw(opPing, "x"), CloseProtocol},
	{"a pong in parts", raw(opPong, "x"), CloseProtocol},
	{"a close in parts", raw(opClose, "\x03\xe8"), CloseProtocol},
	{"a ping of 126 bytes", raw(0x80|opPing, strings.Repeat("x", 126)), CloseProtocol},
	{"a close of 126 bytes", raw(0x80|opClose, strings.Repeat("x", 126)), CloseProtocol},
	{"a ping of 70,000 bytes", raw(0x80|opPing, strings.Repeat("x", 70000)), CloseProtocol},
	{"a continuation of nothing", raw(0x80|opContinuation, "{}"), CloseProtocol},
	{"a part that continues nothing", raw(opContinuation, "{}"), CloseProtocol},
	{"a continuation after a whole message", join(raw(0x80|opText, "{}"), raw(0x80|opContinuation, "{}")), CloseProtocol},
	{"a message inside another", join(raw(opText, "{"), raw(0x80|opText, "}")), CloseProtocol},
	{"a binary message inside a text", join(raw(opText, "{"), raw(0x80|opBinary, "}")), CloseProtocol},
	{"125 bytes, counted in two", []byte{0x81, bitMask | 126, 0, 125, 1, 2, 3, 4}, CloseProtocol},
	{"65,535 bytes, counted in eight", []byte{0x81, bitMask | 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4},
		CloseProtocol},
	{"2^63 bytes", []byte{0x81, bitMask | 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, CloseProtocol},
	{"all bits of a length", []byte{0x81, bitMask | 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4},
		CloseProtocol},
	{"2^62 bytes", []byte{0x81, bitMask | 127, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, CloseTooBig},
	{"a byte more than a message may have", []byte{0x81, bitMask | 127, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4}, CloseTooBig},
	{"parts that are too big together",
		join(raw(opText, strings.Repeat("x", 65000)), raw(0x80|opContinuation, strings.Repeat("x", 600))), CloseTooBig},
	{"a binary message that is too big", []byte{0x82, bitMask | 127, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4}, CloseTooBig},
	{"a byte that is not UTF-8", raw(0x80|opText, "{\"\xff\"}"), CloseInvalid},
	{"a surrogate", raw(0x80|opText, "\xed\xa0\x80"), CloseInvalid},
	{"an overlong slash", raw(0x80|opText, "\xc0\xaf"), CloseInvalid},
	{"a code point above the last", raw(0x80|opText, "\xf4\x90\x80\x80"), CloseInvalid},
	{"a text that ends in a character", raw(0x80|opText, "\xe2\x82"), CloseInvalid},
	{"parts that are not UTF-8 together", join(raw(opText, "\xe2\x82"), raw(0x80|opContinuation, "x")), CloseInvalid},
	{"bytes", raw(0x80|opBinary, "{}"), CloseUnsupported},
	{"bytes in parts", join(raw(opBinary, "{"), raw(0x80|opContinuation, "}")), CloseUnsupported},
	{"an HTTP request", []byte("GET /live HTTP/1.1\r\nHost: x\r\n\r\n"), CloseProtocol},
}

// byes are close frames, with the codes that answer them.
var byes = []struct {
	payload string
	code    int
}{
	{"", closeNone}, {"\x03", CloseProtocol}, {"\x03\xe8", 1000}, {"\x03\xe9bye", 1001}, {"\x03\xec", CloseProtocol},
	{"\x03\xed", CloseProtocol}, {"\x03\xee", CloseProtocol}, {"\x03\xf7", CloseProtocol}, {"\x00\x00", CloseProtocol},
	{"\x03\xe7", CloseProtocol}, {"\x07\xd0", CloseProtocol}, {"\x0b\xb8", 3000}, {"\x13\x87", 4999},
	{"\x13\x88", CloseProtocol},
	{"\xff\xff", CloseProtocol}, {"\x03\xe8\xff", CloseInvalid}, {"\x03\xf6", 1014},
}

// heard parses a stream in pieces of n bytes, and refuses binary messages as a Conn does.
func heard(stream []byte, n int) (got []string, err error) {
	p := parser{most: testMost}
	for piece := range slices.Chunk(bytes.Clone(stream), n) {
		err := p.take(piece, func(op byte, payload []byte) error {
			if op == opBinary {
				return failure(CloseUnsupported)
			}
			if op != opContinuation {
				got = append(got, fmt.Sprintf("%x %s", op, payload))
			}
			return nil
		})
		if err != nil {
			return got, err
		}
	}
	return got, nil
}

func TestParser(t *testing.T) {
	for _, c := range illegal {
		for _, n := range []int{1, 3, len(c.stream)} {
			if _, err := heard(c.stream, n); !errors.Is(err, failure(c.code)) {
				t.Errorf("%s, %d bytes at a time: %v, want %d", c.name, n, err, c.code)
			}
		}
	}
	for _, c := range byes {
		if code := answer([]byte(c.payload)); code != c.code {
			t.Errorf("a close frame with %q is answered with %d, want %d", c.payload, code, c.code)
		}
	}
	long := strings.Repeat("é", testMost/2)
	stream := join(
		raw(0x80|opText, "one"), raw(opText, "t"), raw(0x80|opPing, "now"), raw(opContinuation, ""),
		raw(0x80|opContinuation, "wo"),
		raw(0x80|opText, ""), raw(0x80|opText, long), raw(opText, "\xe2\x82"), raw(0x80|opContinuation, "\xac"),
		raw(0x80|opPong, ""),
		raw(0x80|opText, strings.Repeat("x", 125)), raw(0x80|opText, strings.Repeat("x", 126)),
		raw(0x80|opText, strings.Repeat("x", 65535)),
	)
	want := []string{"1 one", "9 now", "1 two", "1 ", "1 " + long, "1 €", "a ", "1 " + strings.Repeat("x", 125),
		"1 " + strings.Repeat("x", 126), "1 " + strings.Repeat("x", 65535)}
	for _, n := range []int{1, 2, 7, 4096, len(stream)} {
		if got, err := heard(stream, n); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d bytes at a time: %v, %.300q", n, err, got)
		}
	}
}

func TestText(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 65535, 65536, 100000} {
		frame := Text([]byte(strings.Repeat("a", n/2)), []byte(strings.Repeat("b", n-n/2)))
		head := []byte{0x81, byte(n)}
		if n > 65535 {
			head = binary.BigEndian.AppendUint64([]byte{0x81, 127}, uint64(n))
		} else if n > 125 {
			head = binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(n))
		}
		want := append(head, strings.Repeat("a", n/2)+strings.Repeat("b", n-n/2)...)
		if !bytes.Equal(frame, want) {
			t.Errorf("%d bytes make a frame of %d that begins with %x", n, len(frame), frame[:min(len(frame), 12)])
		}
	}
}

// FuzzParser tests that a stream has one meaning however it is cut, that texts are UTF-8, that buffers are bounded by a
// message, and that the result, encoded again, has the same meaning.
func FuzzParser(f *testing.F) {
	for _, c := range illegal {
		f.Add(c.stream[:min(len(c.stream), 4096)], 3)
	}
	f.Add(join(raw(opText, "a"), raw(0x80|opPing, "b"), raw(0x80|opContinuation, "c"), raw(0x80|opClose, "\x03\xe8")), 1)
	f.Fuzz(func(t *testing.T, stream []byte, n int) {
		whole, wholeErr := heard(stream, max(1, len(stream)))
		cut, cutErr := heard(stream, 1+max(n, -n)%64)
		if !slices.Equal(whole, cut) || !errors.Is(cutErr, wholeErr) {
			t.Errorf("whole: %q, %v; cut: %q, %v", whole, wholeErr, cut, cutErr)
		}
		const most = 64
		var again []byte
		var got []string
		small := parser{most: most}
		for piece := range slices.Chunk(bytes.Clone(stream), 1+max(n, -n)%64) {
			err := small.take(piece, func(op byte, payload []byte) error {
				if op == opText && !utf8.Valid(payload) || op&bitControl == 0 && len(payload) > most || len(payload) > maxControl {
					t.Errorf("opcode %x: %q", op, payload)
				}
				if op != opContinuation && op != opBinary {
					again = append(again, raw(bitFin|op, string(payload))...)
					got = append(got, fmt.Sprintf("%x %s", op, payload))
				}
				return nil
			})
			if len(small.message) > most || len(small.part) > 14+maxControl {
				t.Errorf("%d bytes of a message and %d of a frame are kept", len(small.message), len(small.part))
			}
			if err != nil {
				break
			}
		}
		if twice, err := heard(again, max(1, len(again))); err != nil || !slices.Equal(twice, got) {
			t.Errorf("%q came back as %q, %v", got, twice, err)
		}
	})
}

// FuzzAnswer tests that a close frame is answered with a permitted code: RFC 6455, section 7.4.
func FuzzAnswer(f *testing.F) {
	for _, c := range byes {
		f.Add([]byte(c.payload))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		switch code := answer(payload); {
		case code == closeNone && len(payload) == 0:
		case code == closeNone, code == 1004, code == 1006, code < 1000, code == 1015, code > 1015 &&
			code < 3000, code > 4999:
			t.Errorf("%q is answered with %d", payload, code)
		case code != CloseProtocol && code != CloseInvalid && code != int(binary.BigEndian.Uint16(payload)):
			t.Errorf("%q is answered with %d", payload, code)
		}
	})
}
