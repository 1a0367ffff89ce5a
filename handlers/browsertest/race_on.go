//go:build race

package browsertest

// RaceDetector reports whether the tests, and so the program under test, are built with the race detector.
const RaceDetector = true
