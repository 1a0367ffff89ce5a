package faulttest

import (
	"flag"
	"testing"
	"time"

	"chitchat/handlers/browsertest"
)

// crashes is how often TestCrash kills the program.
var crashes = flag.Int("crashes", 3, "how often TestCrash kills the program")

func TestMain(m *testing.M) { browsertest.Main(m) }

// patience is how long anything may take: far more than it needs on a busy machine. Only a fault takes so long.
const patience = 2 * time.Minute

// eventually waits until a condition is true, and fails the test if it never is.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}
