//go:build !race

package filetext

// raceDetector reports whether the program is built with the race detector, which takes more memory than a child has.
const raceDetector = false
