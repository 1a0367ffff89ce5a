package listen

import (
	"testing"

	"chitchat/handlers/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }
