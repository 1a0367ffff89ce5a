package views

import (
	"bytes"
	"context"
	"sync"
)

// aroundClientID is clientID before and after its value: it is all that is new on most pages.
var aroundClientID = sync.OnceValue(func() (around [2][]byte) {
	const standIn = "qqid"
	var b bytes.Buffer
	_ = clientID(standIn).Render(context.Background(), &b) // a buffer takes everything
	around[0], around[1], _ = bytes.Cut(b.Bytes(), []byte(standIn))
	return around
})

// AppendClientID appends what tells the composer's message from the next.
func AppendClientID(b []byte, id string) []byte {
	around := aroundClientID()
	return append(appendEscaped(append(b, around[0]...), id), around[1]...)
}
