//go:build !race

package browsertest

// RaceDetector makes the program under test be built with the race detector when the tests are.
const RaceDetector = false
