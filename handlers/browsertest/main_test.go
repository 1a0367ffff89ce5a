package browsertest

import "testing"

func TestMain(m *testing.M) { Main(m) }

// general is the slug of the channel that exists from the start.
const general = "general-talk"
