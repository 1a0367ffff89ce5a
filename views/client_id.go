package views

import (
	"bytes"
	"context"
	"sync"
)

// aroundClientID is clientID before and after its value: the value is all that differs between most pages.
var aroundClientID = sync.OnceValue(func() (around [2][]byte) {
	const standIn = "qqid"
	var b bytes.Buffer
	_ = clientID(standIn).Render(context.Background(), &b) // a buffer never fails
	around[0], around[1], _ = bytes.Cut(b.Bytes(), []byte(standIn))
	return around
})

// AppendClientID appends the clientID element with this value.
func AppendClientID(b []byte, id string) []byte {
	around := aroundClientID()
	return append(appendEscaped(append(b, around[0]...), id), around[1]...)
}
