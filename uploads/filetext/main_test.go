package filetext

import (
	"testing"

	"chitchat/handlers/leaktest"
)

// TestMain lets the test binary also be the child.
func TestMain(m *testing.M) {
	Main()
	leaktest.Main(m)
}
