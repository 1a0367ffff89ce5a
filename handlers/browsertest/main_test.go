package browsertest

import (
	"flag"
	"runtime"
	"strconv"
	"testing"
)

// TestMain lets two tests run for each processor, unless the command says how many: they wait for each other's pages
// most of the time.
func TestMain(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	Main(m)
}

// general is the slug of the channel that exists from the start.
const general = "general-talk"
