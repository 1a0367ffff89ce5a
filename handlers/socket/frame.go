package socket

import (
	"encoding/binary"
	"unicode/utf8"
)

// The opcodes of frames, and the bits of their header: RFC 6455, section 5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA

	bitFin     = 0x80
	bitsRsv    = 0x70
	bitMask    = 0x80
	bitControl = 0x8
	maxControl = 125 // bytes in a control frame
)

// The close codes that the server sends: RFC 6455, section 7.4, and its registry.
const (
	CloseNormal      = 1000
	CloseGoingAway   = 1001
	CloseProtocol    = 1002 // not a WebSocket frame
	CloseUnsupported = 1003 // a binary message
	closeNone        = 1005 // never sent: a close frame without a code
	CloseInvalid     = 1007 // text that is not UTF-8
	ClosePolicy      = 1008
	CloseTooBig      = 1009
	CloseFailed      = 1011 // a fault of the program
	CloseRestart     = 1012
	CloseTryAgain    = 1013
)

// Text returns the frame of one text message, joined from parts.
func Text(parts ...[]byte) []byte {
	n := 0
	for _, part := range parts {
		n += len(part)
	}
	frame := appendHead(make([]byte, 0, n+10), opText, n)
	for _, part := range parts {
		frame = append(frame, part...)
	}
	return frame
}

// appendHead appends the header of a frame of n bytes from a server: final, unmasked.
func appendHead(b []byte, op byte, n int) []byte {
	b = append(b, bitFin|op)
	switch {
	case n <= maxControl:
		return append(b, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
}

func control(op byte, payload []byte) []byte {
	return append(appendHead(make([]byte, 0, 2+maxControl), op, len(payload)), payload...)
}

// failure is a close code, as an error for the client's faults.
type failure int

func (failure) Error() string { return "socket: the other side broke the protocol" }

// parser parses a client's stream into frames. Its zero value is at the start of a stream. It buffers at most one
// frame, and the message that the frames are fragments of.
type parser struct {
	most    int    // maximum bytes of a message
	part    []byte // of an incomplete frame
	message []byte // fragments of an incomplete message
	kind    byte   // of message; 0: none is incomplete
}

// take calls on for each whole message and control frame. The payload is take's again once on returns. An error is the
// code to close with, or the error of on.
func (p *parser) take(data []byte, on func(op byte, payload []byte) error) error {
	ours := p.part != nil // data is the parser's own buffer, and complete
	if ours {
		data = append(p.part, data...)
		p.part = nil
	}
	for {
		head, n, err := p.head(data)
		if err != nil {
			return err
		}
		if head == 0 || len(data)-head < n {
			if ours {
				p.part = data
			} else if len(data) > 0 {
				p.part = append([]byte(nil), data...) // without room for the rest: a header alone costs a client nothing
			}
			return nil
		}
		payload := data[head : head+n]
		unmask(payload, [4]byte(data[head-4:head]))
		if err := p.frame(data[0], payload, on); err != nil {
			return err
		}
		data, ours = data[head+n:], false
	}
}

// head parses a frame's header: its length, and that of the payload. A length of 0 means that it is incomplete.
func (p *parser) head(data []byte) (head, n int, err error) {
	if len(data) < 2 {
		return 0, 0, p.begins(data)
	}
	if err := p.begins(data[:1]); err != nil {
		return 0, 0, err
	}
	if data[1]&bitMask == 0 {
		return 0, 0, failure(CloseProtocol)
	}
	length := uint64(data[1] &^ bitMask)
	if data[0]&bitControl != 0 && length > maxControl {
		return 0, 0, failure(CloseProtocol)
	}
	head = 2
	switch length {
	case 126:
		if head += 2; len(data) < head {
			return 0, 0, nil
		}
		if length = uint64(binary.BigEndian.Uint16(data[2:])); length <= maxControl {
			return 0, 0, failure(CloseProtocol) // lengths must use the shortest form
		}
	case 127:
		if head += 8; len(data) < head {
			return 0, 0, nil
		}
		if length = binary.BigEndian.Uint64(data[2:]); length < 1<<16 || length>>63 != 0 {
			return 0, 0, failure(CloseProtocol)
		}
	}
	if data[0]&bitControl == 0 && length > uint64(p.most-len(p.message)) {
		return 0, 0, failure(CloseTooBig)
	}
	if head += 4; len(data) < head {
		return 0, 0, nil
	}
	return head, int(length), nil
}

// begins checks a frame's first byte, if it was received.
func (p *parser) begins(first []byte) error {
	if len(first) == 0 {
		return nil
	}
	op, fin := first[0]&0xF, first[0]&bitFin != 0
	known := op <= opBinary || op >= opClose && op <= opPong
	if first[0]&bitsRsv != 0 || !known || op&bitControl != 0 && !fin ||
		op == opContinuation && p.kind == 0 || (op == opText || op == opBinary) && p.kind != 0 {
		return failure(CloseProtocol)
	}
	return nil
}

func (p *parser) frame(first byte, payload []byte, on func(byte, []byte) error) error {
	op := first & 0xF
	switch {
	case op&bitControl != 0:
		return on(op, payload)
	case first&bitFin == 0:
		if op != opContinuation {
			p.kind = op
		}
		p.message = append(p.message, payload...)
		return on(opContinuation, nil)
	case op == opContinuation:
		op, payload = p.kind, append(p.message, payload...)
		p.kind, p.message = 0, nil
	}
	if op == opText && !utf8.Valid(payload) {
		return failure(CloseInvalid)
	}
	return on(op, payload)
}

func unmask(b []byte, key [4]byte) {
	word := uint64(binary.LittleEndian.Uint32(key[:]))
	word |= word << 32
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^word)
		b = b[8:]
	}
	for i := range b {
		b[i] ^= key[i&3]
	}
}

// answer returns the code with which to answer a close frame.
func answer(payload []byte) int {
	if len(payload) == 0 {
		return closeNone
	}
	if len(payload) == 1 {
		return CloseProtocol
	}
	code := int(binary.BigEndian.Uint16(payload))
	switch {
	case !utf8.Valid(payload[2:]):
		return CloseInvalid
	case code >= 1000 && code <= 1003, code >= 1007 && code <= 1014, code >= 3000 && code <= 4999:
		return code
	}
	return CloseProtocol
}
