package chat

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
)

// A row that is kept does not keep the memory of all rows that were rendered with it.
func TestRowKeepsFewOthers(t *testing.T) {
	const size, batches = 8 << 10, 40
	html := func(m Message) []byte { return bytes.Repeat([]byte(m.Body), size/len(m.Body)) }
	c := mustOpen(t, Options{RenderRow: func(b []byte, m Message) []byte { return append(b, html(m)...) }})
	list := make([]Message, maxBatch)
	for i := range list {
		list[i] = Message{Seq: int64(i), Body: fmt.Sprintf("%08d", i)}
	}
	for i, row := range c.hub.renderAll(list) {
		if row.Seq != int64(i) || !bytes.Equal(row.HTML, html(list[i])) || cap(row.HTML) != len(row.HTML) {
			t.Fatalf("row %d is %.20q, %d bytes of %d", i, row.HTML, len(row.HTML), cap(row.HTML))
		}
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // the second collection frees what a pool holds
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	var kept []Row
	for range batches {
		kept = append(kept, c.hub.renderAll(list)[maxBatch-1])
	}
	if grown := int64(heap()) - int64(before); grown > batches*maxBatch*size/4 {
		t.Errorf("%d rows of %d bytes keep %d MB", len(kept), size, grown>>20)
	}
	runtime.KeepAlive(kept)
}
