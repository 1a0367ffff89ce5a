package memory

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// said is a shortened smaps file of Linux.
const said = `00400000-00d63000 r-xp 00000000 fe:00 100  /usr/bin/chit chat
Size:               9612 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
00d63000-016ed000 r--p 00963000 fe:00 100  /usr/bin/chit chat
Anonymous:             0 kB
016ed000-0184a000 rw-p 012ed000 fe:00 100  /usr/bin/chit chat
Anonymous:           820 kB
01900000-01a00000 r-xp 00000000 fe:00 100  /usr/bin/chit chat
Anonymous:             4 kB
01b00000-zzz r-xp 00000000 fe:00 100  /usr/bin/chit chat
Anonymous:             0 kB
7fd0a9950000-7fd0a9ae0000 r-xp 00000000 00:00 0
Anonymous:             0 kB
7fd0aa950000-7fd0aaae0000 r-xp 00000000 fe:00 7  /usr/lib/libc.so.6
Anonymous:             0 kB
`

// Only unmodified code and constants are dropped.
func TestUnchanged(t *testing.T) {
	if got := unchanged(strings.NewReader(said), "/usr/bin/chit chat"); !slices.Equal(got,
		[]mapping{{0x400000, 0xd63000}, {0xd63000, 0x16ed000}}) {
		t.Errorf("%x", got)
	}
	if got := unchanged(strings.NewReader(said), "/usr/bin/other"); got != nil {
		t.Errorf("%x", got)
	}
}

// The program continues: its code is loaded from the file again.
func TestSettle(t *testing.T) {
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skip("there is no /proc here")
	}
	defer func() { _ = maps.Close() }()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if len(unchanged(maps, program)) == 0 {
		t.Error("the program's own code was not found")
	}
	for range 3 {
		Settle()
		if got := strings.Repeat("ab", 3); got != "ababab" {
			t.Error(got)
		}
	}
}
