package chat

import (
	"slices"
	"sync"
)

// droppedFiles are the files that a chat has dropped. The chat's own first round of expiry drops files too, whenever it
// runs.
type droppedFiles struct {
	mu  sync.Mutex
	ids []ID
}

// drop is for Options.Dropped.
func (d *droppedFiles) drop(ids []ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ids = append(d.ids, ids...)
}

func (d *droppedFiles) list() []ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.ids)
}
