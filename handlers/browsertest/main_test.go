package browsertest

import (
	"flag"
	"runtime"
	"strconv"
	"testing"

	"chitchat/handlers/leaktest"
)

// TestMain runs two tests per processor, unless the command says otherwise: tests mostly wait for pages.
func TestMain(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	Main(m, leaktest.Serving...)
}

// general is the slug of the default channel.
const general = "general-talk"
