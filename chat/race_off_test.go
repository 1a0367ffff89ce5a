//go:build !race

package chat

// mostTimes is how many times as much as plain words a text may cost.
const mostTimes = 5
