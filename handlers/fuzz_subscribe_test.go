package handlers

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"testing"
	"unicode/utf8"

	"chitchat/chat"
)

// FuzzSubscribe tests that a page's messages are refused or unambiguous: encoding the result and parsing it again
// changes nothing.
func FuzzSubscribe(f *testing.F) {
	for _, seed := range []string{
		`{"channel":"general-talk","since":12,"epoch":"abc","names":3,"list":"1z141z4","version":"aaaa"}`, `{"list":"-1"}`,
		`{"channel":"","since":-1,"epoch":"","names":-9223372036854775808}`,
		`{"since":9223372036854775807}`, `{"since":9223372036854775808}`, `{"since":1.5}`, `{"since":1e3}`, `{"since":"1"}`,
		`{"SINCE":1,"since":2}`,
		`{"channel":"\ud800\u0000"}`, `{"channel":["x"]}`, `{"read":7}`, `{"read":-7}`, `{"read":0}`,
		`{"thread":1,"since":2}`, `{"thread":-1}`, `{"thread":0,"read":3}`, `{}`, `[]`, `null`, ``,
		`{"read":7,"mark":3}`, `{"read":7,"mark":-9}`, `{"read":7,"mark":null}`, ` `, `{`, `{"a":{"a":{"a":1}}}`,
		"{\"channel\":\"\xff\"}", `{}{}`, "\ufeff{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		before := bytes.Clone(message)
		r, ok := parseSubscribeRequest(message)
		later, readOK := parseLaterMessage(message)
		if !bytes.Equal(before, message) {
			t.Fatal("the message was changed")
		}
		if !ok && r != (subscribeRequest{}) || !readOK && later != (laterMessage{}) {
			t.Fatalf("what was refused says %+v, %+v", r, later)
		}
		if first := bytes.TrimLeft(message, " \t\r\n"); (ok || readOK) && !bytes.HasPrefix(first, []byte("{")) &&
			!bytes.HasPrefix(first, []byte("null")) {
			t.Fatalf("%q was taken", message)
		}
		if !ok {
			return
		}
		if all := r.Channel + r.Epoch + r.List + r.Version; !utf8.ValidString(all) || len(all) > 3*len(message) {
			t.Fatalf("%q became %+v", message, r)
		}
		written, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if again, ok := parseSubscribeRequest(written); !ok || again != r {
			t.Fatalf("%+v came back as %+v, %v", r, again, ok)
		}
	})
}

var seqPattern = regexp.MustCompile(`^[1-9][0-9]*$`)

// FuzzFrom tests that a position has exactly one form, and that ids are parsed as they are printed.
func FuzzFrom(f *testing.F) {
	for _, seed := range []string{"", "0", "00", "1", "01", "+1", "-1", " 1", "1 ", "1_0", "0x1", "9223372036854775807",
		"9223372036854775808", "١", "1\x00", "1e3", "zz", "Zz", "-zz", "1y2p0ij32e8e7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := new(big.Int).SetString(s, 10)
		wanted := seqPattern.MatchString(s) && ok && n.IsInt64()
		seq, err := parseSeq(s)
		if wanted != (err == nil) || wanted && seq != n.Int64() || !wanted && seq != 0 {
			t.Fatalf("%q is message %d, %v", s, seq, err)
		}
		from, err := parseFrom(s)
		if (wanted || s == "0") != (err == nil) || from != seq {
			t.Fatalf("%q is from %d, %v", s, from, err)
		}
		if id, err := chat.ParseID(s); err == nil && (id <= 0 || id.String() != s) || err != nil && id != 0 {
			t.Fatalf("%q is the id %d, %v", s, id, err)
		}
	})
}
