package faulttest

import (
	"flag"
	"testing"

	"chitchat/handlers/browsertest"
)

// crashes is how often TestCrash kills the program.
var crashes = flag.Int("crashes", 3, "how often TestCrash kills the program")

func TestMain(m *testing.M) { browsertest.Main(m) }

// slow is what a time limit is multiplied by: the race detector makes everything slower, and its program is built with it.
func slow() int {
	if browsertest.RaceDetector {
		return 10
	}
	return 1
}
