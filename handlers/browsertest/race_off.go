//go:build !race

package browsertest

// raceDetector makes the program under test be built with the race detector when the tests are.
const raceDetector = false
